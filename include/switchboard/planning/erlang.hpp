#pragma once

#include <optional>

/// Closed forms for one pool of equal agents, first come first served, exponential times.
namespace switchboard::routing {

struct pool_load {
    double arrivals_per_s = 0;
    double handle_s = 0;
    std::optional<double> patience_s{}; // mean; nobody leaves if empty
    [[nodiscard]] double erlangs() const { return arrivals_per_s * handle_s; }
};

struct pool_figures {
    double p_wait = 0;
    double mean_wait_s = 0; // of all, who left included
    double asa_s = 0;       // of those answered
    double p_abandon = 0;
    double service_level = 0; // answered within `within_s`, of all
    double occupancy = 0;
};

/// Erlang B: the share that finds all `agents` busy where nobody may wait.
double erlang_b(double erlangs, int agents);

/// Erlang C; empty if the agents cannot keep up.
std::optional<pool_figures> erlang_c(const pool_load& load, int agents, double within_s);

/// Erlang A (Palm; docs/routing.md 3), also where there are too few agents. Needs a patience and an agent.
pool_figures erlang_a(const pool_load& load, int agents, double within_s);

/// The fewest agents with which at least `service_level` (below 1) is answered in time: by Erlang A if there is a
/// patience, else by Erlang C.
int fewest_agents(const pool_load& load, double service_level, double within_s);

} // namespace switchboard::routing
