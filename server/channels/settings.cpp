#include <switchboard/channels/normalize.hpp>
#include <switchboard/channels/phone_number.hpp>
#include <switchboard/channels/sns.hpp>

#include <switchboard/util/json.hpp>
#include <switchboard/util/time.hpp>

#include "channels/email/charset.hpp"
#include "channels/imap_settings.hpp"
#include "channels/kinds.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <variant>

namespace switchboard::channels {

namespace {

using nlohmann::json;
using text_field = std::string gateway_settings::*;
using secret_field = secret_text gateway_settings::*;
using list_field = std::vector<std::string> gateway_settings::*;
using yes_field = bool gateway_settings::*;

struct setting_row {
    std::variant<text_field, list_field, secret_field, yes_field> field;
    std::string_view label, help, example;
};

const std::map<std::string, setting_row, std::less<>> settings_fields = {
    {"own_addresses",
     {&gateway_settings::own_addresses, "Our addresses",
      "Mail to one of these is for us; for a website chat: the pages that may show it.", "support@example.org"}},
    {"own_numbers",
     {&gateway_settings::own_numbers, "Our numbers", "Numbers that customers dial. They tell calls in from calls out.",
      "+493023125990"}},
    {"extensions", {&gateway_settings::extensions, "Extensions", "Internal numbers of agents.", "1001, 1002"}},
    {"default_country",
     {&gateway_settings::default_country, "Country", "Whose numbers these are where no country code stands (ISO 3166).",
      "DE"}},
    {"timezone",
     {&gateway_settings::timezone, "Time zone", "Of times that are sent without one (IANA); UTC if empty.",
      "Europe/Berlin"}},
    {"secret",
     {&gateway_settings::secret, "Secret", "What senders sign with, or what we sign calls to dial_url with.", ""}},
    {"verify_token",
     {&gateway_settings::verify_token, "One more topic",
      "A topic of Amazon SNS beside the list, from before there was one.", ""}},
    {"topics",
     {&gateway_settings::topics, "Topics", "Of Amazon SNS that may send here, by ARN.",
      "arn:aws:sns:eu-west-1:123456789012:mail"}},
    {"public_url",
     {&gateway_settings::public_url, "Public URL", "Where signatures cover the address.", "https://desk.example.org"}},
    {"columns",
     {&gateway_settings::columns, "Columns",
      "Of a CSV, in order; empty = as Asterisk writes them, or as the header line says.",
      "start, src, dst, duration, uniqueid"}},
    {"time_format",
     {&gateway_settings::time_format, "Shape of times", "As strptime reads it; YYYY-MM-DD HH:MM:SS if empty.",
      "%d.%m.%Y %H:%M:%S"}},
    {"charset",
     {&gateway_settings::charset, "Character set", "Of texts that are no UTF-8; windows-1252 if empty.", "iso-8859-2"}},
    {"dial_url",
     {&gateway_settings::dial_url, "URL that dials", "Is told which customer to call back; signed with the secret.",
      "https://pbx.example.org/dial"}},
    {"groups",
     {&gateway_settings::groups, "Groups and lists of ours",
      "Lists through which our own mail comes, by address or List-Id.", "team@lists.example.org"}},
    {"forms",
     {&gateway_settings::forms, "Senders of web forms", "Who wrote stands in Reply-To there.",
      "noreply@shop.example.org"}},
    {"forwarders",
     {&gateway_settings::forwarders, "Who may pass mail on", "Whose forwarded mails are the customer's; all users may.",
      "boss@example.org"}},
    {"authserv_ids",
     {&gateway_settings::authserv_ids, "Trusted verdicts", "Hosts whose Authentication-Results are believed.",
      "mx.example.org"}},
    {"outgoing",
     {&gateway_settings::outgoing, "Copies of our own mail",
      "Mail from our own addresses that comes here is what we sent ourselves.", ""}},
};

constexpr std::size_t most_entries = 10'000;

bool is_list_of_texts(const json& value) {
    return value.is_array() && value.size() <= most_entries &&
           std::ranges::all_of(value, [](const json& element) { return element.is_string(); });
}

} // namespace

std::expected<gateway_settings, std::string> settings_from_json(std::string_view text) {
    const auto value = outside_json(text, {.bytes = 4u << 20, .depth = 5});
    if (!value) return std::unexpected(value.error());
    if (!value->is_object()) return std::unexpected("must be an object");

    gateway_settings settings;
    for (const auto& [name, element] : value->items()) {
        if (name == "imap") {
            auto imap = imap_from_json(element);
            if (!imap) return std::unexpected(std::move(imap.error()));
            settings.imap = std::move(*imap);
            continue;
        }
        const auto field = settings_fields.find(name);
        if (field == settings_fields.end()) return std::unexpected(fmt::format("{}: unknown field", name));
        if (element.is_null()) continue;
        if (const auto* one = std::get_if<text_field>(&field->second.field)) {
            if (!element.is_string()) return std::unexpected(fmt::format("{}: must be a text", name));
            settings.*(*one) = element.get<std::string>();
        } else if (const auto* yes = std::get_if<yes_field>(&field->second.field)) {
            if (!element.is_boolean()) return std::unexpected(fmt::format("{}: must be true or false", name));
            settings.*(*yes) = element.get<bool>();
        } else if (const auto* secret = std::get_if<secret_field>(&field->second.field)) {
            if (!element.is_string()) return std::unexpected(fmt::format("{}: must be a text", name));
            settings.*(*secret) = element.get<std::string>();
        } else {
            if (!is_list_of_texts(element)) return std::unexpected(fmt::format("{}: must be a list of texts", name));
            settings.*std::get<list_field>(field->second.field) = element.get<std::vector<std::string>>();
        }
    }
    if (!is_timezone(settings.timezone)) return std::unexpected("timezone: must be an IANA time zone");
    if (!settings.time_format.empty() && !is_time_format(settings.time_format))
        return std::unexpected(
            "time_format: must be a whole date and time as strptime reads it, like %d.%m.%Y %H:%M:%S");
    if (!settings.charset.empty() && !email::is_charset(settings.charset))
        return std::unexpected("charset: must be a character set, like iso-8859-2");
    if (!settings.default_country.empty() && !is_phone_country(settings.default_country))
        return std::unexpected("default_country: must be an ISO 3166 alpha-2 code, like DE");
    if (!std::ranges::all_of(settings.topics, is_sns_topic))
        return std::unexpected("topics: must be ARNs of SNS topics, like arn:aws:sns:eu-west-1:123456789012:mail");
    if (!settings.dial_url.empty()) {
        if (!settings.dial_url.starts_with("https://") && !settings.dial_url.starts_with("http://"))
            return std::unexpected("dial_url: must begin with https:// or http://");
        if (settings.secret.empty()) return std::unexpected("secret: is needed to sign what goes to dial_url");
    }
    return settings;
}

std::vector<gateway_setting> all_settings() {
    std::vector<gateway_setting> out;
    for (const auto& [name, row] : settings_fields) {
        const auto* type = std::holds_alternative<list_field>(row.field)     ? "texts"
                           : std::holds_alternative<secret_field>(row.field) ? "secret"
                           : std::holds_alternative<yes_field>(row.field)    ? "yes"
                                                                             : "text";
        out.push_back({name, type, std::string{row.label}, std::string{row.help}, std::string{row.example}, {}});
    }
    for (auto& setting : imap_members()) out.push_back(std::move(setting));
    return out;
}

namespace {

/// "imap" stands for all of that object.
bool is_of(std::string_view listed, std::string_view setting) {
    return setting == listed || (setting.starts_with(listed) && setting.substr(listed.size()).starts_with('.'));
}

} // namespace

std::vector<gateway_kind> described_kinds(const std::string& id, timestamp at) {
    const auto all = all_settings();
    std::vector<gateway_kind> out;
    for (const auto& row : all_kinds()) {
        gateway_kind kind{.name = std::string{row.name},
                          .channel = std::string{row.channel},
                          .title = std::string{row.title},
                          .about = std::string{row.about},
                          .door = row.sample ? "/api/v1/intake/{gateway}" : "",
                          .content_type = std::string{row.content_type},
                          .sample = row.sample ? row.sample({}, id, to_rfc3339(at)) : "",
                          .hook = row.proves_itself ? "/api/v1/hooks/{gateway}" : "",
                          .settings = {}};
        for (const auto listed : row.settings)
            for (const auto& setting : all)
                if (is_of(listed, setting.name)) kind.settings.push_back(setting);
        out.push_back(std::move(kind));
    }
    return out;
}

std::optional<std::string> foreign_setting(std::string_view kind, std::string_view text) {
    const auto* known = find_kind(kind);
    const auto settings = outside_json(text, {.bytes = 4u << 20, .depth = 5});
    if (!known || !settings || !settings->is_object()) return std::nullopt; // others say what is wrong with these
    for (const auto& [name, value] : settings->items())
        if (std::ranges::find(known->settings, name) == known->settings.end())
            return fmt::format("{}: {}", name,
                               name == "imap" || settings_fields.contains(name)
                                   ? fmt::format("is no setting of the kind {}", kind)
                                   : "unknown field");
    return std::nullopt;
}

std::optional<sample_input> sample_of(std::string_view kind, const gateway_settings& settings, const std::string& id,
                                      timestamp at) {
    const auto* known = find_kind(kind);
    if (!known || !known->sample) return std::nullopt;
    return sample_input{std::string{known->content_type}, known->sample(settings, id, to_rfc3339(at))};
}

} // namespace switchboard::channels
