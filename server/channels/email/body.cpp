#include "channels/email/body.hpp"

#include "channels/email/attachment_name.hpp"
#include "channels/email/charset.hpp"
#include "channels/email/header_text.hpp"
#include "channels/email/invitation.hpp"
#include "channels/email/mime_node.hpp"
#include "channels/email/opaque_signed.hpp"
#include "channels/email/pictures.hpp"
#include "channels/email/rtf.hpp"
#include "channels/email/structure.hpp"
#include "channels/email/text_parts.hpp"
#include "channels/email/tnef.hpp"

#include <switchboard/channels/html.hpp>
#include <switchboard/util/hash.hpp>
#include <switchboard/util/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace switchboard::channels::email {
namespace {

/// The words of one node of the tree; either may be empty.
struct words {
    std::string text;
    std::string html;
    bool both = false; // each of them says all that there is
};

bool is_blank(std::string_view text) {
    return trim(text).empty();
}

class body_reader {
public:
    body_reader(const limits& bounds, const std::string& charset, mail_body& out)
        : bounds_(bounds), charset_(charset), out_(out) {}

    words read(GMimeObject* node, std::size_t depth, bool root) {
        if (!enter(depth)) return {};
        if (GMIME_IS_MULTIPART(node)) return read_multipart(GMIME_MULTIPART(node), depth);
        if (GMIME_IS_MESSAGE_PART(node)) {
            attach_message(node);
            return {};
        }
        if (GMIME_IS_PART(node)) return read_leaf(GMIME_PART(node), depth, root);
        return {};
    }

    /// What a winmail.dat says: for a mail that has no words of its own.
    words packed() { return std::move(packed_); }

    /// What a calendar file says: likewise.
    words invited() { return {std::move(invited_), {}}; }

    /// Where each attachment lies by its Content-Location, and which of them stand between the texts.
    const part_places& places() const { return places_; }

private:
    bool enter(std::size_t depth) {
        if (!out_.over_limits.empty()) return false;
        if (depth > bounds_.depth) out_.over_limits = fmt::format("MIME parts nested more than {} deep", bounds_.depth);
        // The root of a multipart and each of its nodes are parts here, so leave room for them.
        if (++nodes_ > bounds_.parts + bounds_.depth + 1)
            out_.over_limits = fmt::format("more than {} MIME parts", bounds_.parts);
        return out_.over_limits.empty();
    }

    words read_multipart(GMimeMultipart* node, std::size_t depth) {
        const std::string type = media_type(GMIME_OBJECT(node));
        const int count = g_mime_multipart_get_count(node);
        if (count == 0) return read_broken(node);
        if (type == "multipart/encrypted") out_.encrypted = true;
        words all;
        bool first = true;
        std::size_t seen_files = out_.attachments.size();
        for (int i = 0; i < count; ++i) {
            GMimeObject* child = g_mime_multipart_get_part(node, i);
            if (type == "multipart/encrypted") {
                if (GMIME_IS_PART(child) && enter(depth + 1)) attach(GMIME_PART(child));
                continue;
            }
            words part = read(child, depth + 1, false);
            if (type == "multipart/alternative") {
                if (!is_blank(part.text)) append_lines(all.text, part.text);
                if (all.html.empty()) all.html = std::move(part.html);
            } else {
                if (type == "multipart/mixed" && !first && !(is_blank(part.text) && is_blank(part.html)))
                    show_between(all, seen_files);
                if (!is_blank(part.text) || !is_blank(part.html)) seen_files = out_.attachments.size();
                const auto joint = all.text.size();
                append_words(all, std::move(part), first);
                if (depth == 0 && joint > 0 && all.text.size() > joint) out_.joints.push_back(joint);
            }
            first = first && all.text.empty() && all.html.empty();
        }
        return all;
    }

    // Parts that follow each other: both views of the mail must hold all the words.
    static void append_words(words& all, words&& part, bool first) {
        if (first) {
            all = std::move(part);
            return;
        }
        if (part.text.empty() && part.html.empty()) return;
        if (!all.html.empty() || !part.html.empty()) {
            if (!all.both) { // once: a row of pages without words would cost quadratic time
                if (all.html.empty() && !is_blank(all.text)) all.html = as_html(all.text);
                if (is_blank(all.text)) all.text = html_to_text(all.html);
                all.both = true;
            }
            const std::string part_text = is_blank(part.text) ? html_to_text(part.html) : part.text;
            if (!part.html.empty()) {
                all.html += "\n" + part.html;
            } else if (!is_blank(part.text)) {
                all.html += "\n" + as_html(part.text);
            }
            append_lines(all.text, part_text);
            return;
        }
        append_lines(all.text, part.text);
    }

    /// The pictures that came since the last words, between these and the next.
    void show_between(words& all, std::size_t from) {
        for (auto i = from; i < out_.attachments.size(); ++i) {
            auto& file = out_.attachments[i];
            if (!is_shown_picture(file.type) || is_blank(all.text + all.html)) continue;
            if (all.html.empty()) all.html = as_html(all.text);
            all.html += "\n" + picture_between(file, i);
            places_.between.insert(i);
        }
    }

    static std::string as_html(std::string_view text) {
        return "<div style=\"white-space:pre-wrap\">" + escape_html(text) + "</div>";
    }

    static void append_lines(std::string& all, std::string_view more) {
        if (!all.empty() && !all.ends_with('\n')) all += '\n';
        all += more;
    }

    // A multipart whose boundary never comes: its words stand where GMime keeps the preamble.
    words read_broken(GMimeMultipart* node) {
        out_.damaged = true;
        const std::string raw =
            to_string(g_mime_multipart_get_prologue(node)) + to_string(g_mime_multipart_get_epilogue(node));
        return {unix_lines(to_utf8(raw, {})), {}};
    }

    words read_leaf(GMimePart* part, std::size_t depth, bool root) {
        GMimeObject* node = GMIME_OBJECT(part);
        const std::string type = media_type(node);
        if (GMIME_IS_MESSAGE_PARTIAL(part)) out_.partial = true;
        read_report_part(type, part);
        if (type == "application/pkcs7-mime" || type == "application/x-pkcs7-mime") return read_smime(part, depth);
        // RFC 8551 3.9: a plain file with this suffix is an S/MIME message as well.
        if (type == "application/octet-stream" && lower_ascii(file_name(node, charset_)).ends_with(".p7m"))
            return read_smime(part, depth);
        if (is_calendar(type)) {
            attach(part);
            if (invited_.empty())
                invited_ = invitation_words(to_utf8(out_.attachments.back().content, parameter(node, "charset")));
            if (!root || !invited_.empty()) return {};
            out_.attachments.pop_back(); // no calendar: its text is all there is
        }

        const std::string disposition = lower_ascii(to_string(g_mime_object_get_disposition(node)));
        // A file name without a disposition on the first part is a mailer's habit, not a file.
        const bool first_words = disposition.empty() && !words_seen_ && out_.attachments.empty();
        const bool named = !file_name(node, charset_).empty() && !first_words;
        const bool is_text = type.starts_with("text/") && (root || type == "text/plain" || type == "text/html") &&
                             type != "text/rfc822-headers";
        if (!is_text || disposition == "attachment" || (named && !root)) {
            attach(part);
            return {};
        }
        words_seen_ = true;
        return read_text(part, type);
    }

    // The file stays as it came; what it packs stands beside it, and speaks where the mail says nothing else.
    void keep_unpacked(tnef_content packed) {
        out_.damaged = out_.damaged || packed.damaged;
        for (auto& file : packed.attachments) keep(std::move(file));
        if (packed_.text.empty() && packed_.html.empty()) packed_ = {std::move(packed.text), std::move(packed.html)};
    }

    void read_report_part(const std::string& type, GMimePart* part) {
        if (type == "message/delivery-status" || type == "message/global-delivery-status")
            append_lines(out_.delivery_status, "\n" + decoded_content(part));
        if (type == "message/feedback-report" && out_.feedback.empty()) out_.feedback = decoded_content(part);
        if ((type == "message/disposition-notification" || type == "message/global-disposition-notification") &&
            out_.disposition.empty())
            out_.disposition = decoded_content(part);
        if ((type == "text/rfc822-headers" || type == "message/global-headers") && out_.original_headers.empty())
            out_.original_headers = decoded_content(part);
    }

    words read_text(GMimePart* part, const std::string& type) {
        GMimeObject* node = GMIME_OBJECT(part);
        std::string charset = parameter(node, "charset");
        // What is converted anyway is read where it lies: a text of megabytes must not be in memory three times.
        const std::string_view as_sent = plain_content(part);
        std::string bytes = as_sent.empty() ? decoded_content(part) : std::string{};
        const auto converted = [&] {
            return as_sent.empty() ? to_utf8(std::move(bytes), charset) : to_utf8(as_sent, charset);
        };
        if (type == "text/html") {
            if (charset.empty()) charset = charset_of_page(as_sent.empty() ? bytes : as_sent);
            return {{}, unix_lines(converted())};
        }
        if (type == "text/rtf") {
            attach(part); // its formatting
            auto rtf = read_rtf(as_sent.empty() ? bytes : as_sent);
            return {std::move(rtf.text), std::move(rtf.html)};
        }
        const std::size_t before = out_.attachments.size();
        std::string text;
        if (mentions(as_sent, "=ybegin ")) {
            text = unix_lines(to_utf8(extract_yenc(std::string{as_sent}, out_.attachments), charset));
        } else {
            bytes = extract_yenc(std::move(bytes), out_.attachments);
            text = unix_lines(converted());
        }
        if (parameter(node, "format") == "flowed") text = unflow(text, parameter(node, "delsp") == "yes");
        text = extract_uuencoded(std::move(text), out_.attachments);
        for (std::size_t i = before; i < out_.attachments.size(); ++i)
            out_.attachments[i].sha256 = sha256_hex(out_.attachments[i].content);
        if (mentions(text, "-----BEGIN PGP MESSAGE-----")) out_.encrypted = true;
        return {std::move(text), {}};
    }

    words read_smime(GMimePart* part, std::size_t depth) {
        attach(part);
        const std::string inner = signed_content(out_.attachments.back().content);
        if (inner.empty()) {
            const auto type = parameter(GMIME_OBJECT(part), "smime-type");
            const bool labelled = media_type(GMIME_OBJECT(part)) != "application/octet-stream";
            if (labelled ? type != "signed-data" && type != "certs-only" && type != "compressed-data"
                         : is_enveloped(out_.attachments.back().content))
                out_.encrypted = true;
            return {};
        }
        if (auto over = over_limits(inner, bounds_); !over.empty()) {
            out_.over_limits = std::move(over);
            return {};
        }
        const gobject_ptr<GMimeStream> stream{g_mime_stream_mem_new_with_buffer(inner.data(), inner.size())};
        const gobject_ptr<GMimeParser> parser{g_mime_parser_new_with_stream(stream.get())};
        const gobject_ptr<GMimeObject> content{g_mime_parser_construct_part(parser.get(), nullptr)};
        return content ? read(content.get(), depth + 1, true) : words{};
    }

    void attach(GMimePart* part) {
        GMimeObject* node = GMIME_OBJECT(part);
        attachment file;
        file.type = clean_utf8(media_type(node));
        file.name = attachment_name(file_name(node, charset_), file.type);
        file.content = file_content(part);
        file.content_id = content_id(node);
        if (auto location = decode_header(raw_field(node, "Content-Location")); !location.empty())
            places_.locations.emplace(out_.attachments.size(), std::move(location));
        const bool packed =
            file.type == "application/ms-tnef" || file.type == "application/vnd.ms-tnef" || is_tnef(file.content);
        std::optional<tnef_content> inside;
        if (packed) inside = read_tnef(file.content, bounds_.parts, bounds_.unpacked_bytes);
        keep(std::move(file));
        if (inside) keep_unpacked(std::move(*inside));
    }

    std::string file_content(GMimePart* part) {
        if (g_mime_part_get_content_encoding(part) != GMIME_CONTENT_ENCODING_UUENCODE) return decoded_content(part);
        GMimeDataWrapper* content = g_mime_part_get_content(part);
        GMimeStream* source = content ? g_mime_data_wrapper_get_stream(content) : nullptr;
        const auto sent = source ? bytes_below(source) : std::string_view{};
        auto decoded = decode_uuencoded_part(sent);
        if (!decoded.whole) out_.damaged = true;
        // Never a file of 0 bytes without a word: what cannot be decoded stays as it was sent.
        return decoded.content.empty() && !decoded.whole ? std::string(sent) : std::move(decoded.content);
    }

    void attach_message(GMimeObject* node) {
        GMimeMessage* message = g_mime_message_part_get_message(GMIME_MESSAGE_PART(node));
        attachment file;
        file.type = clean_utf8(media_type(node));
        if (message) {
            file.content = serialized(GMIME_OBJECT(message), has_crlf(node) || has_crlf(GMIME_OBJECT(message)));
            if (out_.original_headers.empty())
                out_.original_headers =
                    to_string(gstring_ptr{g_mime_object_get_headers(GMIME_OBJECT(message), nullptr)}.get());
        }
        std::string name = file_name(node, charset_);
        if (name.empty() && message) name = clean_utf8(to_string(g_mime_message_get_subject(message)));
        name = name.empty() ? "message" : std::string(truncate_utf8(name, 100));
        if (!lower_ascii(name).ends_with(".eml")) name += ".eml";
        file.name = attachment_name(name, file.type);
        file.content_id = content_id(node);
        keep(std::move(file));
    }

    void keep(attachment&& file) {
        file.sha256 = sha256_hex(file.content);
        unpacked_ += file.content.size();
        out_.attachments.push_back(std::move(file));
        if (unpacked_ > bounds_.unpacked_bytes)
            out_.over_limits = fmt::format("unpacks to more than {} bytes", bounds_.unpacked_bytes);
    }

    const limits& bounds_;
    const std::string& charset_;
    mail_body& out_;
    std::size_t nodes_ = 0;
    bool words_seen_ = false;
    std::size_t unpacked_ = 0;
    words packed_;
    std::string invited_;
    part_places places_;
};

constexpr std::size_t most_invitation = 2000; // bytes, beside other words

attachment text_file(std::string name, std::string type, std::string content) {
    attachment file;
    file.name = std::move(name);
    file.type = std::move(type);
    file.sha256 = sha256_hex(content);
    file.content = std::move(content);
    return file;
}

} // namespace

mail_body read_body(GMimeObject* root, const limits& bounds, const std::string& charset) {
    mail_body body;
    body_reader tree(bounds, charset, body);
    words all = tree.read(root, 0, true);
    if (is_blank(all.text) && is_blank(all.html)) all = tree.packed();
    // Outlook sends a page without words beside an invitation.
    if (is_blank(all.text) && (is_blank(all.html) || is_blank(html_to_text(all.html))) && !all.html.contains("<img"))
        if (auto invited = tree.invited(); !is_blank(invited.text)) all = std::move(invited);
    // Its first lines; what the calendar says at length stands in the file.
    const auto beside = tree.invited().text;
    body.invitation = truncate_utf8(beside.substr(0, beside.find("\n\n")), most_invitation);
    body.html = std::move(all.html);
    if (is_blank(all.text) && !body.html.empty()) {
        auto page = read_html(body.html);
        body.text = std::move(page.text);
        body.history = page.history;
    } else {
        body.text = std::move(all.text);
    }
    if (body.html.size() > bounds.shown_text_bytes) {
        body.attachments.push_back(text_file("message.html", "text/html", std::move(body.html)));
        body.html.clear();
    }
    place_pictures(body.html, body.attachments, tree.places());
    if (body.text.size() > bounds.shown_text_bytes) {
        const auto shown = truncate_utf8(body.text, bounds.shown_text_bytes).size();
        std::string rest = std::move(body.text);
        body.text = rest.substr(0, shown);
        rest.erase(0, shown);
        body.attachments.push_back(text_file("rest-of-the-text.txt", "text/plain", std::move(rest)));
    }
    return body;
}

} // namespace switchboard::channels::email
