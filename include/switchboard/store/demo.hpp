#pragma once

#include <string>

namespace switchboard::store {

/// What the demo contact center is made of. The JSON is that of config/demo/center.toml and history.toml.
struct demo_source {
    std::string center;
    std::string history;
    std::string fax;           // the image that its faxes carry (TIFF)
    std::string password_hash; // of everybody's password
};

/// Loads the demo in one transaction. False, and nothing done, where there are users already. Throws `unavailable`, and
/// std::runtime_error when the source names what it does not define.
bool load_demo(const std::string& url, const demo_source& source);

/// The demo was loaded into this database.
bool demo_present(const std::string& url);

} // namespace switchboard::store
