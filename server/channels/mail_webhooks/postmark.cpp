#include "channels/mail_webhooks/mail_webhooks.hpp"

#include <switchboard/util/hash.hpp>
#include <switchboard/util/text.hpp>

#include "channels/json_fields.hpp"
#include "channels/mail_webhooks/composed_mail.hpp"
#include "channels/mail_webhooks/delivery_event.hpp"
#include "channels/mail_webhooks/form_fields.hpp"
#include "channels/records.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace switchboard::channels {

namespace {

using namespace mail_webhooks;
using nlohmann::json;

bool is_allowed(const gateway_settings& settings, const raw_input& input) {
    if (settings.secret.empty()) return true;
    const auto value = header(input, "authorization");
    std::string login;
    return lower_ascii(value.substr(0, 6)) == "basic " && base64_decode(std::string_view(value).substr(6), login) &&
           equal_secret(login, settings.secret.reveal());
}

std::string mailboxes(const json& people) {
    std::string out;
    if (!people.is_array()) return out;
    for (const auto& one : people) {
        const auto address = text_of(one, "Email");
        if (!address.empty()) out += (out.empty() ? "" : ", ") + mailbox(text_of(one, "Name"), address);
    }
    return out;
}

std::vector<attachment> read_files(const json& list) {
    std::vector<attachment> out;
    if (!list.is_array()) return out;
    for (const auto& one : list) {
        std::string content;
        if (!base64_decode(text_of(one, "Content"), content)) content = text_of(one, "Content");
        attachment file = make_attachment(text_of(one, "Name"), text_of(one, "ContentType"), std::move(content));
        file.content_id = text_of(one, "ContentID");
        file.is_inline = !file.content_id.empty();
        out.push_back(std::move(file));
    }
    return out;
}

/// The envelope sender stands in the first Return-Path, which Postmark itself has put there.
void read_sender(const taken_apart& mail, mail_envelope& way) {
    const auto path =
        std::ranges::find(mail.headers, "return-path", [](const auto& header) { return lower_ascii(header.first); });
    if (path == mail.headers.end()) return;
    way.sender = path->second;
    std::erase_if(way.sender, [](char c) { return c == '<' || c == '>'; });
    way.has_sender = true;
}

std::vector<normalized_record> read_inbound(const gateway_settings& settings, const json& in, const limits& bounds) {
    taken_apart mail;
    if (const auto headers = in.find("Headers"); headers != in.end() && headers->is_array())
        for (const auto& one : *headers) mail.headers.emplace_back(text_of(one, "Name"), text_of(one, "Value"));
    mail_envelope way;
    if (auto to = text_of(in, "OriginalRecipient"); !to.empty()) way.recipients.push_back(std::move(to));
    read_sender(mail, way);
    json details{{"provider", "postmark"},
                 {"provider_id", text_of(in, "MessageID")},
                 {"mailbox_hash", text_of(in, "MailboxHash")}};
    if (const auto raw = text_of(in, "RawEmail"); !raw.empty()) return read_mail(settings, raw, way, details, bounds);

    const auto from = in.value("FromFull", json::object());
    add_missing(mail, "From",
                from.is_object() && !text_of(from, "Email").empty()
                    ? mailbox(text_of(from, "Name"), text_of(from, "Email"))
                    : text_of(in, "From"));
    for (const auto& [name, full, plain] : {std::tuple{"To", "ToFull", "To"}, {"Cc", "CcFull", "Cc"}}) {
        const auto people = mailboxes(in.value(full, json::array()));
        add_missing(mail, name, people.empty() ? text_of(in, plain) : people);
    }
    for (const auto& [name, field] : {std::pair{"Reply-To", "ReplyTo"}, {"Subject", "Subject"}, {"Date", "Date"}})
        add_missing(mail, name, text_of(in, field));
    // Postmark's own id tells repeats apart where the sender gave none.
    if (const auto id = text_of(in, "MessageID"); !id.empty())
        add_missing(mail, "Message-ID", "<" + id + "@inbound.postmarkapp.com>");
    mail.text = text_of(in, "TextBody");
    mail.html = text_of(in, "HtmlBody");
    mail.files = read_files(in.value("Attachments", json::array()));
    return read_mail(settings, compose(mail), way, details, bounds);
}

std::string severity_of_type(const std::string& type) {
    for (const std::string_view hard : {"HardBounce", "BadEmailAddress"})
        if (type == hard) return "hard";
    for (const std::string_view passing : {"Transient", "DnsError", "SMTPApiError", "InboundError", "DMARCPolicy"})
        if (type == passing) return "temporary";
    return "soft";
}

normalized_record read_event(const json& in, const std::string& kind) {
    delivery_word word{.type = lower_ascii(kind),
                       .of = text_of(in, "MessageID"),
                       .address = text_of(in, "Email"),
                       .action = {},
                       .status = {},
                       .reason = text_of(in, "Details"),
                       .severity = {},
                       .at = {}};
    if (word.address.empty()) word.address = text_of(in, "Recipient");
    for (const char* field : {"BouncedAt", "DeliveredAt", "ReceivedAt", "ChangedAt"})
        if (in.contains(field) && !word.at) word.at = read_moment(in[field]);
    const auto type = text_of(in, "Type");
    if (word.reason.empty()) word.reason = text_of(in, "Description");
    if (kind == "Bounce") {
        word.action = type == "Transient" ? "delayed" : "failed";
        word.severity = severity_of_type(type);
    } else if (kind == "SpamComplaint") {
        word.type = "complaint";
    } else if (kind == "Delivery") {
        word.type = "delivered";
        word.action = "delivered";
    } else if (kind == "Open") {
        word.type = "read";
    } else if (kind == "Click") {
        word.type = "clicked";
    }
    return event_of(word, {{"provider", "postmark"},
                           {"event_id", text_of(in, "ID")},
                           {"provider_event", kind},
                           {"kind", type},
                           {"url", text_of(in, "OriginalLink")}});
}

} // namespace

std::vector<normalized_record> normalize_postmark(const gateway_settings& settings, const raw_input& input,
                                                  const limits& bounds) {
    if (!is_allowed(settings, input))
        return {refused_input{.status = 401, .reason = "the login is missing or wrong", .field = "authorization"}};
    const auto value = read_json(input.body, bounds);
    if (!value) return {quarantined("email", input.body, value.error())};
    if (!value->is_object()) return {quarantined("email", input.body, "not a webhook of Postmark")};
    if (const auto kind = text_of(*value, "RecordType"); !kind.empty() && kind != "Inbound")
        return {read_event(*value, kind)};
    for (const char* field : {"FromFull", "From", "RawEmail", "TextBody", "HtmlBody", "Headers"})
        if (value->contains(field)) return read_inbound(settings, *value, bounds);
    return {quarantined("email", input.body, "not a webhook of Postmark")};
}

} // namespace switchboard::channels
