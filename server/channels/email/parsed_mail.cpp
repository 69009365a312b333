#include "channels/email/parsed_mail.hpp"

#include "channels/email/structure.hpp"

#include <switchboard/util/text.hpp>

namespace switchboard::channels::email {
namespace {

void note_warning(gint64, GMimeParserWarning warning, const gchar*, gpointer damaged) {
    switch (warning) {
    case GMIME_WARN_MALFORMED_MULTIPART:
    case GMIME_WARN_TRUNCATED_MESSAGE:
    case GMIME_WARN_MALFORMED_MESSAGE:
    case GMIME_CRIT_MULTIPART_WITHOUT_BOUNDARY:
    case GMIME_CRIT_NESTING_OVERFLOW:
    case GMIME_CRIT_PART_WITHOUT_HEADERS_OR_CONTENT:
        *static_cast<bool*>(damaged) = true;
        break;
    default:
        break; // odd, and nothing is lost by it
    }
}

/// The boundary that a multipart uses although its header names none or another: the first line that looks like one.
std::string guess_boundary(GMimeObject* root) {
    if (!GMIME_IS_MULTIPART(root) || g_mime_multipart_get_count(GMIME_MULTIPART(root)) > 0) return {};
    GMimeMultipart* parts = GMIME_MULTIPART(root);
    const std::string raw =
        to_string(g_mime_multipart_get_prologue(parts)) + to_string(g_mime_multipart_get_epilogue(parts));
    for (std::string_view rest = raw; !rest.empty();) {
        const auto end = rest.find('\n');
        const auto line = rest.substr(0, end);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        const auto mark = trim(line);
        // What follows a boundary is a field or an empty line.
        const auto next = trim(rest.substr(0, rest.find('\n')));
        const bool header = next.empty() || lower_ascii(next.substr(0, 8)) == "content-";
        if (line.starts_with("--") && mark.size() > 2 && mark.size() < 73 && !mark.ends_with("--") && header &&
            mark.find_first_of("\"\\") == std::string_view::npos)
            return std::string(mark.substr(2));
    }
    return {};
}

/// The mail with the boundary that it uses.
std::string with_boundary(std::string_view mail, GMimeObject* root, const std::string& boundary) {
    const std::string subtype = to_string(g_mime_content_type_get_media_subtype(g_mime_object_get_content_type(root)));
    std::string out = "Content-Type: multipart/" + subtype + "; boundary=\"" + boundary + "\"\n";
    auto header = header_block(mail);
    const auto body = mail.substr(header.size());
    bool skipping = false;
    while (!header.empty()) {
        const auto end = header.find('\n');
        const auto line = header.substr(0, end == std::string_view::npos ? header.size() : end + 1);
        header.remove_prefix(line.size());
        if (!line.starts_with(' ') && !line.starts_with('\t'))
            skipping = lower_ascii(line.substr(0, 13)) == "content-type:";
        if (!skipping) out += line;
    }
    return out.append(body);
}

// The charset of the first text part: what raw 8-bit headers are most likely written in.
std::string charset_of(GMimeObject* node, int depth = 0) {
    if (GMIME_IS_MULTIPART(node) && depth < 8 && g_mime_multipart_get_count(GMIME_MULTIPART(node)) > 0)
        return charset_of(g_mime_multipart_get_part(GMIME_MULTIPART(node), 0), depth + 1);
    return GMIME_IS_PART(node) ? to_string(g_mime_object_get_content_type_parameter(node, "charset")) : std::string();
}

} // namespace

parsed_mail::parsed_mail(std::string_view mail, const limits& bounds) : mail_{mail}, stream_{mail} {
    parse(stream_);
    const auto boundary = root() ? guess_boundary(root()) : std::string();
    if (boundary.empty()) return;
    mended_ = with_boundary(mail, root(), boundary);
    if (!over_limits(mended_, bounds).empty()) return;
    message_.reset();
    mended_stream_.emplace(mended_);
    parse(*mended_stream_);
    damaged_ = true;
}

void parsed_mail::parse(const borrowed_stream& stream) {
    const gobject_ptr<GMimeParser> parser{g_mime_parser_new_with_stream(stream.get())};
    const parser_options_ptr options{g_mime_parser_options_new()};
    g_mime_parser_options_set_warning_callback(options.get(), note_warning, &damaged_);
    message_.reset(g_mime_parser_construct_message(parser.get(), options.get()));
}

GMimeObject* parsed_mail::root() const {
    return message_ ? g_mime_message_get_mime_part(message_.get()) : nullptr;
}

std::string parsed_mail::charset() const {
    auto of_text = charset_of(root());
    const auto folded = lower_ascii(of_text);
    if (!of_text.empty() && folded != "us-ascii" && folded != "utf-8") return of_text;
    const auto header = header_block(mail_);
    const auto word = header.find("=?");
    const auto end = word == std::string_view::npos ? word : header.find('?', word + 2);
    if (end == std::string_view::npos || end - word > 60) return of_text;
    return std::string(header.substr(word + 2, end - word - 2));
}

} // namespace switchboard::channels::email
