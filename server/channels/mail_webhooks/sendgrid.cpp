#include "channels/mail_webhooks/mail_webhooks.hpp"

#include <switchboard/util/text.hpp>

#include "channels/email/charset.hpp"
#include "channels/json_fields.hpp"
#include "channels/mail_webhooks/composed_mail.hpp"
#include "channels/mail_webhooks/delivery_event.hpp"
#include "channels/mail_webhooks/form_fields.hpp"
#include "channels/mail_webhooks/signatures.hpp"
#include "channels/records.hpp"

#include <nlohmann/json.hpp>

namespace switchboard::channels {

namespace {

using namespace mail_webhooks;
using nlohmann::json;

bool is_signed(const gateway_settings& settings, const raw_input& input) {
    if (settings.secret.empty()) return true;
    const auto moment = header(input, "x-twilio-email-event-webhook-timestamp");
    return is_ecdsa_signed(settings.secret.reveal(), moment + std::string(input.body),
                           header(input, "x-twilio-email-event-webhook-signature"));
}

/// A small JSON object in a form field; SendGrid's others ("{@example.org : pass}") are none and come out empty.
json object_in(std::string_view text, const limits& bounds) {
    auto value = read_json(text, bounds);
    return value && value->is_object() ? std::move(*value) : json::object();
}

mail_envelope read_envelope(const form_fields& form, const limits& bounds) {
    mail_envelope way;
    const auto envelope = object_in(form.text("envelope"), bounds);
    way.sender = text_of(envelope, "from");
    way.has_sender = envelope.contains("from");
    if (const auto to = envelope.find("to"); to != envelope.end() && to->is_array())
        for (const auto& one : *to)
            if (one.is_string()) way.recipients.push_back(one.get<std::string>());
    return way;
}

std::vector<attachment> sendgrid_files(form_fields& form, const limits& bounds) {
    const auto info = object_in(form.text("attachment-info"), bounds);
    const auto ids = content_ids(form.text("content-ids"), bounds);
    std::vector<attachment> out;
    for (auto& part : form.files) {
        const auto about = info.value(part.name, json::object());
        attachment file =
            make_attachment(part.filename.empty() ? text_of(about, "filename") : part.filename,
                            part.type.empty() ? text_of(about, "type") : part.type, std::move(part.content));
        file.content_id = text_of(about, "content-id");
        if (const auto id = ids.find(part.name); id != ids.end()) file.content_id = id->second;
        file.is_inline = !file.content_id.empty();
        out.push_back(std::move(file));
    }
    return out;
}

std::vector<normalized_record> read_sendgrid_mail(const gateway_settings& settings, form_fields form,
                                                  const limits& bounds) {
    json details{{"provider", "sendgrid"}};
    for (const char* name : {"spam_score", "sender_ip", "SPF", "dkim"})
        details[lower_ascii(name)] = clean_utf8(form.text(name));
    const auto way = read_envelope(form, bounds);
    if (const auto raw = form.text("email"); !raw.empty()) return read_mail(settings, raw, way, details, bounds);

    // Each field may be in a charset of its own.
    const auto charsets = object_in(form.text("charsets"), bounds);
    const auto decoded = [&](const char* name) { return email::to_utf8(form.text(name), text_of(charsets, name)); };
    taken_apart mail{.headers = split_headers(form.text("headers")),
                     .text = decoded("text"),
                     .html = decoded("html"),
                     .files = sendgrid_files(form, bounds)};
    for (const auto& [name, field] : {std::pair{"From", "from"}, {"To", "to"}, {"Cc", "cc"}, {"Subject", "subject"}})
        add_missing(mail, name, decoded(field));
    return read_mail(settings, compose(mail), way, details, bounds);
}

contact_event read_sendgrid_event(const json& entry) {
    const auto name = lower_ascii(text_of(entry, "event"));
    delivery_word word{.type = name,
                       .of = text_of(entry, "smtp-id"),
                       .address = text_of(entry, "email"),
                       .action = {},
                       .status = {},
                       .reason = text_of(entry, "reason"),
                       .severity = {},
                       .at = {}};
    if (word.of.empty()) word.of = text_of(entry, "sg_message_id");
    if (word.reason.empty()) word.reason = text_of(entry, "response");
    for (const char* field : {"timestamp", "created"})
        if (entry.contains(field) && !word.at) word.at = read_moment(entry[field]);
    const auto status = text_of(entry, "status");
    if (status.contains('.')) word.status = status;
    if (name == "bounce" || name == "dropped" || name == "deferred" || name == "blocked" || name.empty()) {
        word.type = "bounce";
        word.action = name == "deferred" ? "delayed" : "failed";
    } else if (name == "spamreport") {
        word.type = "complaint";
    } else if (name == "processed") {
        word.type = "sent";
    } else if (name == "open") {
        word.type = "read";
    } else if (name == "click") {
        word.type = "clicked";
    } else if (name == "delivered") {
        word.action = "delivered";
    }
    return event_of(word, {{"provider", "sendgrid"},
                           {"event_id", text_of(entry, "sg_event_id")},
                           {"provider_event", name},
                           {"kind", text_of(entry, "type")},
                           {"url", text_of(entry, "url")}});
}

} // namespace

std::vector<normalized_record> normalize_sendgrid(const gateway_settings& settings, const raw_input& input,
                                                  const limits& bounds) {
    if (!is_signed(settings, input))
        return {refused_input{.status = 401,
                              .reason = "the signature is missing or wrong",
                              .field = "x-twilio-email-event-webhook-signature"}};
    const auto start = trim(input.body.substr(0, 64));
    if (start.starts_with('[')) {
        const auto events = read_json(input.body, bounds);
        if (!events) return {quarantined("email", input.body, events.error())};
        if (events->size() > bounds.records) return {too_many_records("email", input.body, bounds)};
        std::vector<normalized_record> records;
        for (const auto& entry : *events)
            if (entry.is_object() && (entry.contains("event") || entry.contains("email")))
                records.push_back(read_sendgrid_event(entry));
            else
                records.push_back(quarantined("email", entry.dump(-1, ' ', false, json::error_handler_t::replace),
                                              "not an event of SendGrid"));
        if (records.empty()) return {ignored_input{"no events"}};
        return records;
    }
    auto form = read_form(input, bounds);
    if (!form ||
        !(form->has("email") || form->has("headers") || form->has("from") || form->has("text") || form->has("html")))
        return {quarantined("email", input.body, "not a form of SendGrid's Inbound Parse")};
    return read_sendgrid_mail(settings, std::move(*form), bounds);
}

} // namespace switchboard::channels
