#pragma once

#include "api/wire/describe.hpp"
#include "api/wire/requests.hpp"

#include <switchboard/model/routing_story.hpp>

/// Why a ticket went where it went; giving one by hand; trying a configuration.
namespace switchboard {

BOOST_DESCRIBE_STRUCT(routing_decision, (), (id, at, kind, agent, offer_id, step, facts, words))
BOOST_DESCRIBE_STRUCT(work_in_hand, (), (channel, items, capacity))
BOOST_DESCRIBE_STRUCT(could_agent, (named), (in_hand))
BOOST_DESCRIBE_STRUCT(almost_agent, (), (agent, missing, lacks, declined_at, asked_again_at))
BOOST_DESCRIBE_STRUCT(lacked_term, (), (name, agents))
BOOST_DESCRIBE_STRUCT(excluded_agents, (), (reason, agents, which))
BOOST_DESCRIBE_STRUCT(agent_standing, (), (agent, licensed, reasons, words, in_hand))
BOOST_DESCRIBE_STRUCT(waiting_reasons, (),
                      (source, waited_s, step, members, could_take, almost, excluded, held_for, next_step,
                       next_step_does, ahead, estimated_wait_s))
BOOST_DESCRIBE_STRUCT(routing_story, (), (decisions, waiting, words))
BOOST_DESCRIBE_STRUCT(queue_check, (), (waiting, nobody, nobody_after_steps, words))

} // namespace switchboard

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
BOOST_DESCRIBE_STRUCT(ticket_agents, (), (items))

struct assign_request {
    id_number agent_id;
    label<1000> reason;
};
BOOST_DESCRIBE_STRUCT(assign_request, (), (agent_id, reason))

struct queue_check_request {
    std::optional<list<id_number, 5000>> members; // agents in place of the queue's
    std::optional<switchboard::list<queue_step, 16>> steps;
};
BOOST_DESCRIBE_STRUCT(queue_check_request, (), (members, steps))

} // namespace switchboard::api
