#pragma once

#include "api/wire/describe.hpp"
#include "api/wire/requests.hpp"

#include <switchboard/model/queue.hpp>
#include <switchboard/model/routing_explanation.hpp>
#include <switchboard/model/states.hpp>

/// Why a ticket went where it went; giving one by hand; trying a configuration.
namespace switchboard::api {

template <>
struct field<&routing_decision::facts> : plain_field {
    static constexpr bool json = true;
};
template <>
struct field<&routing_decision::kind> : name_field<routing_step> {};
template <>
struct field<&waiting_reasons::source> : name_field<waiting_source> {};

struct ticket_agents {
    std::vector<agent_standing> items;
};
DESCRIBE(ticket_agents, (items, "Each agent."))

struct assign_request {
    id_number agent_id;
    label<1000> reason;
};
DESCRIBE(assign_request, (agent_id, "Who shall have it."), (reason, "Why this agent."))

struct queue_check_request {
    std::optional<list<id_number, 5000>> members; // agents in place of the queue's
    std::optional<switchboard::list<queue_step, 16>> steps;
};
DESCRIBE(queue_check_request, (members, "Agents in place of the queue's members."),
         (steps, "Relaxation steps in place of the queue's."))

} // namespace switchboard::api
