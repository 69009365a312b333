#pragma once

#include "api/wire/describe.hpp"
#include "api/wire/types.hpp"

#include <switchboard/model/calendar.hpp>
#include <switchboard/model/ticket.hpp>

#include <optional>
#include <vector>

/// When queues are open, what they promise, and what became of it.
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
DESCRIBE(calendar_agents, (items, "The agents."))

struct calendar_agents_in {
    list<id_number, 5000> agent_ids;
};
DESCRIBE(calendar_agents_in, (agent_ids, "All agents whose shifts these are; others lose them."))

} // namespace switchboard::api
