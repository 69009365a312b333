#include "channels/email/mime_node.hpp"

#include "channels/email/parameters.hpp"

#include <switchboard/util/text.hpp>

#include <array>
#include <memory>

namespace switchboard::channels::email {

std::string raw_field(GMimeObject* node, const char* name) {
    GMimeHeader* header = g_mime_header_list_get_header(g_mime_object_get_header_list(node), name);
    return header ? to_string(g_mime_header_get_raw_value(header)) : std::string();
}

std::string parameter(GMimeObject* node, const char* name) {
    return lower_ascii(to_string(g_mime_object_get_content_type_parameter(node, name)));
}

std::string media_type(GMimeObject* node) {
    GMimeContentType* type = g_mime_object_get_content_type(node);
    if (!type) return "text/plain";
    return lower_ascii(to_string(g_mime_content_type_get_media_type(type))) + "/" +
           lower_ascii(to_string(g_mime_content_type_get_media_subtype(type)));
}

std::string_view plain_content(GMimePart* part) {
    GMimeDataWrapper* content = g_mime_part_get_content(part);
    GMimeStream* source = content ? g_mime_data_wrapper_get_stream(content) : nullptr;
    if (!source) return {};
    switch (g_mime_data_wrapper_get_encoding(content)) {
    case GMIME_CONTENT_ENCODING_BASE64:
    case GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE:
    case GMIME_CONTENT_ENCODING_UUENCODE:
        return {};
    default:
        return bytes_below(source);
    }
}

/// Read straight into the string: a large file must not be in memory three times.
std::string decoded_content(GMimePart* part) {
    GMimeDataWrapper* content = g_mime_part_get_content(part);
    GMimeStream* source = content ? g_mime_data_wrapper_get_stream(content) : nullptr;
    if (!source) return {};
    g_mime_stream_reset(source);
    const gobject_ptr<GMimeStream> decoded{g_mime_stream_filter_new(source)};
    switch (const auto encoding = g_mime_data_wrapper_get_encoding(content)) {
    case GMIME_CONTENT_ENCODING_BASE64:
    case GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE:
    case GMIME_CONTENT_ENCODING_UUENCODE: {
        const gobject_ptr<GMimeFilter> filter{g_mime_filter_basic_new(encoding, FALSE)};
        g_mime_stream_filter_add(GMIME_STREAM_FILTER(decoded.get()), filter.get());
        break;
    }
    default:
        break;
    }
    std::string out;
    if (const auto length = g_mime_stream_length(source); length > 0) out.reserve(static_cast<std::size_t>(length));
    std::array<char, 16384> block;
    for (;;) {
        const auto got = g_mime_stream_read(decoded.get(), block.data(), block.size());
        if (got <= 0) break;
        out.append(block.data(), static_cast<std::size_t>(got));
    }
    return out;
}

bool has_crlf(GMimeObject* node) {
    GMimeHeaderList* headers = g_mime_object_get_header_list(node);
    if (g_mime_header_list_get_count(headers) == 0) return false;
    return to_string(g_mime_header_get_raw_value(g_mime_header_list_get_header_at(headers, 0))).ends_with("\r\n");
}

std::string serialized(GMimeObject* node, bool crlf) {
    const auto free = [](GMimeFormatOptions* o) { g_mime_format_options_free(o); };
    const std::unique_ptr<GMimeFormatOptions, decltype(free)> options{g_mime_format_options_new(), free};
    g_mime_format_options_set_newline_format(options.get(),
                                             crlf ? GMIME_NEWLINE_FORMAT_DOS : GMIME_NEWLINE_FORMAT_UNIX);
    const gobject_ptr<GMimeStream> out{g_mime_stream_mem_new()};
    g_mime_object_write_to_stream(node, options.get(), out.get());
    return bytes_of(out.get());
}

std::string charset_of_page(std::string_view html) {
    const std::string head = lower_ascii(html.substr(0, 2048));
    const auto meta = head.find("<meta");
    const auto at = meta == std::string::npos ? meta : head.find("charset=", meta);
    if (at == std::string::npos) return {};
    const auto begin = head.find_first_not_of(" \"'", at + 8);
    if (begin == std::string::npos) return {};
    return head.substr(begin, head.find_first_of(" \"'>;/", begin) - begin);
}

std::string file_name(GMimeObject* node, const std::string& charset) {
    auto name = header_parameter(raw_field(node, "Content-Disposition"), "filename", charset);
    return name.empty() ? header_parameter(raw_field(node, "Content-Type"), "name", charset) : name;
}

bool is_calendar(std::string_view type) {
    return type == "text/calendar" || type == "application/ics";
}

bool is_shown_picture(std::string_view type) {
    return type == "image/jpeg" || type == "image/jpg" || type == "image/png" || type == "image/gif" ||
           type == "image/webp";
}

std::string content_id(GMimeObject* node) {
    std::string id = clean_utf8(trim(to_string(g_mime_object_get_content_id(node))));
    std::erase_if(id, [](char c) { return c == '<' || c == '>'; });
    return id;
}

} // namespace switchboard::channels::email
