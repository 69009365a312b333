#include "channels/mail_webhooks/sns_envelope.hpp"

#include <switchboard/channels/sns.hpp>
#include <switchboard/util/text.hpp>

#include "channels/json_fields.hpp"
#include "channels/mail_webhooks/delivery_event.hpp"
#include "channels/mail_webhooks/ses_message.hpp"
#include "channels/mail_webhooks/signatures.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace switchboard::channels {

namespace {

using mail_webhooks::is_sns_envelope;
using mail_webhooks::mail_stored_by;
using mail_webhooks::refusal_of_envelope;
using mail_webhooks::text_of;
using nlohmann::json;

/// eu-west-1: one label of a host name.
bool is_region(std::string_view text) {
    return !text.empty() && text.size() <= 63 &&
           std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-'; });
}

/// What stands before the separator; `text` keeps what stands behind it.
std::string_view take_until(std::string_view& text, char separator) {
    const auto at = std::min(text.find(separator), text.size());
    const auto out = text.substr(0, at);
    text.remove_prefix(std::min(at + 1, text.size()));
    return out;
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

std::string certificate_of(const json& envelope) {
    auto url = text_of(envelope, "SigningCertURL");
    return url.empty() ? text_of(envelope, "SigningCertUrl") : url;
}

bool is_own_topic(const gateway_settings& settings, std::string_view topic) {
    return !topic.empty() && (settings.verify_token.reveal() == topic ||
                              std::ranges::find(settings.topics, topic) != settings.topics.end());
}

bool is_confirmation(const json& envelope) {
    return text_of(envelope, "Type") == "SubscriptionConfirmation";
}

std::string region_of(std::string_view topic) {
    for (int before = 0; before < 3; ++before) take_until(topic, ':');
    return std::string{take_until(topic, ':')};
}

sns_errand read_errand(const gateway_settings& settings, const json& envelope, const limits& bounds) {
    sns_errand out;
    out.topic = text_of(envelope, "TopicArn");
    out.of_own_topic = is_own_topic(settings, out.topic);
    if (auto url = certificate_of(envelope); is_sns_certificate_address(url)) out.certificate = std::move(url);
    if (is_confirmation(envelope)) out.confirmation = text_of(envelope, "SubscribeURL");
    out.unsubscribed = text_of(envelope, "Type") == "UnsubscribeConfirmation";
    if (text_of(envelope, "Type") != "Notification") return out;
    const auto message = read_json(text_of(envelope, "Message"), bounds);
    if (!message) return out;
    out.mail = mail_stored_by(*message);
    if (out.mail) out.mail->region = region_of(out.topic);
    return out;
}

} // namespace

bool is_sns_address(std::string_view url) {
    constexpr std::string_view scheme = "https://";
    if (!url.starts_with(scheme)) return false;
    url.remove_prefix(scheme.size());
    const auto host = url.substr(0, url.find('/'));
    if (host.size() == url.size())
        return false; // a path ends the host: nothing that a reader could take for more of it
    auto rest = host;
    if (take_until(rest, '.') != "sns" || !is_region(take_until(rest, '.'))) return false;
    return rest == "amazonaws.com" || rest == "amazonaws.com.cn";
}

bool is_sns_certificate_address(std::string_view url) {
    constexpr std::string_view name = "/SimpleNotificationService-", end = ".pem";
    if (!is_sns_address(url)) return false;
    auto path = url.substr(url.find('/', 8));
    if (!path.starts_with(name) || !path.ends_with(end) || path.size() <= name.size() + end.size()) return false;
    path = path.substr(name.size(), path.size() - name.size() - end.size());
    return path.size() <= 100 && std::ranges::all_of(path, [](char c) { return is_letter(c) || is_digit(c); });
}

bool is_sns_topic(std::string_view arn) {
    if (take_until(arn, ':') != "arn") return false;
    const auto partition = take_until(arn, ':');
    if (partition != "aws" && !(partition.starts_with("aws-") && is_region(partition))) return false;
    if (take_until(arn, ':') != "sns" || !is_region(take_until(arn, ':'))) return false;
    const auto account = take_until(arn, ':');
    if (account.size() != 12 || !std::ranges::all_of(account, is_digit)) return false;
    return !arn.empty() && arn.size() <= 256 &&
           std::ranges::all_of(arn, [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; });
}

bool names_topics(const gateway_settings& settings) {
    return !settings.topics.empty() || !settings.verify_token.empty();
}

bool is_proved_by_sns(std::string_view kind, const gateway_settings& settings) {
    return kind == "ses" && settings.secret.empty() && names_topics(settings);
}

std::expected<sns_errand, refused_input> sns_errand_of(const gateway_settings& settings, const raw_input& input,
                                                       const limits& bounds) {
    if (input.body.size() > bounds.message_bytes) return sns_errand{};
    try {
        const auto value = read_json(input.body, bounds);
        if (!value || !is_sns_envelope(*value)) return sns_errand{};
        if (auto refused = refusal_of_envelope(settings, *value)) return std::unexpected{*std::move(refused)};
        return read_errand(settings, *value, bounds);
    } catch (const std::exception&) {
        return sns_errand{}; // normalize() tells what is wrong with it
    }
}

namespace mail_webhooks {

bool is_sns_envelope(const json& value) {
    return value.is_object() && value.contains("Type") && (value.contains("Message") || value.contains("SubscribeURL"));
}

refused_input unsigned_input() {
    return {.status = 401, .reason = "the signature is missing or wrong", .field = "Signature"};
}

std::optional<refused_input> refusal_of_envelope(const gateway_settings& settings, const json& envelope) {
    const auto refuse = [](const char* reason, const char* field) {
        return refused_input{.status = 401, .reason = reason, .field = field};
    };
    if (names_topics(settings) && !is_own_topic(settings, text_of(envelope, "TopicArn")))
        return refuse("another topic than this gateway's", "TopicArn");
    const auto certificate = certificate_of(envelope);
    if (!certificate.empty() && certificate != "EXAMPLE" && // as Amazon's own documentation has it
        (!is_sns_address(certificate) || !certificate.ends_with(".pem")))
        return refuse("the signing certificate is not Amazon's", "SigningCertURL");
    if ((is_confirmation(envelope) || text_of(envelope, "Type") == "UnsubscribeConfirmation") &&
        !is_sns_address(text_of(envelope, "SubscribeURL")))
        return refuse("the address to confirm is not Amazon's", "SubscribeURL");
    return std::nullopt;
}

std::optional<refused_input> refusal_of_signature(const gateway_settings& settings, const json& envelope) {
    if (auto refused = refusal_of_envelope(settings, envelope)) return refused;
    if (settings.secret.empty()) return std::nullopt;
    if (is_rsa_signed(settings.secret.reveal(), signed_text(envelope), text_of(envelope, "Signature"),
                      text_of(envelope, "SignatureVersion") == "2"))
        return std::nullopt;
    return unsigned_input();
}

} // namespace mail_webhooks

} // namespace switchboard::channels
