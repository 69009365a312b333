#pragma once

#include "api/wire/describe.hpp"
#include "api/wire/requests.hpp"

#include <switchboard/model/routing_story.hpp>

/// Why a ticket went where it went; giving one by hand; trying a configuration.
namespace switchboard::api {

template <>
struct field<&routing_decision::facts> : plain_field {
    static constexpr bool json = true;
};
template <>
struct field<&routing_decision::kind> : plain_field {
    static constexpr std::string_view choices =
        "offered|ended|step|overflowed|put_off|message|assigned|claimed|given_back|returned";
};
template <>
struct field<&waiting_reasons::source> : plain_field {
    static constexpr std::string_view choices = "live|database";
};

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
