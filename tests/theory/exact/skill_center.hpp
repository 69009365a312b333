#pragma once

#include <switchboard/planning/simulator.hpp>

/// A center of agents with a first skill and others, simulated from scratch and without the engine: a second opinion
/// where nothing is exact. Service rate 1, calls go to the longest idle of those whose first skill they need, then to
/// the longest idle of the others who have it.
namespace switchboard::theory {

struct skilled_agent {
    int first = 0;
    std::uint32_t skills = 0; // bit t: type t, the first one included
};

struct skill_center {
    int types = 1;
    double load = 0; // of each type
    std::vector<skilled_agent> agents;
    int places = 0;
    /// Blocked is who finds as many calls in the center as it has agents and places, even if an agent for the call is
    /// idle. Otherwise: who would have to wait and finds all places taken.
    bool counts_lines = false;
};

struct center_law {
    routing::estimate p_blocked, p_wait, mean_wait;
    routing::estimate in_time; // of those let in
};

center_law simulate(const skill_center& c, double within, double horizon, int replications);

} // namespace switchboard::theory
