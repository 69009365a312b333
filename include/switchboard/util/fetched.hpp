#pragma once

#include <expected>
#include <string>

namespace switchboard {

/// Why something of another server's did not come.
struct not_fetched {
    std::string reason;
    bool lasting = false; // asking again would change nothing
};

using fetched = std::expected<std::string, not_fetched>;

} // namespace switchboard
