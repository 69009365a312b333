#pragma once

#include <switchboard/store/sessions.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace switchboard::api {

/// What a sign-in may cost us (sign_in_guard).
struct sign_in_limits {
    std::int64_t wrong_by_address = 20, wrong_by_account = 10, wrong_in_total = 300; // in each `window`
    std::chrono::seconds window{300};
    std::size_t at_once_by_address = 16, at_once = 32; // under way, from places that are not known
    std::chrono::seconds place_remembered{std::chrono::days{90}};
};

struct router_options {
    std::size_t intake_bytes = 50u << 20; // the largest body of a contact
    store::session_life session;
    sign_in_limits sign_in;
    std::string public_url; // whose pages may open the live feed, beside those of the host that is asked
};

} // namespace switchboard::api
