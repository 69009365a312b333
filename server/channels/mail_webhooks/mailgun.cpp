#include "channels/mail_webhooks/mail_webhooks.hpp"

#include <switchboard/util/hash.hpp>
#include <switchboard/util/text.hpp>

#include "channels/email/charset.hpp"
#include "channels/json_fields.hpp"
#include "channels/mail_webhooks/composed_mail.hpp"
#include "channels/mail_webhooks/delivery_event.hpp"
#include "channels/mail_webhooks/form_fields.hpp"
#include "channels/records.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace switchboard::channels {

namespace {

using namespace mail_webhooks;
using nlohmann::json;

bool is_signed(const gateway_settings& settings, std::string_view moment, std::string_view token,
               std::string_view signature) {
    if (settings.secret.empty()) return true;
    return !signature.empty() &&
           equal_secret(hmac_sha256_hex(settings.secret.reveal(), fmt::format("{}{}", moment, token)),
                        lower_ascii(trim(signature)));
}

const refused_input unsigned_form{.status = 401, .reason = "the signature is missing or wrong", .field = "signature"};

/// Its proof stands in it: what cannot be read cannot be proved, and a stranger's is not kept.
normalized_record unreadable(const gateway_settings& settings, const raw_input& input, const std::string& reason) {
    if (!settings.secret.empty()) return unsigned_form;
    return quarantined("email", input.body, reason);
}

/// [["Received", "…"], ["From", "…"], …]
std::vector<std::pair<std::string, std::string>> read_headers(std::string_view text, const limits& bounds) {
    std::vector<std::pair<std::string, std::string>> out;
    const auto list = read_json(text, bounds);
    if (!list || !list->is_array()) return out;
    for (const auto& pair : *list)
        if (pair.is_array() && pair.size() == 2 && pair[0].is_string() && pair[1].is_string())
            out.emplace_back(pair[0].get<std::string>(), pair[1].get<std::string>());
    return out;
}

/// A text field; the HTML is sometimes a JSON list of its parts.
std::string words(std::string_view text, const limits& bounds) {
    std::string utf8 = email::to_utf8(text, "utf-8");
    if (!trim(utf8).starts_with("[\"")) return utf8;
    const auto list = read_json(utf8, bounds);
    if (!list || !list->is_array()) return utf8;
    std::string out;
    for (const auto& part : *list)
        if (part.is_string()) out += part.get<std::string>();
    return out;
}

std::vector<attachment> mailgun_files(form_fields& form, const limits& bounds) {
    const auto ids = content_ids(form.text("content-id-map"), bounds);
    std::vector<attachment> out;
    for (auto& part : form.files) {
        attachment file = make_attachment(part.filename, part.type, std::move(part.content));
        if (const auto id = ids.find(part.name); id != ids.end()) file.content_id = id->second;
        file.is_inline = !file.content_id.empty();
        out.push_back(std::move(file));
    }
    return out;
}

std::vector<normalized_record> read_mailgun_mail(const gateway_settings& settings, form_fields form,
                                                 const limits& bounds) {
    mail_envelope way{.sender = std::string(form.text("sender")), .has_sender = form.has("sender"), .recipients = {}};
    if (const auto to = form.text("recipient"); !to.empty()) way.recipients.emplace_back(to);
    const json details{{"provider", "mailgun"}, {"token", clean_utf8(form.text("token"))}};
    if (const auto raw = form.text("body-mime"); !raw.empty()) return read_mail(settings, raw, way, details, bounds);

    taken_apart mail{.headers = read_headers(form.text("message-headers"), bounds),
                     .text = words(form.text("body-plain"), bounds),
                     .html = words(form.text("body-html"), bounds),
                     .files = mailgun_files(form, bounds)};
    for (const auto& [name, field] : {std::pair{"From", "from"},
                                      {"From", "From"},
                                      {"To", "To"},
                                      {"Cc", "Cc"},
                                      {"Subject", "subject"},
                                      {"Message-Id", "Message-Id"},
                                      {"Date", "Date"},
                                      {"In-Reply-To", "In-Reply-To"},
                                      {"References", "References"},
                                      {"To", "recipient"},
                                      {"From", "sender"}})
        add_missing(mail, name, std::string(form.text(field)));
    return read_mail(settings, compose(mail), way, details, bounds);
}

delivery_word named(const std::string& name, const std::string& severity) {
    delivery_word word{
        .type = name, .of = {}, .address = {}, .action = {}, .status = {}, .reason = {}, .severity = {}, .at = {}};
    if (name == "failed" || name == "bounced" || name == "dropped" || name == "rejected") {
        word.type = "bounce";
        word.action = severity == "temporary" ? "delayed" : "failed";
    } else if (name == "delivered") {
        word.action = "delivered";
    } else if (name == "complained") {
        word.type = "complaint";
    } else if (name == "opened") {
        word.type = "read";
    } else if (name == "accepted") {
        word.type = "sent";
    }
    return word;
}

normalized_record read_mailgun_event(const json& data) {
    const auto name = lower_ascii(text_of(data, "event"));
    auto word = named(name, text_of(data, "severity"));
    const auto message = data.value("message", json::object());
    if (message.is_object()) word.of = text_of(message.value("headers", json::object()), "message-id");
    word.address = text_of(data, "recipient");
    if (data.contains("timestamp")) word.at = read_moment(data["timestamp"]);
    const auto status = data.value("delivery-status", json::object());
    word.status = text_of(status, "enhanced-code");
    word.reason = text_of(status, "code");
    for (const char* field : {"message", "description"})
        if (const auto said = text_of(status, field); !said.empty())
            word.reason += (word.reason.empty() ? "" : " ") + said;
    if (word.reason.empty()) word.reason = text_of(data, "reason");
    return event_of(word, {{"provider", "mailgun"},
                           {"event_id", text_of(data, "id")},
                           {"provider_event", name},
                           {"url", text_of(data, "url")}});
}

/// The event webhooks of before 2018 were forms.
normalized_record read_old_event(const form_fields& form) {
    const auto name = lower_ascii(form.text("event"));
    auto word = named(name, {});
    word.of = std::string(form.text(form.has("Message-Id") ? "Message-Id" : "message-id"));
    word.address = std::string(form.text("recipient"));
    word.at = read_moment(json(std::string(form.text("timestamp"))));
    word.reason = fmt::format("{} {}", form.text("code"), form.text(form.has("error") ? "error" : "description"));
    return event_of(word,
                    {{"provider", "mailgun"}, {"event_id", std::string(form.text("token"))}, {"provider_event", name}});
}

} // namespace

std::vector<normalized_record> normalize_mailgun(const gateway_settings& settings, const raw_input& input,
                                                 const limits& bounds) {
    if (trim(input.body.substr(0, 64)).starts_with('{')) {
        const auto value = read_json(input.body, bounds);
        if (!value) return {unreadable(settings, input, value.error())};
        if (value->is_object() && value->contains("event-data")) {
            const auto proof = value->value("signature", json::object());
            if (!is_signed(settings, text_of(proof, "timestamp"), text_of(proof, "token"), text_of(proof, "signature")))
                return {unsigned_form};
            return {read_mailgun_event((*value)["event-data"])};
        }
    }
    auto form = read_form(input, bounds);
    if (!form || form->fields.empty()) return {unreadable(settings, input, "not a form of Mailgun")};
    if (!is_signed(settings, form->text("timestamp"), form->text("token"), form->text("signature")))
        return {unsigned_form};
    const bool mail = form->has("body-mime") || form->has("body-plain") || form->has("body-html") ||
                      form->has("message-headers") || form->has("sender") || form->has("from");
    if (form->has("event") && !form->has("body-mime") && !form->has("body-plain")) return {read_old_event(*form)};
    if (!mail) return {quarantined("email", input.body, "not a form of Mailgun")};
    return read_mailgun_mail(settings, std::move(*form), bounds);
}

} // namespace switchboard::channels
