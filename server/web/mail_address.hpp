#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace switchboard::web {

/// What stands behind MAIL FROM: and RCPT TO: (RFC 5321 4.1.2).
struct mail_path {
    std::string address;                                         // without brackets and source route; empty = <>
    std::vector<std::pair<std::string, std::string>> parameters; // names upper-case
};

/// Nothing: it is no path. Tolerates a blank behind the colon and brackets left out, as mail servers do.
std::optional<mail_path> read_path(std::string_view text);

bool is_ascii(std::string_view text);

} // namespace switchboard::web
