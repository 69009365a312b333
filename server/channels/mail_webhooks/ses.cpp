#include "channels/mail_webhooks/mail_webhooks.hpp"

#include <switchboard/channels/sns.hpp>
#include <switchboard/util/text.hpp>

#include "channels/json_fields.hpp"
#include "channels/mail_webhooks/delivery_event.hpp"
#include "channels/mail_webhooks/ses_message.hpp"
#include "channels/mail_webhooks/sns_envelope.hpp"
#include "channels/records.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <optional>

namespace switchboard::channels {

namespace {

using mail_webhooks::is_sns_envelope;
using mail_webhooks::read_ses_message;
using mail_webhooks::refusal_of_signature;
using mail_webhooks::text_of;
using mail_webhooks::unsigned_input;
using nlohmann::json;

/// What one request brings: the notification, and the mail that it speaks of where that was fetched for it.
struct delivery {
    std::string_view notification;
    std::optional<std::string_view> mail;
};

delivery delivery_of(const raw_input& input) {
    for (const auto& [name, value] : input.headers)
        if (lower_ascii(name) == notification_header) return {value, input.body};
    return {input.body, std::nullopt};
}

std::vector<normalized_record> read_message_text(const gateway_settings& settings, const std::string& text,
                                                 const delivery& from, const limits& bounds) {
    const auto message = read_json(text, bounds);
    if (message) {
        if (auto records = read_ses_message(settings, *message, bounds, from.mail); !records.empty()) return records;
        if (text.starts_with("Successfully validated SNS topic")) return {ignored_input{text}};
    } else if (text.starts_with("Successfully validated SNS topic")) {
        return {ignored_input{text}};
    }
    return {quarantined("email", from.notification, "not a notification of Amazon SES")};
}

std::vector<normalized_record> read_envelope(const gateway_settings& settings, const json& envelope,
                                             const delivery& from, const limits& bounds) {
    if (auto refused = refusal_of_signature(settings, envelope)) return {*std::move(refused)};
    const auto type = text_of(envelope, "Type");
    if (type == "SubscriptionConfirmation" || type == "UnsubscribeConfirmation")
        return {ignored_input{
            fmt::format("{} of {}: {}", type, text_of(envelope, "TopicArn"), text_of(envelope, "SubscribeURL"))}};
    return read_message_text(settings, text_of(envelope, "Message"), from, bounds);
}

std::vector<normalized_record> read_records(const gateway_settings& settings, const json& list, const delivery& from,
                                            const limits& bounds) {
    if (list.size() > bounds.records) return {too_many_records("email", from.notification, bounds)};
    std::vector<normalized_record> records;
    for (const auto& one : list) {
        std::vector<normalized_record> more;
        if (one.is_object() && one.contains("ses")) more = read_ses_message(settings, one["ses"], bounds);
        if (one.is_object() && one.contains("Sns")) more = read_envelope(settings, one["Sns"], from, bounds);
        if (more.empty())
            more.push_back(quarantined("email", one.dump(-1, ' ', false, json::error_handler_t::replace),
                                       "not a record of Amazon SES"));
        std::ranges::move(more, std::back_inserter(records));
    }
    return records;
}

} // namespace

std::vector<normalized_record> normalize_ses(const gateway_settings& settings, const raw_input& input,
                                             const limits& bounds) {
    const auto from = delivery_of(input);
    const auto value = read_json(from.notification, bounds);
    if (value && is_sns_envelope(*value)) return read_envelope(settings, *value, from, bounds);
    // Nothing else is signed, raw message delivery and Lambda events neither: it is taken only where no proof is asked.
    if (!settings.secret.empty()) return {unsigned_input()};
    if (!value) return {quarantined("email", from.notification, value.error())};
    if (!value->is_object()) return {quarantined("email", from.notification, "not a notification of Amazon SES")};
    if (const auto list = value->find("Records"); list != value->end() && list->is_array())
        return read_records(settings, *list, from, bounds);
    auto records = read_ses_message(settings, *value, bounds, from.mail);
    if (records.empty()) records.push_back(quarantined("email", from.notification, "not a notification of Amazon SES"));
    return records;
}

} // namespace switchboard::channels
