#pragma once

#include "api/wire/describe.hpp"
#include "api/wire/types.hpp"

#include <switchboard/model/calendar.hpp>
#include <switchboard/model/ticket.hpp>

#include <optional>
#include <vector>

/// When queues are open, what they promise, and what became of it.
namespace switchboard {

BOOST_DESCRIBE_STRUCT(opening, (), (from, to))
BOOST_DESCRIBE_STRUCT(weekly_opening, (), (day, from, to))
BOOST_DESCRIBE_STRUCT(special_day, (), (date, name, hours))
BOOST_DESCRIBE_STRUCT(calendar, (), (id, name, timezone, hours, special_days, version))
BOOST_DESCRIBE_STRUCT(sla_entry, (), (clock, kind, at, reason, policy, target_s, remaining_s, due_at))
BOOST_DESCRIBE_STRUCT(sla_clock, (), (clock, state, target_s, remaining_s, due_at))
BOOST_DESCRIBE_STRUCT(sla_status, (), (policy, clocks))
BOOST_DESCRIBE_STRUCT(sla_ledger, (sla_status), (entries))

} // namespace switchboard

namespace switchboard::api {

namespace detail {
struct a_clock : plain_field {
    static constexpr std::string_view choices = "first_answer|solution";
};
} // namespace detail

template <>
struct field<&weekly_opening::day> : plain_field {
    static constexpr std::string_view choices = "mon|tue|wed|thu|fri|sat|sun";
};
template <>
struct field<&sla_entry::clock> : detail::a_clock {};
template <>
struct field<&sla_clock::clock> : detail::a_clock {};
template <>
struct field<&sla_entry::kind> : plain_field {
    static constexpr std::string_view choices = "started|paused|resumed|met|breached|repriced|withdrawn";
};
template <>
struct field<&sla_clock::state> : plain_field {
    static constexpr std::string_view choices = "running|paused|closed|met|breached";
};

struct opening_in {
    text<5, 8> from;
    text<5, 8> to;
};
BOOST_DESCRIBE_STRUCT(opening_in, (), (from, to))

struct weekly_opening_in {
    one_of<"mon", "tue", "wed", "thu", "fri", "sat", "sun"> day;
    text<5, 8> from;
    text<5, 8> to;
};
BOOST_DESCRIBE_STRUCT(weekly_opening_in, (), (day, from, to))

struct special_day_in {
    text<10, 10> date;
    std::optional<text<0, 100>> name;
    std::optional<list<opening_in, 24>> hours; // none = closed
};
BOOST_DESCRIBE_STRUCT(special_day_in, (), (date, name, hours))

/// A PATCH takes any of these; a POST must have a name and a time zone.
struct calendar_terms {
    std::optional<label<100>> name;
    std::optional<text<1, 64>> timezone;
    std::optional<list<weekly_opening_in, 168>> hours;
    std::optional<list<special_day_in, 1000>> special_days;
};
BOOST_DESCRIBE_STRUCT(calendar_terms, (), (name, timezone, hours, special_days))

struct calendar_agents {
    std::vector<named> items;
};
BOOST_DESCRIBE_STRUCT(calendar_agents, (), (items))

struct calendar_agents_in {
    list<id_number, 5000> agent_ids;
};
BOOST_DESCRIBE_STRUCT(calendar_agents_in, (), (agent_ids))

} // namespace switchboard::api
