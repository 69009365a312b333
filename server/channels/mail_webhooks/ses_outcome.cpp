#include "channels/mail_webhooks/ses_outcome.hpp"

#include <switchboard/util/json.hpp>
#include <switchboard/util/text.hpp>

#include "channels/mail_webhooks/delivery_event.hpp"
#include "channels/records.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace switchboard::channels::mail_webhooks {

namespace {

using nlohmann::json;

/// The Message-ID that we gave; SES makes another for the way.
std::string original_id(const json& mail) {
    if (const auto& list = member(mail, "headers"); list.is_array())
        for (const auto& one : list)
            if (lower_ascii(text_of(one, "name")) == "message-id") return text_of(one, "value");
    const auto id = text_of(member(mail, "commonHeaders"), "messageId");
    return id.empty() ? text_of(mail, "messageId") : id;
}

struct outcome {
    const char* kind;    // as SES calls it, lower-case
    const char* section; // where it says more
    const char* list;    // of recipients there
    const char* type;    // of our event
    const char* action;
};

constexpr outcome outcomes[]{
    {"bounce", "bounce", "bouncedRecipients", "bounce", "failed"},
    {"complaint", "complaint", "complainedRecipients", "complaint", ""},
    {"delivery", "delivery", "recipients", "delivered", "delivered"},
    {"deliverydelay", "deliveryDelay", "delayedRecipients", "bounce", "delayed"},
    {"send", "send", "", "sent", ""},
    {"reject", "reject", "", "failed", "failed"},
    {"rendering failure", "failure", "", "failed", "failed"},
    {"open", "open", "", "read", ""},
    {"click", "click", "", "clicked", ""},
    {"subscription", "subscription", "", "unsubscribed", ""},
};

std::string severity_of(const json& section, const outcome& what) {
    const auto type = text_of(section, "bounceType"), sub = text_of(section, "bounceSubType");
    if (std::string_view(what.action) == "delayed" || type == "Transient")
        return sub == "General" || sub.empty() ? "temporary" : "soft";
    if (type == "Permanent" &&
        (sub == "General" || sub == "NoEmail" || sub == "Suppressed" || sub == "OnAccountSuppressionList"))
        return ""; // as its words say
    return "";
}

contact_event read_outcome(const json& message, const outcome& what) {
    const auto &mail = member(message, "mail"), &section = member(message, what.section);
    json details{{"provider", "ses"},
                 {"provider_id", text_of(mail, "messageId")},
                 {"event_id", text_of(section, "feedbackId")},
                 {"provider_event", what.kind},
                 {"kind", text_of(section, "bounceType")},
                 {"feedback_type", text_of(section, "complaintFeedbackType")}};
    json people = *what.list ? member(section, what.list) : member(mail, "destination");
    if (!people.is_array()) people = member(mail, "destination");
    if (!people.is_array()) people = json::array();
    contact_event whole{what.type, {}, {}, {}};
    json recipients = json::array();
    for (const auto& one : people) {
        delivery_word word{.type = what.type,
                           .of = original_id(mail),
                           .address = one.is_string() ? one.get<std::string>() : text_of(one, "emailAddress"),
                           .action = what.action,
                           .status = text_of(one, "status"),
                           .reason = text_of(one, "diagnosticCode"),
                           .severity = severity_of(section, what),
                           .at = {}};
        if (word.reason.empty())
            word.reason = text_of(section, "smtpResponse").empty() ? text_of(section, "reason")
                                                                   : text_of(section, "smtpResponse");
        if (word.severity.empty() && word.reason.empty() && text_of(section, "bounceType") == "Permanent")
            word.severity = "hard";
        const auto event = event_of(word, json::object());
        const auto judged = own_json(event.details);
        if (judged.is_object() && judged.contains("recipients")) recipients.push_back(judged["recipients"][0]);
    }
    whole.of = original_id(mail);
    std::erase_if(whole.of, [](char c) { return c == '<' || c == '>'; });
    if (section.contains("timestamp")) whole.at = read_moment(section["timestamp"]);
    if (!whole.at && mail.contains("timestamp")) whole.at = read_moment(mail["timestamp"]);
    details["recipients"] = std::move(recipients);
    whole.details = details_text(details);
    return whole;
}

} // namespace

std::string ses_kind_of(const json& message) {
    auto kind = lower_ascii(text_of(message, "notificationType"));
    return kind.empty() ? lower_ascii(text_of(message, "eventType")) : kind;
}

std::optional<contact_event> read_ses_outcome(const json& message) {
    if (!message.is_object()) return std::nullopt;
    const auto kind = ses_kind_of(message);
    for (const auto& what : outcomes)
        if (kind == what.kind) return read_outcome(message, what);
    return std::nullopt;
}

} // namespace switchboard::channels::mail_webhooks
