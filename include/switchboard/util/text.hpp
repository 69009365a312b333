#pragma once

#include <string>
#include <string_view>

namespace switchboard {

/// Valid UTF-8 without NUL, from bytes that claim to be UTF-8: broken sequences become U+FFFD, NUL and unpaired
/// surrogates are dropped. The one place where text is made fit for PostgreSQL and JSON.
std::string clean_utf8(std::string_view bytes);

/// Cuts to at most `max_bytes` bytes without splitting a character.
std::string_view truncate_utf8(std::string_view text, std::size_t max_bytes);

/// ASCII lower case; other bytes stay.
std::string lower_ascii(std::string_view text);

/// Without leading and trailing white space (ASCII).
std::string_view trim(std::string_view text);

} // namespace switchboard
