#pragma once

#include "api/wire/describe.hpp"
#include "api/wire/types.hpp"

#include <switchboard/model/calendar.hpp>
#include <switchboard/model/ticket.hpp>

#include <optional>
#include <vector>

/// When queues are open, what they promise, and what became of it.
namespace switchboard {

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

struct calendar_agents {
    std::vector<named> items;
};
BOOST_DESCRIBE_STRUCT(calendar_agents, (), (items))

struct calendar_agents_in {
    list<id_number, 5000> agent_ids;
};
BOOST_DESCRIBE_STRUCT(calendar_agents_in, (), (agent_ids))

} // namespace switchboard::api
