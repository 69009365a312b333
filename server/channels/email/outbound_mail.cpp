#include <switchboard/channels/loop_mark.hpp>
#include <switchboard/channels/outbound_mail.hpp>

#include "channels/email/attachment_name.hpp"
#include "channels/email/gmime_ptr.hpp"
#include "channels/email/thread_index.hpp"

#include <switchboard/channels/html.hpp>
#include <switchboard/util/one_line.hpp>
#include <switchboard/util/text.hpp>

#include <algorithm>

namespace switchboard::channels {
namespace {

using namespace email;

constexpr std::size_t most_references = 20;
constexpr std::size_t longest_message_id = 500;
constexpr std::size_t longest_value = 2000;

struct format_options_free {
    void operator()(GMimeFormatOptions* options) const noexcept { g_mime_format_options_free(options); }
};
using format_options_ptr = std::unique_ptr<GMimeFormatOptions, format_options_free>;

struct date_unref {
    void operator()(GDateTime* date) const noexcept { g_date_time_unref(date); }
};

// The one gate through which every value goes into a header.
std::string field_value(std::string_view value) {
    return one_line(truncate_utf8(value, longest_value));
}

// Ids and addresses hold no blanks or brackets.
std::string bare_word(std::string_view value) {
    std::string out = field_value(value);
    std::erase_if(out, [](char c) { return c == ' ' || c == '<' || c == '>' || c == '"' || c == ','; });
    return out.size() > longest_message_id ? std::string() : out;
}

void add_addresses(InternetAddressList* list, const std::vector<mail_address>& people) {
    for (const auto& person : people) {
        const std::string name = field_value(person.name);
        const std::string address = bare_word(person.address);
        if (address.empty()) continue;
        const gobject_ptr<InternetAddress> mailbox{
            internet_address_mailbox_new(name.empty() ? nullptr : name.c_str(), address.c_str())};
        internet_address_list_add(list, mailbox.get());
    }
}

// The first reference names the thread, the newest ones its end (RFC 5322 3.6.4 allows dropping those between).
std::string fold_references(const std::vector<std::string>& references) {
    std::vector<std::string> ids;
    for (const auto& reference : references)
        if (auto id = bare_word(reference); !id.empty() && std::ranges::find(ids, id) == ids.end())
            ids.push_back(std::move(id));
    if (ids.size() > most_references)
        ids.erase(ids.begin() + 1, ids.end() - static_cast<std::ptrdiff_t>(most_references - 1));
    std::string out;
    for (const auto& id : ids) out += (out.empty() ? "<" : "\r\n <") + id + ">";
    return out;
}

/// A long word without blanks, in lines.
std::string in_lines(std::string_view word) {
    constexpr std::size_t line = 60;
    std::string out;
    for (; word.size() > line; word.remove_prefix(line)) out.append(word.substr(0, line)).append("\r\n ");
    return out.append(word);
}

void set_raw(GMimeObject* object, const char* name, const std::string& value) {
    if (value.empty()) return;
    g_mime_object_set_header(object, name, " ", nullptr);
    g_mime_header_set_raw_value(g_mime_header_list_get_header(g_mime_object_get_header_list(object), name),
                                (" " + value + "\r\n").c_str());
}

gobject_ptr<GMimePart> content_part(const char* type, const char* subtype, std::string_view bytes) {
    gobject_ptr<GMimePart> part{g_mime_part_new_with_type(type, subtype)};
    const gobject_ptr<GMimeStream> stream{g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size())};
    const gobject_ptr<GMimeDataWrapper> content{
        g_mime_data_wrapper_new_with_stream(stream.get(), GMIME_CONTENT_ENCODING_DEFAULT)};
    g_mime_part_set_content(part.get(), content.get());
    return part;
}

gobject_ptr<GMimePart> text_part(const char* subtype, std::string_view text) {
    std::string clean = clean_utf8(text);
    std::erase(clean, '\r');
    if (!clean.ends_with('\n')) clean += '\n';
    auto part = content_part("text", subtype, clean);
    g_mime_object_set_content_type_parameter(GMIME_OBJECT(part.get()), "charset", "utf-8");
    const bool ascii = std::ranges::none_of(clean, [](char c) { return (c & 0x80) != 0; });
    std::size_t longest = 0;
    for (std::size_t at = 0; at < clean.size();) {
        const auto end = clean.find('\n', at);
        longest = std::max(longest, end - at);
        at = end + 1;
    }
    // Only short ASCII lines go as they are: relays of every age keep them.
    g_mime_part_set_content_encoding(part.get(),
                                     ascii && longest <= 78 && !clean.contains("\nFrom ") && !clean.starts_with("From ")
                                         ? GMIME_CONTENT_ENCODING_7BIT
                                         : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
    return part;
}

gobject_ptr<GMimePart> file_part(const attachment& file) {
    const std::string type = lower_ascii(field_value(file.type));
    const auto slash = type.find('/');
    const bool usable = slash != std::string::npos && slash > 0 && slash + 1 < type.size() &&
                        !type.starts_with("multipart/") && !type.starts_with("message/") &&
                        type.find_first_of(" ;\"<>()@,:\\[]?=") == std::string::npos;
    auto part = usable ? content_part(type.substr(0, slash).c_str(), type.substr(slash + 1).c_str(), file.content)
                       : content_part("application", "octet-stream", file.content);
    GMimeObject* object = GMIME_OBJECT(part.get());
    g_mime_object_set_disposition(object, file.is_inline ? "inline" : "attachment");
    g_mime_part_set_filename(part.get(), attachment_name(file.name, type).c_str());
    if (const auto id = bare_word(file.content_id); !id.empty()) g_mime_object_set_content_id(object, id.c_str());
    g_mime_part_set_content_encoding(part.get(), GMIME_CONTENT_ENCODING_BASE64);
    return part;
}

gobject_ptr<GMimeObject> as_object(gobject_ptr<GMimePart> part) {
    return gobject_ptr<GMimeObject>{GMIME_OBJECT(part.release())};
}

gobject_ptr<GMimeObject> wrap(const char* subtype, gobject_ptr<GMimeObject> first,
                              std::vector<gobject_ptr<GMimeObject>> others) {
    if (others.empty()) return first;
    GMimeMultipart* multipart = g_mime_multipart_new_with_subtype(subtype);
    g_mime_multipart_add(multipart, first.get());
    for (const auto& other : others) g_mime_multipart_add(multipart, other.get());
    return gobject_ptr<GMimeObject>{GMIME_OBJECT(multipart)};
}

/// The words of a page if it has any: only they say where its links lead.
std::string plain_words(const outbound_mail& mail) {
    auto words = mail.html.empty() ? std::string() : html_to_text(mail.html);
    if (words.empty()) words = mail.text;
    return mail.signature.empty() ? words : words + "\n\n-- \n" + mail.signature;
}

std::string page_of(const outbound_mail& mail) {
    if (mail.signature.empty()) return mail.html;
    std::string lines = escape_html(mail.signature);
    for (auto at = lines.find('\n'); at != std::string::npos; at = lines.find('\n', at + 5))
        lines.replace(at, 1, "<br>\n");
    return mail.html + "\n<p>-- <br>\n" + lines + "</p>";
}

gobject_ptr<GMimeObject> body_of(const outbound_mail& mail) {
    std::vector<gobject_ptr<GMimeObject>> pictures, files, alternatives;
    for (const auto& file : mail.attachments) {
        const bool picture = file.is_inline && !file.content_id.empty() && !mail.html.empty();
        (picture ? pictures : files).push_back(as_object(file_part(file)));
    }
    if (!mail.html.empty())
        alternatives.push_back(wrap("related", as_object(text_part("html", page_of(mail))), std::move(pictures)));
    auto words = wrap("alternative", as_object(text_part("plain", plain_words(mail))), std::move(alternatives));
    return wrap("mixed", std::move(words), std::move(files));
}

} // namespace

std::string to_rfc5322(const outbound_mail& mail) {
    start_gmime();
    const gobject_ptr<GMimeMessage> message{g_mime_message_new(TRUE)};
    GMimeObject* header = GMIME_OBJECT(message.get());

    add_addresses(g_mime_message_get_from(message.get()), {mail.from});
    add_addresses(g_mime_message_get_reply_to(message.get()), mail.reply_to);
    add_addresses(g_mime_message_get_to(message.get()), mail.to);
    add_addresses(g_mime_message_get_cc(message.get()), mail.cc);
    g_mime_message_set_subject(message.get(), field_value(mail.subject).c_str(), "utf-8");
    const auto seconds = std::chrono::floor<std::chrono::seconds>(mail.date).time_since_epoch().count();
    const std::unique_ptr<GDateTime, date_unref> date{g_date_time_new_from_unix_utc(seconds)};
    if (date) g_mime_message_set_date(message.get(), date.get());
    if (const auto id = bare_word(mail.message_id); !id.empty())
        g_mime_message_set_message_id(message.get(), id.c_str());
    if (const auto id = bare_word(mail.in_reply_to); !id.empty()) set_raw(header, "In-Reply-To", "<" + id + ">");
    set_raw(header, "References", fold_references(mail.references));
    if (const auto topic = field_value(mail.thread_topic); !topic.empty())
        g_mime_object_set_header(header, "Thread-Topic", topic.c_str(), "utf-8");
    set_raw(header, "Thread-Index", in_lines(answering_index(mail.answered_index, mail.date, mail.message_id)));
    set_raw(header, "Auto-Submitted", bare_word(mail.auto_submitted));
    set_raw(header, std::string{loop_field}.c_str(), bare_word(mail.loop_mark));
    g_mime_object_set_header(header, "MIME-Version", "1.0", nullptr);
    const auto body = body_of(mail);
    g_mime_message_set_mime_part(message.get(), body.get());

    const format_options_ptr options{g_mime_format_options_new()};
    g_mime_format_options_set_newline_format(options.get(), GMIME_NEWLINE_FORMAT_DOS);
    g_mime_format_options_set_param_encoding_method(options.get(), GMIME_PARAM_ENCODING_METHOD_RFC2231);
    const gobject_ptr<GMimeStream> out{g_mime_stream_mem_new()};
    g_mime_object_write_to_stream(header, options.get(), out.get());
    std::string bytes = bytes_of(out.get());
    if (!bytes.ends_with("\r\n")) bytes += "\r\n";
    return bytes;
}

} // namespace switchboard::channels
