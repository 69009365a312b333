#pragma once

#include <string>
#include <string_view>

namespace switchboard::channels::email {

/// A header value as people read it: unfolded, encoded words (RFC 2047, also the broken forms that are seen) and raw
/// 8-bit text decoded. `charset` is a hint for raw 8-bit text. Valid UTF-8, one line.
std::string decode_header(std::string_view raw, std::string_view charset = {});

/// The same for address headers: decoded words become quoted strings, so that a comma or bracket inside a name cannot
/// change the structure of the list.
std::string decode_address_header(std::string_view raw, std::string_view charset = {});

} // namespace switchboard::channels::email
