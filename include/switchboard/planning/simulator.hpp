#pragma once

#include <switchboard/engine/engine.hpp>

#include <functional>
#include <map>

/// A contact center on paper, worked through by the real engine under a virtual clock: offers are accepted at once, and
/// nobody declines, misses or leaves. Pure: no clock, no files; the same scenario gives the same figures bit for bit.
namespace switchboard::routing {

/// A time in seconds that is drawn anew for every customer. cv2 = variance / mean²: 1 is exponential, 0 is always the
/// mean; below 1 a mixture of two Erlang distributions with one rate, above 1 a mixture of two exponential ones with
/// balanced means (Tijms, A First Course in Stochastic Models, appendix B).
struct random_time {
    double mean = 1;
    double cv2 = 1;
};

struct customer_class {
    std::string name{};
    routing::channel channel = channel::phone;
    random_time gap{};    // between arrivals; unused if endless
    bool endless = false; // always one more item waits, behind all that has arrived in its tier
    random_time handle{}; // by an agent of speed 1
    std::optional<random_time> patience{};
    std::map<std::string, int> skills{}; // the least level needed
    int tier = 0;
    int priority = 0;
    std::optional<std::int64_t> max_waiting{}; // who would have to wait beside so many of the class is blocked
    bool interruptible = true;                 // written work is parked for live work; live work never is
    std::optional<double> queue_share{};       // order fqr
};

struct agent_group {
    std::string name{};
    int count = 1;
    std::map<std::string, int> skills{};
    double speed = 1;
    std::array<int, channel_count> channels{}; // items at once; a full channel is a full agent
};

struct scenario {
    std::uint64_t seed = 1;
    int replications = 10;
    double warmup_s = 20'000;   // from an empty center on; counted is who arrives between this …
    double horizon_s = 200'000; // … and this
    double service_level_s = 20;
    agent_policy policy = agent_policy::longest_idle;
    order_mode order = order_mode::fifo;
    std::vector<customer_class> classes{};
    std::optional<std::int64_t> max_waiting_total{};
    int idle_reserve = 0;
    std::vector<agent_group> agents{};
};

/// Reads the JSON form; everything that is wrong with it, each with its field, like "classes[0].handle_s".
std::expected<scenario, std::vector<config_error>> parse_scenario(std::string_view json);

/// Of the customers of one class in one replication. NaN where nobody counts.
struct class_figures {
    double offered = 0, answered = 0, abandoned = 0, blocked = 0;
    double p_wait = 0, mean_wait_s = 0;  // of those offered and not blocked, who left included
    double asa_s = 0;                    // mean wait of those answered
    double p_abandon = 0, p_blocked = 0; // of those offered
    double service_level = 0;            // answered within the scenario's service_level_s, of those offered
    double served_per_s = 0;             // finished between warm-up and horizon
};

struct replication_figures {
    std::vector<class_figures> classes{}; // as in the scenario
    class_figures total{};                // of all who arrive; endless work counts in served_per_s alone
    std::vector<double> occupancy{};      // by agent group: the share of its capacity that was in use
    std::uint64_t events = 0;             // arrivals, ends of handling, customers who left
    std::uint64_t unfinished = 0;         // counted customers who still waited when the run was given up
};

/// One independent run. Runs 2k and 2k + 1 mirror each other's draws (antithetic variates), which brings the mean of
/// both nearer to the truth than a standard error over replications says. A run goes on after the horizon until all
/// who are counted have been served or have left, at most as long again.
/// `progress` is told now and then which share of the run is over.
std::expected<replication_figures, config_error> replicate(const scenario& s, int number,
                                                           const std::function<void(double)>& progress = {});

/// Mean over replications and its standard error; NaN as far as there are too few values. NaNs are left out.
struct estimate {
    double mean = 0;
    double se = 0;
};
estimate estimate_of(std::span<const double> values);

/// The report as JSON with the keys of the scenario's classes and agents.
std::string report_json(const scenario& s, std::span<const replication_figures> runs, double events_per_s);

} // namespace switchboard::routing
