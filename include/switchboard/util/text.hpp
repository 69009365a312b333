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

/// Lower case in every script, by no language's own rules; `text` is UTF-8.
std::string lower_utf8(std::string_view text);

/// Without leading and trailing white space (ASCII).
std::string_view trim(std::string_view text);

/// Takes the next line from `rest`, without its line end (LF or CRLF).
std::string_view take_line(std::string_view& rest);

/// Of ASCII, whatever the locale.
constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// What a hexadecimal digit counts; -1 for another character.
constexpr int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

} // namespace switchboard
