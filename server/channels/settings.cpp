#include <switchboard/channels/normalize.hpp>
#include <switchboard/channels/phone_number.hpp>
#include <switchboard/channels/sns.hpp>

#include <switchboard/util/json.hpp>
#include <switchboard/util/time.hpp>

#include "channels/email/charset.hpp"
#include "channels/imap_settings.hpp"

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

const std::map<std::string, std::variant<text_field, list_field, secret_field, yes_field>, std::less<>>
    settings_fields = {
        {"own_addresses", &gateway_settings::own_addresses},
        {"own_numbers", &gateway_settings::own_numbers},
        {"extensions", &gateway_settings::extensions},
        {"default_country", &gateway_settings::default_country},
        {"timezone", &gateway_settings::timezone},
        {"secret", &gateway_settings::secret},
        {"verify_token", &gateway_settings::verify_token},
        {"topics", &gateway_settings::topics},
        {"public_url", &gateway_settings::public_url},
        {"columns", &gateway_settings::columns},
        {"time_format", &gateway_settings::time_format},
        {"charset", &gateway_settings::charset},
        {"dial_url", &gateway_settings::dial_url},
        {"groups", &gateway_settings::groups},
        {"forms", &gateway_settings::forms},
        {"forwarders", &gateway_settings::forwarders},
        {"authserv_ids", &gateway_settings::authserv_ids},
        {"outgoing", &gateway_settings::outgoing},
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
        if (const auto* one = std::get_if<text_field>(&field->second)) {
            if (!element.is_string()) return std::unexpected(fmt::format("{}: must be a text", name));
            settings.*(*one) = element.get<std::string>();
        } else if (const auto* yes = std::get_if<yes_field>(&field->second)) {
            if (!element.is_boolean()) return std::unexpected(fmt::format("{}: must be true or false", name));
            settings.*(*yes) = element.get<bool>();
        } else if (const auto* secret = std::get_if<secret_field>(&field->second)) {
            if (!element.is_string()) return std::unexpected(fmt::format("{}: must be a text", name));
            settings.*(*secret) = element.get<std::string>();
        } else {
            if (!is_list_of_texts(element)) return std::unexpected(fmt::format("{}: must be a list of texts", name));
            settings.*std::get<list_field>(field->second) = element.get<std::vector<std::string>>();
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

std::vector<settings_member> settings_members() {
    std::vector<settings_member> out;
    for (const auto& [name, field] : settings_fields) {
        using enum settings_member::kind;
        const auto type = std::holds_alternative<list_field>(field)     ? texts
                          : std::holds_alternative<secret_field>(field) ? secret
                                                                        : text;
        out.push_back({name, type});
    }
    for (auto& member : imap_members()) out.push_back(std::move(member));
    return out;
}

} // namespace switchboard::channels
