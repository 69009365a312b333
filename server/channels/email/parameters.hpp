#pragma once

#include <string>
#include <string_view>

namespace switchboard::channels::email {

/// A parameter of a raw Content-Type or Content-Disposition field, decoded as every other header is: RFC 2231 with
/// charsets and continuations, encoded words in quotes (which RFC 2047 forbids and mailers write), raw bytes. `charset`
/// is a hint for raw 8-bit text. Valid UTF-8, one line; empty = there is none.
std::string header_parameter(std::string_view field, std::string_view name, std::string_view charset);

} // namespace switchboard::channels::email
