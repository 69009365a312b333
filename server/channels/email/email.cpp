#include "channels/email/email.hpp"

#include "channels/email/addresses.hpp"
#include "channels/email/authentication.hpp"
#include "channels/email/author.hpp"
#include "channels/email/body.hpp"
#include "channels/email/bounce.hpp"
#include "channels/email/charset.hpp"
#include "channels/email/forwarded.hpp"
#include "channels/email/header_text.hpp"
#include "channels/email/headers.hpp"
#include "channels/email/language.hpp"
#include "channels/email/lists.hpp"
#include "channels/email/machine.hpp"
#include "channels/email/raw_mail.hpp"
#include "channels/email/recall.hpp"
#include "channels/email/reply_marks.hpp"
#include "channels/email/reply_trim.hpp"
#include "channels/email/structure.hpp"
#include "channels/email/text_parts.hpp"
#include "channels/email/thread_index.hpp"
#include "channels/email/tnef.hpp"
#include "channels/json_fields.hpp"
#include "channels/mail_webhooks/ses_outcome.hpp"
#include "channels/records.hpp"

#include <switchboard/channels/html.hpp>
#include <switchboard/channels/loop_mark.hpp>
#include <switchboard/util/hash.hpp>
#include <switchboard/util/text.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>

namespace switchboard::channels {
namespace {

using namespace email;

constexpr std::size_t most_recipients = 1000;
constexpr std::size_t longest_report = 4000; // of the words of a bounce that its event shows

inbound_contact unreadable_mail(std::string_view mail, std::string reason) {
    inbound_contact contact;
    contact.channel = "email";
    contact.external_id = "sha256:" + content_hash(mail);
    contact.quarantine = std::move(reason);
    return contact;
}

struct envelope {
    std::vector<std::string> recipients;
    std::optional<std::string> sender; // empty string: the null sender of bounces
};

envelope read_envelope(const raw_input& input) {
    envelope out;
    for (const auto& [name, value] : input.query) {
        if (name == "rcpt" && out.recipients.size() < most_recipients)
            out.recipients.push_back(canonical_address(value));
        if (name == "mail_from") out.sender = canonical_address(value);
    }
    return out;
}

struct parse_notes {
    bool damaged = false;
};

void note_warning(gint64, GMimeParserWarning warning, const gchar*, gpointer notes) {
    switch (warning) {
    case GMIME_WARN_MALFORMED_MULTIPART:
    case GMIME_WARN_TRUNCATED_MESSAGE:
    case GMIME_WARN_MALFORMED_MESSAGE:
    case GMIME_CRIT_MULTIPART_WITHOUT_BOUNDARY:
    case GMIME_CRIT_NESTING_OVERFLOW:
    case GMIME_CRIT_PART_WITHOUT_HEADERS_OR_CONTENT:
        static_cast<parse_notes*>(notes)->damaged = true;
        break;
    default:
        break; // odd, and nothing is lost by it
    }
}

/// `stream` must outlive the message, whose parts are read from it.
gobject_ptr<GMimeMessage> parse(const borrowed_stream& stream, parse_notes& notes) {
    const gobject_ptr<GMimeParser> parser{g_mime_parser_new_with_stream(stream.get())};
    const parser_options_ptr options{g_mime_parser_options_new()};
    g_mime_parser_options_set_warning_callback(options.get(), note_warning, &notes);
    return gobject_ptr<GMimeMessage>{g_mime_parser_construct_message(parser.get(), options.get())};
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

/// What the mail declares somewhere, for what it does not declare: its text's charset, else that of an encoded word.
std::string declared_charset(GMimeObject* root, std::string_view mail) {
    auto of_text = charset_of(root);
    const auto folded = lower_ascii(of_text);
    if (!of_text.empty() && folded != "us-ascii" && folded != "utf-8") return of_text;
    const auto header = header_block(mail);
    const auto word = header.find("=?");
    const auto end = word == std::string_view::npos ? word : header.find('?', word + 2);
    if (end == std::string_view::npos || end - word > 60) return of_text;
    return std::string(header.substr(word + 2, end - word - 2));
}

party read_sender(const mail_headers& headers, const envelope& via) {
    for (const std::string_view field : {"from", "sender", "return-path"}) {
        std::optional<party> nameless;
        for (const std::string* raw : headers.all(field)) {
            for (auto& candidate : parse_addresses(*raw, headers.charset())) {
                if (!candidate.kind.empty()) return candidate;
                if (!nameless && field == "from") nameless = candidate;
            }
        }
        // A From that names somebody without an address ("System Administrator") still says who it was.
        if (nameless) return *nameless;
    }
    if (via.sender && via.sender->contains('@')) return {"email", *via.sender, ""};
    return {};
}

std::vector<party> read_parties(const mail_headers& headers, std::string_view field) {
    std::vector<party> out;
    for (const std::string* raw : headers.all(field)) {
        for (auto& candidate : parse_addresses(*raw, headers.charset())) {
            if (!candidate.kind.empty() && out.size() < most_recipients &&
                std::ranges::find(out, candidate.value, &party::value) == out.end())
                out.push_back(std::move(candidate));
        }
    }
    return out;
}

std::optional<timestamp> read_date(const mail_headers& headers) {
    const std::string text = headers.text("date");
    if (text.empty()) return std::nullopt;
    GDateTime* date = g_mime_utils_header_decode_date(text.c_str());
    if (!date) return std::nullopt;
    const std::chrono::seconds seconds{g_date_time_to_unix(date)};
    g_date_time_unref(date);
    // A zero or a five-digit year is a broken clock, not a moment.
    if (seconds.count() <= 0 || seconds.count() >= 253402300800) return std::nullopt;
    return timestamp{seconds};
}

std::string subject_token(std::string_view subject) {
    for (auto at = subject.find("[#"); at != std::string_view::npos; at = subject.find("[#", at + 2)) {
        const auto end = subject.find_first_not_of("0123456789", at + 2);
        if (end != std::string_view::npos && subject[end] == ']' && end > at + 2 && end - at - 2 <= 18)
            return std::string(subject.substr(at + 2, end - at - 2));
    }
    return {};
}

mail_thread read_thread(const mail_headers& headers, const inbound_contact& contact, const envelope& via) {
    mail_thread thread;
    if (const auto* raw = headers.raw("message-id"))
        if (auto ids = message_ids(*raw); !ids.empty()) thread.message_id = std::move(ids.front());
    if (const auto* raw = headers.raw("in-reply-to")) thread.in_reply_to = message_ids(*raw);
    if (const auto* raw = headers.raw("references")) thread.references = message_ids(*raw);
    thread.subject_token = subject_token(contact.subject);
    thread.conversation = conversation_of(headers.text("thread-index"));

    const auto add = [&](const std::string& address) {
        if (!address.empty() && thread.recipients.size() < most_recipients &&
            std::ranges::find(thread.recipients, address) == thread.recipients.end())
            thread.recipients.push_back(address);
    };
    for (const auto& address : via.recipients) add(address);
    for (const std::string_view field : {"delivered-to", "x-original-to", "envelope-to", "x-envelope-to"})
        for (const auto& p : read_parties(headers, field)) add(p.value);
    for (const auto* list : {&contact.to, &contact.cc})
        for (const auto& p : *list) add(p.value);
    return thread;
}

nlohmann::json party_json(const party& p) {
    return {{"kind", p.kind}, {"value", p.value}, {"name", p.name}};
}

/// Who wrote, and how we know: what tells later whom an answer goes to.
void describe_author(nlohmann::json& details, const inbound_contact& contact, const party& header_from,
                     const mailing_list& list, std::string_view checked) {
    if (!list.addresses.empty()) details["lists"] = list.addresses;
    for (const auto& p : contact.mail.more_senders) details["senders"].push_back(party_json(p));
    if (header_from.value != contact.from.value) details["header_from"] = party_json(header_from);
    if (!contact.mail.forwarded_by.kind.empty()) details["forwarded_by"] = party_json(contact.mail.forwarded_by);
    if (!checked.empty()) details["authentication"] = checked;
}

nlohmann::json read_details(const mail_headers& headers, const inbound_contact& contact, const envelope& via) {
    nlohmann::json details;
    details["message_id"] = contact.mail.message_id;
    details["letter_hash"] = contact.mail.letter_hash;
    details["in_reply_to"] = contact.mail.in_reply_to;
    details["references"] = contact.mail.references;
    for (const auto& [key, field] : {std::pair{"date", "date"},
                                     {"return_path", "return-path"},
                                     {"auto_submitted", "auto-submitted"},
                                     {"precedence", "precedence"},
                                     {"list_id", "list-id"},
                                     {"auto_response_suppress", "x-auto-response-suppress"},
                                     {"content_language", "content-language"},
                                     {"thread_topic", "thread-topic"},
                                     {"thread_index", "thread-index"},
                                     {"importance", "importance"},
                                     {"priority", "x-priority"},
                                     {"mailer", "x-mailer"}})
        if (headers.has(field)) details[key] = headers.text(field);
    if (!via.recipients.empty()) details["envelope"]["rcpt"] = via.recipients;
    if (via.sender) details["envelope"]["mail_from"] = *via.sender;
    return details;
}

nlohmann::json describe(const std::vector<failed_recipient>& recipients) {
    auto list = nlohmann::json::array();
    for (const auto& r : recipients)
        list.push_back({{"address", r.address},
                        {"status", r.status},
                        {"action", r.action},
                        {"severity", r.severity},
                        {"cause", r.cause},
                        {"reason", r.reason}});
    return list;
}

/// The report as an event on the mail of which it speaks; what its reader sees of it goes along.
contact_event event_of(delivery_report&& report, const inbound_contact& contact) {
    nlohmann::json details{{"recipients", describe(report.recipients)},
                           {"message_id", contact.mail.message_id},
                           {"letter_hash", contact.mail.letter_hash},
                           {"from", contact.from.value},
                           {"subject", contact.subject},
                           {"text", truncate_utf8(contact.text, longest_report)}};
    if (!report.feedback_type.empty()) details["feedback_type"] = report.feedback_type;
    return {std::move(report.type), std::move(report.original_message_id), contact.occurred_at, details_text(details)};
}

/// A notification of Amazon SES that SNS was told to send by mail: JSON, broken into lines.
std::optional<contact_event> mailed_notification(const inbound_contact& contact, const limits& bounds) {
    if (contact.from.value != "no-reply@sns.amazonaws.com" || !trim(contact.text).starts_with('{')) return std::nullopt;
    std::string text = contact.text.substr(0, contact.text.find("\n--"));
    std::erase(text, '\n');
    const auto message = read_json(text, bounds);
    if (!message) return std::nullopt;
    return mail_webhooks::read_ses_outcome(*message);
}

/// Whether a page may hold what read_html knows as history: nearly none does that is no answer.
bool may_mark_history(std::string_view html) {
    constexpr std::string_view marks[]{"gmail_quote", "type=\"cite\"",     "type=3D\"cite\"", "moz-cite",
                                       "RplyFwdMsg",  "appendonsend",      "zwchr",           "OutlookMessageHeader",
                                       "OLK_SRC",     "reference-message", "reply-intro",     "yahoo_quoted",
                                       "_quote\""};
    return std::ranges::any_of(marks, [&](std::string_view mark) { return mentions(html, mark); });
}

std::size_t letters(std::string_view text) {
    std::size_t all = 0;
    while (!text.empty()) { // as many as a byte can count, which is what makes the inner loop a vector's
        const auto block = text.substr(0, 255);
        std::uint8_t some = 0;
        for (const char c : block) some = static_cast<std::uint8_t>(some + (static_cast<unsigned char>(c) > ' '));
        all += some;
        text.remove_prefix(block.size());
    }
    return all;
}

/// The text for trimming: a signature ends its part, not what the other parts say.
std::string joined_text(const mail_body& body) {
    std::string out;
    std::size_t from = 0;
    for (const auto joint : body.joints) {
        if (joint <= from || joint >= body.text.size()) continue;
        out += without_signature(std::string_view(body.text).substr(from, joint - from)) + "\n";
        from = joint;
    }
    return out + body.text.substr(from);
}

/// The new words. A page whose program marks its quotes tells where they begin when no line of the text does.
std::string new_words(const mail_body& body, const std::string& subject) {
    auto reply = body.joints.empty() ? trim_reply(body.text, subject) : trim_reply(joined_text(body), subject);
    if (body.html.empty() || is_forward_subject(subject)) return reply;
    html_words page;
    std::string_view view = body.text;
    if (body.history != std::string::npos) {
        page.history = body.history;
    } else {
        // Beside a text of its own the page is asked only where that text leaves doubt.
        const bool whole = reply.size() >= trim(body.text).size(), introduces = reply.ends_with(':');
        if (!(whole || introduces) || !may_mark_history(body.html)) return reply;
        page = read_html(body.html);
        view = page.text;
    }
    if (page.history >= view.size()) return reply;
    auto marked = trim_reply(view.substr(0, page.history), subject);
    // Both views say the same in other white space and marks: only a real difference is history.
    return letters(marked) == 0 || letters(marked) * 10 > letters(reply) * 9 ? reply : marked;
}

normalized_record understand(const gateway_settings& settings, const raw_input& input, std::string_view mail,
                             const limits& bounds) {
    start_gmime();
    parse_notes notes;
    const borrowed_stream stream(mail);
    std::string mended;
    std::optional<borrowed_stream> mended_stream;
    auto message = parse(stream, notes);
    GMimeObject* root = message ? g_mime_message_get_mime_part(message.get()) : nullptr;
    if (const auto boundary = root ? guess_boundary(root) : std::string(); !boundary.empty()) {
        mended = with_boundary(mail, root, boundary);
        if (over_limits(mended, bounds).empty()) {
            message.reset();
            mended_stream.emplace(mended);
            message = parse(*mended_stream, notes);
            root = message ? g_mime_message_get_mime_part(message.get()) : nullptr;
            notes.damaged = true;
        }
    }
    if (!root) return unreadable_mail(mail, "not an e-mail: its MIME structure cannot be read");

    const mail_headers headers(GMIME_OBJECT(message.get()), root, declared_charset(root, mail));
    mail_body body = read_body(root, bounds, headers.charset());
    if (!body.over_limits.empty()) return unreadable_mail(mail, std::move(body.over_limits));

    const envelope via = read_envelope(input);

    inbound_contact contact;
    contact.channel = "email";
    const party header_from = read_sender(headers, via);
    contact.to = read_parties(headers, "to");
    contact.cc = read_parties(headers, "cc");
    contact.reply_to = read_parties(headers, "reply-to");
    const auto list = read_list(headers, settings);
    auto author = find_author(headers, header_from, contact.reply_to, list, settings);
    contact.from = std::move(author.who);
    // A claim is no proof: only a gateway that is said to take our own copies takes our address for ours.
    if (settings.outgoing && header_from.kind == "email" && is_own(settings, header_from.value)) {
        contact.from = header_from;
        contact.direction = "out";
    }
    contact.subject = headers.text("subject");
    contact.occurred_at = read_date(headers);
    contact.mail = read_thread(headers, contact, via);
    contact.mail.letter_hash = letter_hash(mail);
    contact.mail.own_sender = author.own;
    contact.mail.more_senders = std::move(author.more);
    contact.mail.loop_mark = headers.text(lower_ascii(loop_field));
    const auto checked = read_verdict(headers, settings.authserv_ids, header_from.value);
    contact.mail.vouched = checked == verdict::pass && contact.from.value == header_from.value;
    contact.mail.believed = contact.mail.vouched || settings.authserv_ids.empty();
    contact.external_id =
        contact.mail.message_id.empty() ? "sha256:" + contact.mail.letter_hash : contact.mail.message_id;

    const bool null_sender =
        via.sender ? via.sender->empty() : headers.text("return-path") == "<>" || headers.text("from") == "<>";
    auto report = read_report({headers, body, mail, header_from, contact.mail.recipients, null_sender});
    contact.text_reply = report ? std::string() : new_words(body, contact.subject);
    contact.text = std::move(body.text);
    auto told = report ? std::optional(event_of(std::move(*report), contact)) : mailed_notification(contact, bounds);
    contact.html = std::move(body.html);
    contact.attachments = std::move(body.attachments);

    const bool recall = is_recall(contact.subject, contact.text);
    const auto content_type = lower_ascii(headers.text("content-type"));
    const auto who = judge_author(
        headers, {content_type, header_from.value, contact.text_reply, null_sender, list.ours, author.by_form});
    contact.mail.machine = who.machine || told.has_value() || recall;
    contact.mail.person_if_answer = who.person_if_answer && !told;
    for (const auto& [set, flag] : {std::pair{contact.mail.machine, "machine"},
                                    {who.auto_reply, "auto_reply"},
                                    {who.bounce || (told && told->type == "bounce"), "bounce"},
                                    {body.encrypted, "encrypted"},
                                    {recall, "recall"},
                                    {body.damaged || notes.damaged || has_foreign_beginning(input.body), "damaged"},
                                    {body.partial, "partial"}})
        if (set) contact.flags.emplace_back(flag);

    // Where hosts are named that check senders, one of them must have vouched for a colleague.
    const bool believed = checked == verdict::pass || (checked == verdict::none && settings.authserv_ids.empty());
    // Some programs begin every mail with the index of the first.
    if (contact.mail.machine && !is_answering_index(headers.text("thread-index"))) contact.mail.conversation.clear();
    if (!contact.mail.machine && believed && is_among(settings.forwarders, contact.from.value))
        take_forwarded(contact, settings, bounds, normalize_email);
    contact.language = language_of(contact.text_reply, headers.text("content-language"));
    auto details = read_details(headers, contact, via);
    describe_author(details, contact, header_from, list,
                    settings.authserv_ids.empty() ? std::string_view{}
                    : checked == verdict::pass    ? "pass"
                    : checked == verdict::fail    ? "fail"
                                                  : "none");
    if (who.by_list && !told) details["by_list"] = true;
    if (!body.invitation.empty()) details["invitation"] = body.invitation;
    contact.details = details.dump();
    if (!told) return contact;
    told->unmatched = std::make_shared<const inbound_contact>(std::move(contact));
    return *std::move(told);
}

/// A winmail.dat without the mail around it, as gateways pass on what Outlook packed.
inbound_contact understand_packed(std::string_view bytes, const limits& bounds) {
    auto packed = read_tnef(bytes, bounds.parts, bounds.unpacked_bytes);
    inbound_contact contact;
    contact.channel = "email";
    contact.external_id = "sha256:" + sha256_hex(bytes);
    contact.subject = std::move(packed.subject);
    contact.text = packed.text.empty() ? html_to_text(packed.html) : std::move(packed.text);
    contact.html = std::move(packed.html);
    contact.text_reply = trim_reply(contact.text, contact.subject);
    contact.attachments = std::move(packed.attachments);
    contact.attachments.insert(contact.attachments.begin(),
                               make_attachment("winmail.dat", "application/ms-tnef", std::string(bytes)));
    if (packed.damaged) contact.flags.emplace_back("damaged");
    return contact;
}

} // namespace

std::vector<normalized_record> normalize_email(const gateway_settings& settings, const raw_input& input,
                                               const limits& bounds) {
    std::string storage;
    const std::string_view mail =
        input.body.size() > bounds.message_bytes ? input.body : readable_mail(input.body, storage);
    std::string reason;
    if (is_tnef(input.body) && input.body.size() <= bounds.message_bytes)
        return {understand_packed(input.body, bounds)};
    if (input.body.size() > bounds.message_bytes) {
        reason = fmt::format("message over {} bytes", bounds.message_bytes);
    } else if (trim(mail).empty()) {
        reason = "empty input";
    } else if (const auto header = header_block(mail); header.size() > bounds.header_bytes) {
        reason = fmt::format("header block over {} bytes", bounds.header_bytes);
    } else if (!looks_like_mail(header)) {
        reason = "not an e-mail: it has no header";
    } else {
        reason = over_limits(mail, bounds);
    }
    std::vector<normalized_record> out; // an initializer list would copy the record, with all that it carries
    out.push_back(reason.empty() ? understand(settings, input, mail, bounds)
                                 : unreadable_mail(mail, std::move(reason)));
    return out;
}

} // namespace switchboard::channels
