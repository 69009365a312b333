#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace switchboard::channels {

enum class plus_sign { is_space, stays };

/// Percent-decoding; what is not a valid %XX stays as it is.
std::string url_decode(std::string_view text, plus_sign plus);

/// The pairs of an application/x-www-form-urlencoded body, decoded, in their order; at most `max_pairs`.
std::vector<std::pair<std::string, std::string>> parse_urlencoded(std::string_view body, std::size_t max_pairs);

/// "text/html; charset=utf-8" taken apart: media type in lower case, one parameter unquoted ("" = not there).
std::string media_type(std::string_view content_type);
std::string header_parameter(std::string_view header, std::string_view name);

/// One part of multipart/form-data.
struct form_part {
    std::string name;
    std::string filename; // filename* first; without folders
    std::string type;     // media type, lower-case; "" = none said
    std::string content;  // Content-Transfer-Encoding: base64 undone
};

/// The parts of a multipart/form-data body (RFC 7578), at most `max_parts`. A missing last boundary is forgiven: the
/// part that it would have ended is kept. The error says what is wrong.
std::expected<std::vector<form_part>, std::string> parse_multipart(std::string_view body, std::string_view content_type,
                                                                   std::size_t max_parts);

} // namespace switchboard::channels
