#include "channels/form.hpp"

#include <switchboard/util/hash.hpp>
#include <switchboard/util/text.hpp>

namespace switchboard::channels {

namespace {

constexpr std::size_t longest_part_header = 16u << 10;
constexpr std::size_t longest_filename = 255;

/// The last component of a path in either slash style; a sender's folders are none of our business.
std::string base_name(std::string name) {
    const auto slash = name.find_last_of("/\\");
    if (slash != std::string::npos) name.erase(0, slash + 1);
    return std::string(truncate_utf8(name, longest_filename));
}

void read_part_header(std::string_view line, form_part& part, std::string& encoding) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return;
    const auto name = lower_ascii(trim(line.substr(0, colon)));
    const auto value = trim(line.substr(colon + 1));
    if (name == "content-type") part.type = media_type(value);
    if (name == "content-transfer-encoding") encoding = lower_ascii(value);
    if (name != "content-disposition") return;
    part.name = header_parameter(value, "name");
    part.filename = base_name(header_parameter(value, "filename"));
    // RFC 5987: charset'language'percent-encoded. Only UTF-8 is worth honouring.
    const auto extended = header_parameter(value, "filename*");
    const auto second_quote = extended.find('\'', extended.find('\'') + 1);
    if (lower_ascii(extended).starts_with("utf-8'") && second_quote != std::string::npos)
        part.filename = base_name(url_decode(std::string_view(extended).substr(second_quote + 1), plus_sign::stays));
}

form_part read_part(std::string_view bytes) {
    form_part part;
    std::string encoding;
    std::size_t header_bytes = 0;
    while (!bytes.empty() && header_bytes < longest_part_header) {
        const auto line = take_line(bytes);
        if (line.empty()) break;
        header_bytes += line.size();
        read_part_header(line, part, encoding);
    }
    if (encoding != "base64" || !base64_decode(bytes, part.content)) part.content = std::string(bytes);
    return part;
}

/// The start of the next line that begins with the delimiter; npos if there is none.
std::size_t find_delimiter(std::string_view body, std::string_view delimiter, std::size_t from) {
    for (auto at = body.find(delimiter, from); at != std::string_view::npos; at = body.find(delimiter, at + 1))
        if (at == 0 || body[at - 1] == '\n') return at;
    return std::string_view::npos;
}

} // namespace

std::string url_decode(std::string_view text, plus_sign plus) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0) {
            out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
            i += 2;
        } else {
            out += text[i] == '+' && plus == plus_sign::is_space ? ' ' : text[i];
        }
    }
    return out;
}

std::vector<std::pair<std::string, std::string>> parse_urlencoded(std::string_view body, std::size_t max_pairs) {
    std::vector<std::pair<std::string, std::string>> pairs;
    while (!body.empty() && pairs.size() < max_pairs) {
        const auto end = body.find('&');
        const auto pair = body.substr(0, end);
        body.remove_prefix(end == std::string_view::npos ? body.size() : end + 1);
        if (pair.empty()) continue;
        const auto equals = pair.find('=');
        const auto value = equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
        pairs.emplace_back(url_decode(pair.substr(0, equals), plus_sign::is_space),
                           url_decode(value, plus_sign::is_space));
    }
    return pairs;
}

std::string media_type(std::string_view content_type) {
    return lower_ascii(trim(content_type.substr(0, content_type.find(';'))));
}

std::string header_parameter(std::string_view header, std::string_view name) {
    auto at = header.find(';');
    while (at != std::string_view::npos && at < header.size()) {
        const auto equals = header.find('=', at);
        if (equals == std::string_view::npos) return "";
        const auto key = lower_ascii(trim(header.substr(at + 1, equals - at - 1)));
        std::string value;
        auto i = equals + 1;
        while (i < header.size() && header[i] == ' ') ++i;
        if (i < header.size() && header[i] == '"') {
            for (++i; i < header.size() && header[i] != '"'; ++i) {
                // Only \" and \\ are escapes: old browsers send C:\path with bare backslashes.
                if (header[i] == '\\' && i + 1 < header.size() && (header[i + 1] == '"' || header[i + 1] == '\\')) ++i;
                value += header[i];
            }
            at = header.find(';', i);
        } else {
            at = header.find(';', i);
            value = trim(header.substr(i, at == std::string_view::npos ? at : at - i));
        }
        if (key == name) return value;
    }
    return "";
}

std::expected<std::vector<form_part>, std::string> parse_multipart(std::string_view body, std::string_view content_type,
                                                                   std::size_t max_parts) {
    auto boundary = header_parameter(content_type, "boundary");
    if (boundary.empty() && body.starts_with("--")) {
        // A sender that forgot to say its boundary still begins with it.
        auto rest = body;
        boundary = std::string(trim(take_line(rest).substr(2)));
    }
    if (boundary.empty() || boundary.size() > 200) return std::unexpected("the multipart boundary is missing");
    const auto delimiter = "--" + boundary;
    auto at = find_delimiter(body, delimiter, 0);
    if (at == std::string_view::npos) return std::unexpected("the multipart boundary does not occur in the body");

    std::vector<form_part> parts;
    while (at != std::string_view::npos) {
        auto rest = body.substr(at + delimiter.size());
        if (rest.starts_with("--")) break;
        if (parts.size() == max_parts) return std::unexpected("too many parts");
        take_line(rest);
        const auto start = body.size() - rest.size();
        const auto next = find_delimiter(body, delimiter, start);
        auto content = rest.substr(0, next == std::string_view::npos ? next : next - start);
        if (next != std::string_view::npos) { // the line break before a delimiter belongs to it
            if (content.ends_with('\n')) content.remove_suffix(1);
            if (content.ends_with('\r')) content.remove_suffix(1);
        }
        parts.push_back(read_part(content));
        at = next;
    }
    return parts;
}

} // namespace switchboard::channels
