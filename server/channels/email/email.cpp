#include "channels/email/email.hpp"

#include "channels/email/authentication.hpp"
#include "channels/email/author.hpp"
#include "channels/email/bounce.hpp"
#include "channels/email/forwarded.hpp"
#include "channels/email/language.hpp"
#include "channels/email/machine.hpp"
#include "channels/email/mail_facts.hpp"
#include "channels/email/new_words.hpp"
#include "channels/email/parsed_mail.hpp"
#include "channels/email/raw_mail.hpp"
#include "channels/email/recall.hpp"
#include "channels/email/reply_trim.hpp"
#include "channels/email/structure.hpp"
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

constexpr std::size_t longest_report = 4000; // of the words of a bounce that its event shows

inbound_contact unreadable_mail(std::string_view mail, std::string reason) {
    inbound_contact contact;
    contact.channel = "email";
    contact.external_id = "sha256:" + content_hash(mail);
    contact.quarantine = std::move(reason);
    return contact;
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

normalized_record understand(const gateway_settings& settings, const raw_input& input, std::string_view mail,
                             const limits& bounds) {
    const parsed_mail parsed{mail, bounds};
    GMimeObject* root = parsed.root();
    if (!root) return unreadable_mail(mail, "not an e-mail: its MIME structure cannot be read");

    const mail_headers headers(parsed.message(), root, parsed.charset());
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
                                    {body.damaged || parsed.damaged() || has_foreign_beginning(input.body), "damaged"},
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
