#pragma once

#include <switchboard/model/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// When people are there, and what is promised to who writes then. The fields are the wire's.
namespace switchboard {

/// "09:00" to "17:30"; seconds may follow. One that closes before it opens closes the day after; "24:00" is midnight.
struct opening {
    std::string from;
    std::string to;
};

struct weekly_opening {
    std::string day; // mon tue wed thu fri sat sun
    std::string from;
    std::string to;
};

/// What opens on this date in place of the week's hours; none = closed.
struct special_day {
    std::string date; // YYYY-MM-DD
    std::string name;
    std::vector<opening> hours;
};

struct calendar {
    std::int64_t id = 0;
    std::string name;
    std::string timezone = "UTC"; // IANA
    std::vector<weekly_opening> hours;
    std::vector<special_day> special_days;
    std::int64_t version = 1;
};

/// One line of a ticket's ledger.
struct sla_entry {
    std::string clock; // first_answer solution
    std::string kind;  // started paused resumed met breached repriced withdrawn
    timestamp at{};
    std::string reason; // why it was paused or met, or what started it
    std::string policy; // which target in which version, by which hours
    std::int64_t target_s = 0;
    std::int64_t remaining_s = 0;    // below 0 = late by so much
    std::optional<timestamp> due_at; // empty while it is paused for the customer, and when it is over
};

struct sla_clock {
    std::string clock;
    std::string state; // running paused closed met breached
    std::int64_t target_s = 0;
    std::int64_t remaining_s = 0;
    std::optional<timestamp> due_at;
};

/// How a ticket stands to what was promised.
struct sla_status {
    std::string policy;
    std::vector<sla_clock> clocks;
};

struct sla_ledger : sla_status {
    std::vector<sla_entry> entries; // oldest first
};

} // namespace switchboard
