#pragma once

#include <switchboard/planning/erlang.hpp>

#include <limits>

/// Exact figures of one pool by its birth-death chain, written apart from the closed forms of the product.
namespace switchboard::theory {

struct pool {
    double arrivals = 1;
    double service = 1; // rate of one agent
    int agents = 1;
    double impatience = 0; // rate at which one who waits leaves
    int waiting_places = std::numeric_limits<int>::max();
};

struct pool_law {
    double p_wait = 0, mean_wait = 0, p_blocked = 0, p_abandon = 0, service_level = 0, occupancy = 0;
};

/// p_wait and mean_wait of those let in, the other shares of all.
pool_law law_of(const pool& p, double within);

} // namespace switchboard::theory
