#pragma once

#include <switchboard/model/simulation.hpp>
#include <switchboard/model/traffic.hpp>
#include <switchboard/planning/simulator.hpp>

#include <array>
#include <bitset>
#include <stop_token>
#include <unordered_map>

/// The real center on paper: its own queues, agents and customers, worked through by the real engine under a virtual
/// clock, as it is and as it might be. Pure but for what `compare` is told of progress and stopping.
namespace switchboard::routing {

using week = std::bitset<hours_of_week>; // hours, 0 = Monday from midnight on

struct live_queue {
    queue_config config{};
    std::string name{};
    week open{};
};

struct live_agent {
    agent_config config{};
    std::string name{};
    week there{}; // signed in for every channel that the profile does
};

/// Customers who ask for the same.
struct live_stream {
    waiting_ticket terms{}; // all but id and times
    std::array<double, hours_of_week> per_hour{};
    random_time handle{};
    std::optional<random_time> patience{};
};

struct live_center {
    std::vector<live_queue> queues{};
    std::vector<live_agent> agents{};
    std::vector<live_stream> streams{};
    std::vector<std::size_t> hours{}; // of the week, as they are worked through
    timestamp recorded_from{}, recorded_until{};
    std::string time_zone{};
    std::vector<std::string> notes{};
};

/// The hours that the record covers, at most a week, with the arrivals of a mean hour. An agent is there in an hour of
/// the week in which the agent was ready for at least half of the recorded time; if nobody ever was, everybody is.
live_center center_of(const recorded_traffic& t);

/// A whole week with forecast arrivals in place of the recorded ones. What the forecast does not say of handling and
/// patience is taken from the record.
///
/// JSON: {"streams":[{"queue":"Support","channel":"phone","arrivals":12 | [24 numbers] | [168 numbers],
///        "skills":{"French":1},"handle_s":240,"handle_cv2":1,"patience_s":90}]}, arrivals per hour of the day or of
/// the week (from Monday on). Without skills the queue's own are asked for.
/// CSV: a first line with the columns' names: queue, channel, day (mon … sun or *), hour (0 … 23 or *), arrivals, and
/// if wanted handle_s, patience_s; no quotes.
std::expected<live_center, std::vector<config_error>> with_forecast(live_center center, const recorded_traffic& t,
                                                                    std::string_view text);

/// Names in place of ids. JSON, every part of it optional:
/// {"arrivals":1.2,
///  "agents":{"ana":{"skills":{"French":5,"German":0},"join":["Sales"],"leave":["Support"],"grade":7,
///                   "hours":[{"days":["mon","tue"],"from":8,"until":17}]}},
///  "remove_agents":["ben"], "add_agents":[{"like":"ana","count":2,"skills":{"French":5}}],
///  "queues":{"Support":{"arrivals":1.5,"handling":0.9,"order_mode":"edf","agent_policy":"best_skill","max_waiting":20,
///            "overflow":"Sales","closed_action":"callback","idle_reserve":1,"boost_s":60,"sla_target_s":600,
///            "fqr_percent":20,"interruptible":true,"open":[{"days":["mon"],"from":8,"until":18}],
///            "steps":[{"after_s":30,"skip_if":"nobody_idle","changes":[{"what":"drop_skill","skill":"French"}]}]}}}
/// Agents by login; level 0 takes a skill away; max_waiting and overflow null = none.
std::expected<what_if, std::vector<config_error>> parse_what_if(std::string_view json, const recorded_traffic& names);

/// Changes what it says and nothing else.
std::expected<live_center, std::vector<config_error>> changed(live_center center, const what_if& w);

struct compare_options {
    int replications = 10;
    std::uint64_t seed = 1;
    double live_within_s = 20;          // service level of phone, chat and walk-in; of other work the queue's target
    double most_customers = 1e9;        // over all replications and both worlds; more is refused
    std::stop_token stop{};             // asked now and then: the answer is then an error "stopped"
    std::function<void(double)> told{}; // the share that is done
};

/// Both worlds over the same customers. Every agent accepts at once and nobody declines; a replication begins with up
/// to a day that does not count, and goes on until all who are counted have been served, at most as long again.
std::expected<simulation, config_error> compare(const live_center& as_is, const live_center& changed,
                                                const compare_options& options);

std::string to_json(const simulation& s);
std::string to_text(const simulation& s);
/// Service level and mean wait by hour of the day, both worlds with their intervals as bands.
std::string to_svg(const simulation& s);

} // namespace switchboard::routing
