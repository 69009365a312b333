#pragma once

#include <switchboard/model/describe.hpp>
#include <switchboard/model/directory.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// The contact center as it is and as it might be, worked through side by side. The fields of the result are the
/// wire's.
namespace switchboard {

struct what_if_skill {
    std::int64_t skill_id = 0;
    std::int64_t level = 0; // 1..10; 0 = unlearned
};

/// Hours of a queue or an agent, in the time zone of the simulation.
struct what_if_opening {
    std::vector<std::int64_t> days; // 1 = Monday … 7 = Sunday
    std::int64_t from_hour = 0;     // whole hours, 0..23 …
    std::int64_t until_hour = 24;   // … up to here
};

struct what_if_agent {
    std::int64_t agent_id = 0;
    bool absent = false;
    std::vector<what_if_skill> skills;
    std::vector<std::int64_t> join, leave; // queues
    std::optional<std::int64_t> grade;
    std::optional<std::vector<what_if_opening>> hours; // in place of those that were recorded
};

/// New colleagues with the profile and the hours of one who is there.
struct what_if_colleagues {
    std::int64_t like_agent_id = 0;
    std::int64_t count = 1;
    std::vector<what_if_skill> skills;
};

/// What is not there stays as it is.
struct what_if_queue {
    std::int64_t queue_id = 0;
    std::optional<double> arrivals, handling; // factors
    std::optional<switchboard::order_mode> order_mode;
    std::optional<switchboard::agent_policy> agent_policy;
    std::optional<switchboard::closed_action> closed_action;
    std::optional<std::int64_t> max_waiting, overflow_queue_id; // 0 = none
    std::optional<std::int64_t> idle_reserve, boost_s, sla_target_s, fqr_percent, interruptible;
    std::optional<std::vector<queue_step>> steps;
    std::optional<std::vector<what_if_opening>> open;
};

struct what_if {
    double arrivals = 1; // factor
    std::vector<what_if_agent> agents;
    std::vector<what_if_colleagues> colleagues;
    std::vector<what_if_queue> queues;
};

/// A mean over the replications, and the interval that holds the true one with 95 % confidence (Student's t).
/// Empty where nothing happened; an interval takes two replications.
struct simulated_figure {
    std::optional<double> mean, low, high;
};
DESCRIBE(simulated_figure, (mean, "The mean over the replications; empty: nothing happened."),
         (low, "The lower end of what holds the true mean with 95 % confidence."),
         (high, "The upper end of what holds the true mean with 95 % confidence."))

/// Of those who come to one queue over one channel, wherever they are answered.
struct simulated_line {
    named queue;
    std::string channel;
    double within_s = 0;            // what service_level counts as in time
    simulated_figure offered;       // in the simulated time
    simulated_figure answered;      // picked up by an agent
    simulated_figure abandoned;     // left unanswered
    simulated_figure turned_away;   // no place, or closed: told to come back
    simulated_figure mean_wait_s;   // of all but the turned away
    simulated_figure service_level; // share of the offered that was answered in time
};
DESCRIBE(simulated_line, (queue, "The queue that they come to."), (channel, "The channel that they come by."),
         (within_s, "What counts as in time, in seconds."), (offered, "How many came."),
         (answered, "How many were picked up by an agent."), (abandoned, "How many left unanswered."),
         (turned_away, "How many were told to come back: no place, or closed."),
         (mean_wait_s, "How long they waited on average, in seconds, without those turned away."),
         (service_level, "The share of those who came that was answered in time."))

struct simulated_agent {
    named agent;
    simulated_figure occupancy; // share of the time signed in or at work; empty if never there
};
DESCRIBE(simulated_agent, (agent, "The agent."),
         (occupancy, "The share of the time signed in that was spent at work; empty: never there."))

/// An hour of the day, all days and queues together.
struct simulated_hour {
    std::int64_t hour = 0;
    simulated_figure offered, mean_wait_s, service_level;
};
DESCRIBE(simulated_hour, (hour, "The hour of the day."), (offered, "How many came."),
         (mean_wait_s, "How long they waited on average, in seconds."),
         (service_level, "The share of those who came that was answered in time."))

struct simulated_world {
    std::vector<simulated_line> lines;
    std::vector<simulated_agent> agents;
    std::vector<simulated_hour> hours; // those that were simulated
};
DESCRIBE(simulated_world, (lines, "Each queue and channel."), (agents, "Each agent."),
         (hours, "Each hour of the day that was simulated."))

/// What the changes do to a line: the changed world less the present one, replication by replication over the same
/// customers, so that the interval is narrower than those of the worlds.
struct simulated_difference {
    named queue;
    std::string channel;
    simulated_figure mean_wait_s, service_level, abandoned;
};
DESCRIBE(simulated_difference, (queue, "The queue."), (channel, "The channel."),
         (mean_wait_s, "How much longer they wait on average, in seconds."),
         (service_level, "By how much the share answered in time grows."),
         (abandoned, "How many more leave unanswered."))

struct simulation {
    timestamp recorded_from{}, recorded_until{};
    std::string time_zone;
    std::int64_t simulated_hours = 0;
    std::int64_t replications = 0;
    simulated_world as_is, changed;
    std::vector<simulated_difference> differences;
    std::vector<std::string> notes; // what was assumed, and what was not understood
};
DESCRIBE(simulation, (recorded_from, "Where the recorded arrivals begin."),
         (recorded_until, "Where the recorded arrivals end."), (time_zone, "The time zone of its hours."),
         (simulated_hours, "How many hours were simulated."), (replications, "How often the same time was simulated."),
         (as_is, "The center as it is."), (changed, "The center as it might be."),
         (differences, "What the changes do to each line."), (notes, "What was assumed, and what was not understood."))

} // namespace switchboard
