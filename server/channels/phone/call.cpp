#include "channels/phone/call.hpp"

#include <switchboard/channels/phone_number.hpp>
#include <switchboard/util/text.hpp>

#include "channels/form.hpp"
#include "channels/records.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace switchboard::channels {

namespace {

constexpr std::size_t longest_extension = 6;

std::string digits_of(std::string_view text) {
    std::string digits;
    std::ranges::copy_if(text, std::back_inserter(digits), [](char c) { return c >= '0' && c <= '9'; });
    return digits;
}

/// The user part of a SIP URI; other text as it is.
std::string_view bare(std::string_view dialed) {
    dialed = trim(dialed);
    for (const std::string_view scheme : {"sip:", "sips:", "tel:"})
        if (dialed.starts_with(scheme)) dialed.remove_prefix(scheme.size());
    return dialed.substr(0, dialed.find_first_of("@;"));
}

/// Dialed inside a house: a short number, or the name of a SIP account.
bool looks_internal(std::string_view dialed) {
    if (is_withheld_number(dialed)) return false;
    const auto text = bare(dialed);
    const bool has_letters = std::ranges::any_of(text, [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; });
    return has_letters || (!text.starts_with('+') && digits_of(text).size() <= longest_extension);
}

bool is_same_number(std::string_view own, std::string_view dialed, const std::optional<std::string>& dialed_e164,
                    std::string_view country) {
    if (own == dialed) return true;
    if (!dialed_e164) return false;
    // The last digits are compared first, since reading a number properly is dear.
    const auto digits = digits_of(own);
    if (digits.size() < 4 || !dialed_e164->ends_with(std::string_view(digits).substr(digits.size() - 4))) return false;
    return to_e164(own, country) == dialed_e164;
}

std::optional<std::int64_t> seconds_between(const std::optional<timestamp>& from, const std::optional<timestamp>& to) {
    if (!from || !to || *to < *from) return std::nullopt;
    return std::chrono::floor<std::chrono::seconds>(*to - *from).count();
}

} // namespace

party party_of(std::string_view dialed, std::string_view name, const gateway_settings& settings) {
    party who{.kind = "", .value = "", .name = std::string(trim(name))};
    const auto number = bare(dialed);
    if (is_withheld_number(who.name) || who.name == number) who.name.clear();
    if (is_withheld_number(dialed)) return who;
    const bool extension = std::ranges::find(settings.extensions, number) != settings.extensions.end();
    if (const auto e164 = extension ? std::nullopt : to_e164(dialed, settings.default_country)) {
        who.kind = "tel";
        who.value = *e164;
        if (to_e164(who.name, settings.default_country) == e164) who.name.clear();
    } else if (who.name.empty()) {
        who.name = number;
    }
    return who;
}

bool is_own_line(std::string_view dialed, const gateway_settings& settings) {
    if (is_withheld_number(dialed)) return false;
    const auto number = bare(dialed);
    if (std::ranges::find(settings.extensions, number) != settings.extensions.end()) return true;
    const auto e164 = settings.own_numbers.empty() ? std::nullopt : to_e164(dialed, settings.default_country);
    return std::ranges::any_of(settings.own_numbers, [&](const std::string& own) {
        return is_same_number(own, number, e164, settings.default_country);
    });
}

std::string direction_of(const call& call, const gateway_settings& settings) {
    if (!call.direction.empty()) return call.direction;
    if (is_own_line(call.from, settings)) return "out";
    if (is_own_line(call.to, settings)) return "in";
    if (!call.hint.empty()) return call.hint;
    return looks_internal(call.from) && !looks_internal(call.to) && !is_withheld_number(call.to) ? "out" : "in";
}

inbound_contact contact_of(const call& call, const gateway_settings& settings, nlohmann::json& details) {
    inbound_contact contact;
    contact.channel = "phone";
    contact.direction = direction_of(call, settings);
    contact.from = party_of(call.from, call.from_name, settings);
    if (auto to = party_of(call.to, call.to_name, settings); to != party{}) contact.to.push_back(std::move(to));
    contact.occurred_at = call.started;
    const bool outbound = contact.direction == "out";
    contact.subject = outbound ? "Call to " + display_name(contact.to.empty() ? party{} : contact.to.front())
                               : "Call from " + display_name(contact.from);

    const bool answered = call.answered || call.talk_s.value_or(0) > 0 || call.disposition == "answered";
    const bool over = call.ended || call.talk_s || !call.disposition.empty();
    if (call.talk_s)
        contact.duration_s = call.talk_s;
    else if (answered)
        contact.duration_s = seconds_between(call.answered, call.ended);
    else if (over)
        contact.duration_s = 0;

    auto disposition = call.disposition;
    if (disposition.empty() && answered) disposition = "answered";
    if (disposition.empty() && over) disposition = outbound ? "no_answer" : "missed";
    if (!outbound && over && !answered) add_flag(contact, "missed");

    const auto ring = call.ring_s ? call.ring_s : seconds_between(call.started, answered ? call.answered : call.ended);
    if (ring) details["ring_s"] = *ring;
    details["disposition"] = disposition;
    details["from_dialed"] = call.from;
    details["to_dialed"] = call.to;
    if (is_own_line(call.from, settings) && is_own_line(call.to, settings)) details["internal"] = true;
    return contact;
}

std::string display_name(const party& who) {
    if (!who.value.empty()) return who.value;
    return who.name.empty() ? "an unknown number" : who.name;
}

std::optional<timestamp> time_of_micros(std::int64_t since_epoch) {
    constexpr auto year_2200 = timestamp(std::chrono::sys_days(std::chrono::year(2200) / 1 / 1));
    const timestamp moment{std::chrono::microseconds(since_epoch)};
    if (since_epoch <= 0 || moment >= year_2200) return std::nullopt;
    return moment;
}

} // namespace switchboard::channels
