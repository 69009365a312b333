#include "channels/mail_webhooks/mail_webhooks.hpp"

#include <switchboard/util/text.hpp>

#include "channels/json_fields.hpp"
#include "channels/mail_webhooks/delivery_event.hpp"
#include "channels/mail_webhooks/ses_message.hpp"
#include "channels/mail_webhooks/signatures.hpp"
#include "channels/records.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace switchboard::channels {

namespace {

using namespace mail_webhooks;
using nlohmann::json;

/// https://sns.<region>.amazonaws.com/…: what stands elsewhere is not Amazon's word.
bool is_sns_address(std::string_view url) {
    if (!url.starts_with("https://sns.")) return false;
    const auto host = url.substr(8, url.find('/', 8) - 8);
    const bool plain = std::ranges::all_of(
        host, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; });
    auto region = host.substr(4);
    for (const std::string_view end : {".amazonaws.com.cn", ".amazonaws.com"})
        if (region.ends_with(end))
            return plain && !region.substr(0, region.size() - end.size()).contains('.') && region.size() > end.size();
    return false;
}

/// The text that SNS signs: names and values, each in a line of its own, in the order of the alphabet.
std::string signed_text(const json& envelope) {
    const bool note = text_of(envelope, "Type") == "Notification";
    std::string out;
    for (const char* name :
         {"Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"}) {
        const std::string_view field = name;
        if (note ? field == "SubscribeURL" || field == "Token" : field == "Subject") continue;
        if (field == "Subject" && !envelope.contains("Subject")) continue;
        out += fmt::format("{}\n{}\n", field, text_of(envelope, name));
    }
    return out;
}

std::optional<refused_input> refusal_of(const gateway_settings& settings, const json& envelope) {
    const auto refuse = [](const char* reason, const char* field) {
        return refused_input{.status = 401, .reason = reason, .field = field};
    };
    if (!settings.verify_token.empty() && text_of(envelope, "TopicArn") != settings.verify_token)
        return refuse("another topic than this gateway's", "TopicArn");
    auto certificate = text_of(envelope, "SigningCertURL");
    if (certificate.empty()) certificate = text_of(envelope, "SigningCertUrl");
    if (!certificate.empty() && certificate != "EXAMPLE" &&
        (!is_sns_address(certificate) || !certificate.ends_with(".pem")))
        return refuse("the signing certificate is not Amazon's", "SigningCertURL");
    if (settings.secret.empty()) return std::nullopt;
    if (!is_rsa_signed(settings.secret, signed_text(envelope), text_of(envelope, "Signature"),
                       text_of(envelope, "SignatureVersion") == "2"))
        return refuse("the signature is missing or wrong", "Signature");
    return std::nullopt;
}

std::vector<normalized_record> read_message_text(const gateway_settings& settings, const std::string& text,
                                                 const raw_input& input, const limits& bounds) {
    const auto message = read_json(text, bounds.depth);
    if (message) {
        if (auto records = read_ses_message(settings, *message, bounds); !records.empty()) return records;
        if (text.starts_with("Successfully validated SNS topic")) return {ignored_input{text}};
    } else if (text.starts_with("Successfully validated SNS topic")) {
        return {ignored_input{text}};
    }
    return {quarantined("email", input.body, "not a notification of Amazon SES")};
}

std::vector<normalized_record> read_envelope(const gateway_settings& settings, const json& envelope,
                                             const raw_input& input, const limits& bounds) {
    if (auto refused = refusal_of(settings, envelope)) return {*std::move(refused)};
    const auto type = text_of(envelope, "Type");
    if (type == "SubscriptionConfirmation" || type == "UnsubscribeConfirmation") {
        const auto url = text_of(envelope, "SubscribeURL");
        if (!is_sns_address(url))
            return {refused_input{
                .status = 401, .reason = "the address to confirm is not Amazon's", .field = "SubscribeURL"}};
        return {ignored_input{fmt::format("{} of {}: {}", type, text_of(envelope, "TopicArn"), url)}};
    }
    return read_message_text(settings, text_of(envelope, "Message"), input, bounds);
}

} // namespace

std::vector<normalized_record> normalize_ses(const gateway_settings& settings, const raw_input& input,
                                             const limits& bounds) {
    const auto value = read_json(input.body, bounds.depth);
    if (!value) return {quarantined("email", input.body, value.error())};
    if (!value->is_object()) return {quarantined("email", input.body, "not a notification of Amazon SES")};
    if (value->contains("Type") && (value->contains("Message") || value->contains("SubscribeURL")))
        return read_envelope(settings, *value, input, bounds);
    // Raw message delivery and Lambda events carry no signature, so they are taken only where none is asked for.
    if (!settings.secret.empty())
        return {refused_input{.status = 401, .reason = "the signature is missing or wrong", .field = "Signature"}};
    if (const auto list = value->find("Records"); list != value->end() && list->is_array()) {
        std::vector<normalized_record> records;
        for (const auto& one : *list) {
            std::vector<normalized_record> more;
            if (one.is_object() && one.contains("ses")) more = read_ses_message(settings, one["ses"], bounds);
            if (one.is_object() && one.contains("Sns")) more = read_envelope(settings, one["Sns"], input, bounds);
            if (more.empty())
                more.push_back(quarantined("email", one.dump(-1, ' ', false, json::error_handler_t::replace),
                                           "not a record of Amazon SES"));
            std::ranges::move(more, std::back_inserter(records));
        }
        return records;
    }
    auto records = read_ses_message(settings, *value, bounds);
    if (records.empty()) records.push_back(quarantined("email", input.body, "not a notification of Amazon SES"));
    return records;
}

} // namespace switchboard::channels
