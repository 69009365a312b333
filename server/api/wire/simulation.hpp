#pragma once

#include "api/wire/describe.hpp"
#include "api/wire/requests.hpp"
#include "api/wire/routing.hpp"

#include <switchboard/model/simulation.hpp>

/// The center as it is and as it might be.
namespace switchboard {

BOOST_DESCRIBE_STRUCT(simulated_figure, (), (mean, low, high))
BOOST_DESCRIBE_STRUCT(simulated_line, (),
                      (queue, channel, within_s, offered, answered, abandoned, turned_away, mean_wait_s, service_level))
BOOST_DESCRIBE_STRUCT(simulated_agent, (), (agent, occupancy))
BOOST_DESCRIBE_STRUCT(simulated_hour, (), (hour, offered, mean_wait_s, service_level))
BOOST_DESCRIBE_STRUCT(simulated_world, (), (lines, agents, hours))
BOOST_DESCRIBE_STRUCT(simulated_difference, (), (queue, channel, mean_wait_s, service_level, abandoned))
BOOST_DESCRIBE_STRUCT(simulation, (),
                      (recorded_from, recorded_until, time_zone, simulated_hours, replications, as_is, changed,
                       differences, notes))

} // namespace switchboard

namespace switchboard::api {

using percent = integer<0, 10'000>; // 100 = as it is

struct what_if_skill_in {
    id_number skill_id;
    integer<0, 10> level; // 0 = unlearned
};
BOOST_DESCRIBE_STRUCT(what_if_skill_in, (), (skill_id, level))

struct what_if_opening_in {
    list<integer<1, 7>, 7> days; // 1 = Monday
    integer<0, 23> from_hour;
    integer<1, 24> until_hour;
};
BOOST_DESCRIBE_STRUCT(what_if_opening_in, (), (days, from_hour, until_hour))

struct what_if_agent_in {
    id_number agent_id;
    std::optional<bool> absent;
    std::optional<list<what_if_skill_in, 100>> skills;
    std::optional<list<id_number, 100>> join, leave; // queues
    std::optional<integer<0, 9>> grade;
    std::optional<list<what_if_opening_in, 20>> hours;
};
BOOST_DESCRIBE_STRUCT(what_if_agent_in, (), (agent_id, absent, skills, join, leave, grade, hours))

struct what_if_colleagues_in {
    id_number like_agent_id;
    integer<1, 100> count;
    std::optional<list<what_if_skill_in, 100>> skills;
};
BOOST_DESCRIBE_STRUCT(what_if_colleagues_in, (), (like_agent_id, count, skills))

struct what_if_queue_in {
    id_number queue_id;
    std::optional<percent> arrivals_percent, handling_percent;
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
BOOST_DESCRIBE_STRUCT(what_if_queue_in, (),
                      (queue_id, arrivals_percent, handling_percent, order_mode, agent_policy, closed_action,
                       max_waiting, overflow_queue_id, idle_reserve, boost_s, sla_target_s, fqr_percent, interruptible,
                       steps, open))

struct what_if_in {
    std::optional<percent> arrivals_percent;
    std::optional<list<what_if_agent_in, 1000>> agents;
    std::optional<list<what_if_colleagues_in, 100>> colleagues;
    std::optional<list<what_if_queue_in, 1000>> queues;
};
BOOST_DESCRIBE_STRUCT(what_if_in, (), (arrivals_percent, agents, colleagues, queues))

struct simulation_request {
    std::optional<what_if_in> what_if;
    std::optional<integer<1, 366>> days;
    std::optional<integer<2, 100>> replications;
    std::optional<text<1, 64>> time_zone;
};
BOOST_DESCRIBE_STRUCT(simulation_request, (), (what_if, days, replications, time_zone))

} // namespace switchboard::api
