#include "channels/mail_webhooks/ses_message.hpp"

#include <switchboard/util/hash.hpp>
#include <switchboard/util/json.hpp>
#include <switchboard/util/text.hpp>

#include "channels/mail_webhooks/composed_mail.hpp"
#include "channels/mail_webhooks/ses_outcome.hpp"
#include "channels/records.hpp"

#include <nlohmann/json.hpp>

namespace switchboard::channels::mail_webhooks {

namespace {

using nlohmann::json;

mail_envelope read_envelope(const json& mail, const json& receipt) {
    mail_envelope way{.sender = text_of(mail, "source"), .has_sender = mail.contains("source"), .recipients = {}};
    const auto& to =
        member(receipt, "recipients").is_array() ? member(receipt, "recipients") : member(mail, "destination");
    if (to.is_array())
        for (const auto& one : to)
            if (one.is_string()) way.recipients.push_back(one.get<std::string>());
    return way;
}

json read_details(const json& mail, const json& receipt) {
    json details{{"provider", "ses"}, {"provider_id", text_of(mail, "messageId")}};
    for (const auto& [name, field] : {std::pair{"spf", "spfVerdict"},
                                      {"dkim", "dkimVerdict"},
                                      {"dmarc", "dmarcVerdict"},
                                      {"spam", "spamVerdict"},
                                      {"virus", "virusVerdict"}})
        details[name] = text_of(member(receipt, field), "status");
    const auto& action = member(receipt, "action");
    if (text_of(action, "type") == "S3")
        details["s3"] = {{"bucket", text_of(action, "bucketName")}, {"key", text_of(action, "objectKey")}};
    return details;
}

/// The mail itself where it comes along; else its header, and the place where the rest lies.
std::vector<normalized_record> read_inbound(const gateway_settings& settings, const json& message,
                                            std::optional<std::string_view> fetched, const limits& bounds) {
    const auto &mail = member(message, "mail"), &receipt = member(message, "receipt");
    const auto way = read_envelope(mail, receipt);
    const auto details = read_details(mail, receipt);
    std::string content{fetched ? *fetched : text_of(message, "content")};
    const auto encoding = lower_ascii(text_of(member(receipt, "action"), "encoding"));
    const bool whole = fetched || !content.empty();
    if (!fetched && encoding == "base64") {
        std::string decoded;
        if (base64_decode(content, decoded)) content = std::move(decoded);
    }
    if (!whole) {
        taken_apart header;
        if (const auto& list = member(mail, "headers"); list.is_array())
            for (const auto& one : list) header.headers.emplace_back(text_of(one, "name"), text_of(one, "value"));
        const auto& common = member(mail, "commonHeaders");
        for (const auto& [name, field] :
             {std::pair{"From", "from"}, {"To", "to"}, {"Cc", "cc"}, {"Reply-To", "replyTo"}}) {
            std::string all;
            if (const auto& list = member(common, field); list.is_array())
                for (const auto& one : list)
                    if (one.is_string()) all += (all.empty() ? "" : ", ") + one.get<std::string>();
            add_missing(header, name, all);
        }
        for (const auto& [name, field] :
             {std::pair{"Subject", "subject"}, {"Date", "date"}, {"Message-ID", "messageId"}})
            add_missing(header, name, text_of(common, field));
        add_missing(header, "From", way.sender);
        content = compose(header);
    }
    auto records = read_mail(settings, content, way, details, bounds);
    for (auto& record : records) {
        auto* contact = std::get_if<inbound_contact>(&record);
        if (!contact) continue;
        if (!whole) add_flag(*contact, "partial");
        if (const auto id = text_of(mail, "messageId"); !id.empty()) contact->external_id = id;
        if (!contact->occurred_at && mail.contains("timestamp")) contact->occurred_at = read_moment(mail["timestamp"]);
    }
    return records;
}

bool is_inbound(const json& message, std::string_view kind) {
    return kind == "received" || (kind.empty() && message.contains("receipt") && message.contains("mail"));
}

} // namespace

std::vector<normalized_record> read_ses_message(const gateway_settings& settings, const json& message,
                                                const limits& bounds, std::optional<std::string_view> fetched) {
    if (!message.is_object()) return {};
    const auto kind = ses_kind_of(message);
    if (is_inbound(message, kind)) return read_inbound(settings, message, fetched, bounds);
    if (auto event = read_ses_outcome(message)) return {std::move(*event)};
    return {};
}

std::optional<stored_mail> mail_stored_by(const json& message) {
    if (!message.is_object() || !is_inbound(message, ses_kind_of(message)) || !text_of(message, "content").empty())
        return std::nullopt;
    const auto& action = member(member(message, "receipt"), "action");
    stored_mail out{.bucket = text_of(action, "bucketName"), .key = text_of(action, "objectKey"), .region = {}};
    if (text_of(action, "type") != "S3" || out.bucket.empty() || out.key.empty()) return std::nullopt;
    return out;
}

} // namespace switchboard::channels::mail_webhooks
