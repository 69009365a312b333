#include "channels/email/invitation.hpp"

#include <switchboard/util/text.hpp>

#include <fmt/format.h>
#include <libical/ical.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

namespace switchboard::channels::email {
namespace {

// The library walks components by recursion, so what it is given is small and flat.
constexpr std::size_t most_bytes = 512u << 10;
constexpr std::ptrdiff_t most_components = 200;
constexpr int most_events = 20, most_people = 30;

struct component_free {
    void operator()(icalcomponent* c) const noexcept { icalcomponent_free(c); }
};
struct memory_free {
    void operator()(char* text) const noexcept { icalmemory_free_buffer(text); }
};

std::ptrdiff_t count_of(std::string_view text, std::string_view words) {
    std::ptrdiff_t n = 0;
    for (auto at = text.find(words); at != std::string_view::npos; at = text.find(words, at + words.size())) ++n;
    return n;
}

icalproperty* property(icalcomponent* c, icalproperty_kind kind) {
    return icalcomponent_get_first_property(c, kind);
}

std::string text_of(icalcomponent* c, icalproperty_kind kind) {
    icalproperty* found = property(c, kind);
    if (!found) return {};
    const icalvalue* value = icalproperty_get_value(found);
    const char* text = value ? icalvalue_get_text(value) : nullptr;
    return text ? clean_utf8(trim(std::string_view(text))) : std::string();
}

std::string parameter(icalproperty* p, const char* name) {
    const std::unique_ptr<char, memory_free> text{icalproperty_get_parameter_as_string_r(p, name)};
    return text ? clean_utf8(text.get()) : std::string();
}

/// "Petra Holm <petra@example.net>"
std::string person_of(icalproperty* p) {
    const std::unique_ptr<char, memory_free> value{icalproperty_get_value_as_string_r(p)};
    std::string address = value ? clean_utf8(value.get()) : std::string();
    if (lower_ascii(std::string_view(address).substr(0, 7)) == "mailto:") address.erase(0, 7);
    const auto name = parameter(p, "CN");
    if (name.empty() || name == address) return address;
    return address.empty() ? name : fmt::format("{} <{}>", name, address);
}

struct moment {
    std::string day, time, zone; // no time: the whole day
};

std::optional<moment> moment_of(icalcomponent* c, icalproperty_kind kind) {
    icalproperty* p = property(c, kind);
    const icalvalue* value = p ? icalproperty_get_value(p) : nullptr;
    if (!value) return std::nullopt;
    const auto what = icalvalue_isa(value);
    if (what != ICAL_DATE_VALUE && what != ICAL_DATETIME_VALUE) return std::nullopt;
    const auto t = what == ICAL_DATE_VALUE ? icalvalue_get_date(value) : icalvalue_get_datetime(value);
    if (icaltime_is_null_time(t)) return std::nullopt;
    moment out{.day = fmt::format("{:04}-{:02}-{:02}", t.year, t.month, t.day), .time = {}, .zone = {}};
    if (t.is_date) return out;
    out.time = fmt::format("{:02}:{:02}", t.hour, t.minute);
    out.zone = icaltime_is_utc(t) ? "UTC" : parameter(p, "TZID");
    return out;
}

/// "2026-03-10 13:00–14:00 UTC"
std::string when(icalcomponent* c) {
    const auto from = moment_of(c, ICAL_DTSTART_PROPERTY);
    if (!from) return {};
    const auto until = moment_of(c, ICAL_DTEND_PROPERTY);
    std::string out = from->day + (from->time.empty() ? "" : " " + from->time);
    if (until && !from->time.empty() && until->day == from->day)
        out += "–" + until->time;
    else if (until && !from->time.empty())
        out += " – " + until->day + " " + until->time;
    if (!from->time.empty()) out += " " + (from->zone.empty() ? "(local time of the sender)" : from->zone);
    if (property(c, ICAL_RRULE_PROPERTY)) out += ", repeated";
    return out;
}

std::string_view title_of(icalcomponent* calendar, icalcomponent* event) {
    const auto status = icalcomponent_get_status(event);
    switch (icalcomponent_get_method(calendar)) {
    case ICAL_METHOD_CANCEL:
        return "Cancelled";
    case ICAL_METHOD_REPLY:
        return "Answer to an invitation";
    case ICAL_METHOD_COUNTER:
        return "Another time proposed";
    case ICAL_METHOD_REQUEST:
        return status == ICAL_STATUS_CANCELLED ? "Cancelled" : "Invitation";
    default:
        return status == ICAL_STATUS_CANCELLED ? "Cancelled" : "Appointment";
    }
}

/// What each of the invited has said, where it is said.
std::string_view answer_word(const std::string& state) {
    const auto folded = lower_ascii(state);
    if (folded == "accepted") return "accepts";
    if (folded == "declined") return "declines";
    if (folded == "tentative") return "accepts provisionally";
    if (folded == "delegated") return "sends somebody else";
    return {};
}

void add_line(std::string& out, std::string_view name, const std::string& value) {
    if (!value.empty()) out += fmt::format("{}: {}\n", name, value);
}

std::string event_words(icalcomponent* calendar, icalcomponent* event) {
    const auto what = text_of(event, ICAL_SUMMARY_PROPERTY);
    std::string out = fmt::format("{}: {}\n", title_of(calendar, event), what.empty() ? "(without a title)" : what);
    const bool answers = icalcomponent_get_method(calendar) == ICAL_METHOD_REPLY;
    std::string people;
    int n = 0;
    for (auto* p = property(event, ICAL_ATTENDEE_PROPERTY); p && n < most_people;
         p = icalcomponent_get_next_property(event, ICAL_ATTENDEE_PROPERTY), ++n) {
        const auto word = answer_word(parameter(p, "PARTSTAT"));
        if (answers && !word.empty())
            out += fmt::format("{} {}\n", person_of(p), word);
        else
            people += (people.empty() ? "" : ", ") + person_of(p);
    }
    add_line(out, "When", when(event));
    add_line(out, "Where", text_of(event, ICAL_LOCATION_PROPERTY));
    if (auto* organizer = property(event, ICAL_ORGANIZER_PROPERTY)) add_line(out, "Organizer", person_of(organizer));
    add_line(out, "Who", people);
    if (const auto words = text_of(event, ICAL_DESCRIPTION_PROPERTY); !words.empty()) out += "\n" + words + "\n";
    if (const auto comment = text_of(event, ICAL_COMMENT_PROPERTY); !comment.empty()) out += "\n" + comment + "\n";
    return out;
}

} // namespace

std::string invitation_words(std::string_view calendar) {
    if (calendar.size() > most_bytes) return {};
    if (const auto folded = lower_ascii(calendar); count_of(folded, "begin:") > most_components) return {};
    const std::string text = clean_utf8(calendar);
    const std::unique_ptr<icalcomponent, component_free> root{icalparser_parse_string(text.c_str())};
    if (!root || icalcomponent_isa(root.get()) != ICAL_VCALENDAR_COMPONENT) return {};
    std::string out;
    int n = 0;
    for (const auto kind : {ICAL_VEVENT_COMPONENT, ICAL_VTODO_COMPONENT})
        for (auto* event = icalcomponent_get_first_component(root.get(), kind); event && n < most_events;
             event = icalcomponent_get_next_component(root.get(), kind), ++n)
            out += (out.empty() ? "" : "\n") + event_words(root.get(), event);
    return out;
}

} // namespace switchboard::channels::email
