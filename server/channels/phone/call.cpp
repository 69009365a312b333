#include "channels/phone/call.hpp"

#include <switchboard/channels/phone_number.hpp>
#include <switchboard/util/text.hpp>
#include <switchboard/util/time.hpp>

#include "channels/email/charset.hpp"
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
std::string_view dialed_user(std::string_view dialed) {
    dialed = trim(dialed);
    for (const std::string_view scheme : {"sip:", "sips:", "tel:"})
        if (dialed.starts_with(scheme)) dialed.remove_prefix(scheme.size());
    return dialed.substr(0, dialed.find_first_of("@;"));
}

/// Dialed inside a house: a short number, or the name of a SIP account.
bool looks_internal(std::string_view dialed) {
    if (is_withheld_number(dialed)) return false;
    const auto text = dialed_user(dialed);
    const bool has_letters = std::ranges::any_of(text, [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; });
    return has_letters || (!text.starts_with('+') && digits_of(text).size() <= longest_extension);
}

bool is_extension(std::string_view number, const gateway_settings& settings) {
    return std::ranges::find(settings.extensions, number) != settings.extensions.end();
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
    const auto number = dialed_user(dialed);
    if (is_withheld_number(who.name) || who.name == number) who.name.clear();
    const bool extension = is_extension(number, settings);
    if (!extension && is_withheld_number(dialed)) return who;
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
    const auto number = dialed_user(dialed);
    if (is_extension(number, settings)) return true;
    if (is_withheld_number(dialed)) return false;
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
    auto to = party_of(call.to, call.to_name, settings);
    if (to == party{}) to.name = digits_of(call.to); // nobody withholds where a call goes: "0" is the front desk
    if (to != party{}) contact.to.push_back(std::move(to));
    contact.occurred_at = call.started;
    contact.subject = call_subject(contact);

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
    if (disposition.empty() && over) disposition = contact.direction == "out" ? "no_answer" : "missed";
    // Where somebody else was quicker, somebody has answered.
    if (contact.direction == "in" && over && !answered && disposition != "answered_elsewhere")
        add_flag(contact, "missed");

    const auto ring = call.ring_s ? call.ring_s : seconds_between(call.started, answered ? call.answered : call.ended);
    if (ring) details["ring_s"] = *ring;
    details["disposition"] = disposition;
    details["from_dialed"] = call.from;
    details["to_dialed"] = call.to;
    for (const auto& [from, until] : call.talks)
        details["talks"].push_back({{"from", to_rfc3339(from)}, {"until", to_rfc3339(until)}});
    if (call.answered) details["answered_at"] = to_rfc3339(*call.answered);
    if (call.ended) details["ended_at"] = to_rfc3339(*call.ended);
    if (is_own_line(call.from, settings) && is_own_line(call.to, settings)) details["internal"] = true;
    return contact;
}

void add_leg(nlohmann::json& details, const inbound_contact& contact) {
    nlohmann::json leg{{"id", contact.external_id}};
    for (const char* name :
         {"from_dialed", "to_dialed", "agent", "answered_at", "ended_at", "disposition", "queue_answer", "talks"})
        if (const auto found = details.find(name); found != details.end()) leg[name] = *found;
    details.erase("talks"); // the leg's, not the call's
    if (contact.occurred_at) leg["started_at"] = to_rfc3339(*contact.occurred_at);
    if (contact.duration_s) leg["talk_s"] = *contact.duration_s;
    details["legs"] = nlohmann::json::array({std::move(leg)});
}

std::string readable(std::string_view text, const gateway_settings& settings) {
    if (email::is_utf8(text)) return clean_utf8(text);
    return email::to_utf8(text, settings.charset.empty() ? "windows-1252" : settings.charset);
}

std::string call_subject(const inbound_contact& contact) {
    if (contact.direction == "out") return "Call to " + display_name(contact.to.empty() ? party{} : contact.to.front());
    return "Call from " + display_name(contact.from);
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
