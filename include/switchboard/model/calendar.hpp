#pragma once

#include <switchboard/model/describe.hpp>
#include <switchboard/model/noun.hpp>
#include <switchboard/model/time.hpp>

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// When people are there, and what is promised to who writes then. The fields are the wire's.
namespace switchboard {

BOOST_DEFINE_ENUM_CLASS(week_day, sun, mon, tue, wed, thu, fri, sat) // from Sunday, as std::chrono counts

/// "09:00" to "17:30"; seconds may follow. One that closes before it opens closes the day after; "24:00" is midnight.
struct opening {
    text<5, 8> from, to;
};
DESCRIBE(opening, (from, "When it opens, like 09:00."),
         (to, "When it closes, like 17:30, up to 24:00; before it opens means the day after."))

struct weekly_opening {
    stated<week_day> day;
    text<5, 8> from, to;
};
DESCRIBE(weekly_opening, (day, "Each week on this day."), (from, "When it opens, like 09:00."),
         (to, "When it closes, like 17:30, up to 24:00; before it opens means the day after."))

struct special_day {
    text<10, 10> date;
    text<0, 100> name;
    list<opening, 24> hours;
};
DESCRIBE(special_day, (date, "The date, like 2026-12-25."), (name, "What the day is called."),
         (hours, "What is open then in place of the week's hours; nothing: closed."))

/// When queues are open, and agents on shift.
struct calendar {
    read_only<row_id> id;
    line<1, 100> name;
    text<1, 64> timezone;
    list<weekly_opening, 168> hours;
    list<special_day, 1000> special_days;
    read_only<row_id> version;
};
DESCRIBE(calendar, (id, "Its number."), (name, "What people call it."),
         (timezone, "Where its clock hangs: an IANA name, like Europe/Berlin."), (hours, "The week's hours."),
         (special_days, "Days with hours of their own."), (version, "Grows with each change; If-Match compares it."))

/// One line of a ticket's ledger.
struct sla_entry {
    std::string clock; // first_answer solution follow_up
    std::string kind;  // started paused resumed met breached repriced withdrawn
    timestamp at{};
    std::string reason; // why it was paused or met, or what started it
    std::string policy; // which target in which version, by which hours
    std::int64_t target_s = 0;
    std::int64_t remaining_s = 0;    // below 0 = late by so much
    std::optional<timestamp> due_at; // empty while it is paused for the customer, and when it is over
};
DESCRIBE(sla_entry, (clock, "What the clock measures."), (kind, "What happened to it."), (at, "When it happened."),
         (reason, "Why it was paused or met, or what started it."),
         (policy, "Which target in which version, by which hours."), (target_s, "What was promised, in seconds."),
         (remaining_s, "How much was left, in seconds; below 0: late by so much."),
         (due_at, "When it was due; empty while paused, and when it was over."))

struct sla_clock {
    std::string clock;
    std::string state; // running paused closed met breached
    std::int64_t target_s = 0;
    std::int64_t remaining_s = 0;
    std::optional<timestamp> due_at;
};
DESCRIBE(sla_clock, (clock, "What the clock measures."), (state, "How it stands."),
         (target_s, "What is promised, in seconds."),
         (remaining_s, "How much is left, in seconds; below 0: late by so much."),
         (due_at, "When it is due; empty while paused, and when it is over."))

/// How a ticket stands to what was promised.
struct sla_status {
    std::string policy;
    std::vector<sla_clock> clocks;
};
DESCRIBE(sla_status, (policy, "Which target in which version, by which hours."),
         (clocks, "The clocks that were started."))

struct sla_ledger : sla_status {
    std::vector<sla_entry> entries; // oldest first
};
DESCRIBE_DERIVED(sla_ledger, sla_status, (entries, "What happened to the clocks; the oldest is first."))

} // namespace switchboard
