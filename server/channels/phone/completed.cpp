#include <switchboard/channels/calls.hpp>

#include <switchboard/util/json.hpp>
#include <switchboard/util/text.hpp>
#include <switchboard/util/time.hpp>

#include "channels/phone/call.hpp"
#include "channels/phone/talk_time.hpp"
#include "channels/records.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace switchboard::channels {

namespace {

using nlohmann::json;

constexpr std::size_t most_legs = 50; // that are listed
constexpr std::size_t most_notes = 1u << 20;

std::string text_at(const json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::optional<timestamp> time_at(const json& object, const char* name) {
    return parse_rfc3339(text_at(object, name));
}

/// Those that are brought together otherwise, or belong to one leg's place in the call.
bool is_of_one_report(std::string_view name) {
    return name == "legs" || name == "progress" || name == "internal";
}

/// Adds the members that are not there yet.
void fill(json& known, const json& more) {
    for (const auto& [name, value] : more.items())
        if (!is_of_one_report(name) && !known.contains(name)) known[name] = value;
}

bool is_answered(const json& told) {
    return text_at(told, "disposition") == "answered" || told.contains("answered_at");
}

/// Which leg is sooner left out where there are too many: who answered stays, then who rang first.
bool is_worth_more(const json& a, const json& b) {
    const auto key = [](const json& leg) {
        return std::tuple{!is_answered(leg), text_at(leg, "started_at"), text_at(leg, "id")};
    };
    return key(a) < key(b);
}

void add_legs(json& known, const json& more) {
    for (const auto& leg : member(more, "legs")) {
        auto& legs = known["legs"];
        const auto same =
            std::ranges::find_if(legs, [&](const json& l) { return l.value("id", "") == leg.value("id", ""); });
        if (same != legs.end())
            fill(*same, leg);
        else
            legs.push_back(leg);
        if (legs.size() > most_legs) legs.erase(std::max_element(legs.begin(), legs.end(), is_worth_more));
    }
}

/// Which of two tells of the whole call, from the customer on: not of a consultation inside the house, and the earlier.
bool is_nearer_to_caller(const inbound_contact& a, const json& a_details, const inbound_contact& b,
                         const json& b_details) {
    const bool inside = a_details.contains("internal"), other_inside = b_details.contains("internal");
    if (inside != other_inside) return other_inside;
    return a.occurred_at && b.occurred_at && *a.occurred_at < *b.occurred_at;
}

/// "missed" is our own word for what nobody has named.
bool says_more(const std::string& word, const std::string& than) {
    const auto rank = [](const std::string& w) {
        return w == "answered" ? 3 : w == "answered_elsewhere" ? 2 : w.empty() || w == "missed" ? 0 : 1;
    };
    return rank(word) > rank(than);
}

std::optional<timestamp> later_of(const json& legs, const char* name) {
    std::optional<timestamp> out;
    for (const auto& leg : legs)
        if (const auto time = time_at(leg, name); time && (!out || *time > *out)) out = time;
    return out;
}

/// What follows from what is known now.
void settle(inbound_contact& call, json& details) {
    const auto& legs = member(details, "legs");
    if (!legs.empty()) {
        const auto talked = talk_of(legs);
        call.duration_s = talked.seconds;
        if (talked.answered_at) details["answered_at"] = to_rfc3339(*talked.answered_at);
        if (const auto end = later_of(legs, "ended_at")) details["ended_at"] = to_rfc3339(*end);
    }
    const auto& progress = member(details, "progress");
    const auto answered_at =
        details.contains("answered_at") ? time_at(details, "answered_at") : time_at(progress, "answered");
    const auto ended_at = details.contains("ended_at") ? time_at(details, "ended_at") : time_at(progress, "hangup");
    const auto told = text_at(details, "disposition");
    const bool answered = answered_at || told == "answered" || call.duration_s.value_or(0) > 0;
    const bool over = ended_at || call.duration_s || (!told.empty() && told != "answered");

    if (legs.empty() && over) {
        const bool timed = answered_at && ended_at && *ended_at >= *answered_at;
        if (timed)
            call.duration_s = std::chrono::floor<std::chrono::seconds>(*ended_at - *answered_at).count();
        else if (!answered)
            call.duration_s = 0;
    }
    if (answered)
        details["disposition"] = "answered";
    else if (over && told.empty())
        details["disposition"] = call.direction == "out" ? "no_answer" : "missed";
    if (const auto rang_until = answered ? answered_at : ended_at;
        call.occurred_at && rang_until && *rang_until >= *call.occurred_at)
        details["ring_s"] = std::chrono::floor<std::chrono::seconds>(*rang_until - *call.occurred_at).count();
    std::erase(call.flags, "missed");
    if (call.direction == "in" && over && !answered && told != "answered_elsewhere") add_flag(call, "missed");
    call.subject = call_subject(call);
}

void add_notes(std::string& known, const std::string& more) {
    if (trim(more).empty() || known.contains(more)) return;
    if (more.contains(known))
        known = more;
    else if (known.size() + more.size() < most_notes)
        known += "\n" + more;
}

bool is_same(const inbound_contact& a, const inbound_contact& b) {
    return a.details == b.details && a.direction == b.direction && a.from == b.from && a.to == b.to &&
           a.text == b.text && a.occurred_at == b.occurred_at && a.duration_s == b.duration_s && a.flags == b.flags &&
           a.language == b.language;
}

/// With what follows from it; empty where nothing has come to what was known.
std::optional<inbound_contact> settled(inbound_contact call, json details, const inbound_contact& known,
                                       const json& known_details) {
    auto before = known;
    before.details = details_text(known_details); // as they are written now
    call.details = details_text(details);
    if (is_same(call, before)) return std::nullopt;
    settle(call, details);
    call.details = details_text(details);
    if (is_same(call, before)) return std::nullopt;
    return call;
}

} // namespace

std::optional<inbound_contact> completed(const inbound_contact& known, const inbound_contact& report) {
    const auto before = own_json(known.details), told = own_json(report.details);
    auto details = before;
    auto call = known;
    if (is_nearer_to_caller(report, told, known, before)) {
        call.direction = report.direction;
        call.from = report.from;
        call.to = report.to;
        for (const char* name : {"from_dialed", "to_dialed"}) details[name] = text_at(told, name);
        if (!told.contains("internal")) details.erase("internal");
    }
    const auto known_word = text_at(details, "disposition"), told_word = text_at(told, "disposition");
    if (is_answered(told) && !is_answered(before)) // who answered knows more of the call than who let it ring
        for (const auto& [name, value] : told.items())
            if (!is_of_one_report(name) && name != "call_id" && !name.ends_with("_dialed")) details[name] = value;
    fill(details, told);
    details["disposition"] = says_more(told_word, known_word) ? told_word : known_word;
    add_legs(details, told);
    if (report.occurred_at && (!call.occurred_at || *report.occurred_at < *call.occurred_at))
        call.occurred_at = report.occurred_at;
    if (call.from.kind.empty() && !report.from.kind.empty()) call.from = report.from;
    if (call.from.name.empty() && call.from.value == report.from.value) call.from.name = report.from.name;
    if (call.to.empty()) call.to = report.to;
    if (report.duration_s) call.duration_s = std::max(*report.duration_s, call.duration_s.value_or(0));
    if (call.language.empty()) call.language = report.language;
    for (const auto& flag : report.flags) add_flag(call, flag);
    add_notes(call.text, report.text);
    return settled(std::move(call), std::move(details), known, before);
}

std::optional<inbound_contact> completed(const inbound_contact& known, const contact_event& progress,
                                         timestamp received) {
    const auto before = own_json(known.details), told = own_json(progress.details);
    auto details = before;
    if (member(details, "progress").contains(progress.type)) return std::nullopt;
    details["progress"][progress.type] = to_rfc3339(progress.at.value_or(received));
    for (const auto& [from, to] : {std::pair{"agent", "agent"}, {"queue", "queue"}, {"cause", "hangup_cause"}})
        if (auto word = text_at(told, from); !word.empty() && !details.contains(to)) details[to] = std::move(word);
    return settled(known, std::move(details), known, before);
}

call_state state_of(const inbound_contact& call) {
    const auto details = own_json(call.details);
    const auto& progress = member(details, "progress");
    const auto word = text_at(details, "disposition");
    const bool answered = is_answered(details) || progress.contains("answered") || call.duration_s.value_or(0) > 0 ||
                          word == "answered_elsewhere";
    const bool over = details.contains("ended_at") || progress.contains("hangup") || call.duration_s ||
                      (!word.empty() && word != "answered");
    if (over) return answered ? call_state::ended : call_state::missed;
    return answered ? call_state::talks : call_state::rings;
}

} // namespace switchboard::channels
