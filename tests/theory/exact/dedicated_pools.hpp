#pragma once

#include <switchboard/routing/simulator.hpp>

/// Equal pools that share nothing but the places to wait, simulated from scratch: a second opinion where nothing is
/// exact.
namespace switchboard::theory {

struct dedicated_pools {
    int pools = 6;
    int agents = 15; // of each
    double load = 14;
    int places = 30;
    /// Blocked is who finds as many calls in the center as it has agents and places, even if an agent of its pool is
    /// idle. Otherwise: who would have to wait and finds all places taken.
    bool counts_lines = false;
};

struct pools_law {
    routing::estimate p_blocked, p_wait, mean_wait;
    routing::estimate in_time; // of those let in
};

pools_law simulate(const dedicated_pools& c, double within, double horizon, int replications);

} // namespace switchboard::theory
