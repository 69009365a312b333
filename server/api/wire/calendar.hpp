#pragma once

#include "api/wire/describe.hpp"
#include "api/wire/types.hpp"

#include <switchboard/model/calendar.hpp>
#include <switchboard/model/states.hpp>
#include <switchboard/model/ticket.hpp>

#include <optional>
#include <vector>

/// When queues are open, what they promise, and what became of it.
namespace switchboard::api {

template <>
struct field<&sla_entry::clock> : name_field<sla_clock_name> {};
template <>
struct field<&sla_clock::clock> : name_field<sla_clock_name> {};
template <>
struct field<&sla_entry::kind> : name_field<sla_entry_kind> {};
template <>
struct field<&sla_clock::state> : name_field<sla_clock_state> {};

struct calendar_agents {
    std::vector<named> items;
};
DESCRIBE(calendar_agents, (items, "The agents."))

struct calendar_agents_in {
    list<id_number, 5000> agent_ids;
};
DESCRIBE(calendar_agents_in, (agent_ids, "All agents whose shifts these are; others lose them."))

} // namespace switchboard::api
