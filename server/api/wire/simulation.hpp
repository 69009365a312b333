#pragma once

#include "api/wire/describe.hpp"
#include "api/wire/requests.hpp"
#include "api/wire/routing.hpp"

#include <switchboard/model/simulation.hpp>

/// The center as it is and as it might be.
namespace switchboard::api {

using percent = integer<0, 10'000>; // 100 = as it is

struct what_if_skill_in {
    id_number skill_id;
    integer<0, 10> level; // 0 = unlearned
};
DESCRIBE(what_if_skill_in, (skill_id, "The skill."), (level, "How well it is had: 10 is the best; 0 is unlearned."))

struct what_if_opening_in {
    list<integer<1, 7>, 7> days; // 1 = Monday
    integer<0, 23> from_hour;
    integer<1, 24> until_hour;
};
DESCRIBE(what_if_opening_in, (days, "The days of the week: 1 is Monday."),
         (from_hour, "The hour of the day at which it begins."), (until_hour, "The hour of the day at which it ends."))

struct what_if_agent_in {
    id_number agent_id;
    std::optional<bool> absent;
    std::optional<list<what_if_skill_in, 100>> skills;
    std::optional<list<id_number, 100>> join, leave; // queues
    std::optional<integer<0, 9>> grade;
    std::optional<list<what_if_opening_in, 20>> hours;
};
DESCRIBE(what_if_agent_in, (agent_id, "The agent."), (absent, "Whether the agent is not there at all."),
         (skills, "Skills that differ."), (join, "Queues that the agent joins."),
         (leave, "Queues that the agent leaves."), (grade, "The hardest tickets that the agent gets: 9 is any."),
         (hours, "The agent's hours, in place of those that were recorded."))

struct what_if_colleagues_in {
    id_number like_agent_id;
    integer<1, 100> count;
    std::optional<list<what_if_skill_in, 100>> skills;
};
DESCRIBE(what_if_colleagues_in, (like_agent_id, "The agent whose profile and hours they have."),
         (count, "How many they are."), (skills, "Skills that differ."))

struct what_if_queue_in {
    id_number queue_id;
    std::optional<percent> arrivals_percent;
    std::optional<integer<1, 10'000>> handling_percent; // 100 = as it is
    std::optional<switchboard::order_mode> order_mode;
    std::optional<switchboard::agent_policy> agent_policy;
    std::optional<switchboard::closed_action> closed_action;
    std::optional<nullable<integer<0, 1'000'000>>> max_waiting;
    std::optional<nullable<id_number>> overflow_queue_id;
    std::optional<integer<0, 10'000>> idle_reserve;
    std::optional<integer<0, 86'400>> boost_s;
    std::optional<integer<1, 31'536'000>> sla_target_s;
    std::optional<integer<0, 100>> fqr_percent;
    std::optional<bool> interruptible;
    std::optional<switchboard::list<queue_step, 16>> steps;
    std::optional<list<what_if_opening_in, 20>> open;
};
DESCRIBE(what_if_queue_in, (queue_id, "The queue."), (arrivals_percent, "How many come: 100 is as it is."),
         (handling_percent, "How long the work takes: 100 is as it is."), (order_mode, "Which ticket is first."),
         (agent_policy, "Which agent is first."), (closed_action, "What happens to those who come while it is closed."),
         (max_waiting, "How many may wait; null: any number."),
         (overflow_queue_id, "Where those go for whom there is no place; null: nowhere."),
         (idle_reserve, "Work that can wait is offered only while more agents for calls and chats are idle."),
         (boost_s, "By how much a step of priority makes a ticket count as older, in seconds."),
         (sla_target_s, "What is promised, in seconds."),
         (fqr_percent, "With the order fqr: the part of all that waits that should wait here."),
         (interruptible, "Whether its work is parked for live work."),
         (steps, "Relaxation steps in place of the queue's."), (open, "Its hours."))

struct what_if_in {
    std::optional<percent> arrivals_percent;
    std::optional<list<what_if_agent_in, 1000>> agents;
    std::optional<list<what_if_colleagues_in, 100>> colleagues;
    std::optional<list<what_if_queue_in, 1000>> queues;
};
DESCRIBE(what_if_in, (arrivals_percent, "How many come to all queues: 100 is as it is."),
         (agents, "Agents that differ."), (colleagues, "New colleagues."), (queues, "Queues that differ."))

struct simulation_request {
    std::optional<what_if_in> what_if;
    std::optional<integer<1, 366>> days;
    std::optional<integer<2, 100>> replications;
    std::optional<text<1, 64>> time_zone;
};
DESCRIBE(simulation_request, (what_if, "What differs; what is not named stays as it is."),
         (days, "How many recorded days are used."), (replications, "How often the same time is simulated."),
         (time_zone, "The time zone of hours: an IANA name."))

} // namespace switchboard::api
