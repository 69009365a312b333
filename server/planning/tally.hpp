#pragma once

#include <switchboard/planning/simulator.hpp>

namespace switchboard::routing {

/// What is counted of a class while a replication runs.
struct tally {
    std::uint64_t offered = 0, answered = 0, abandoned = 0, blocked = 0, waited = 0, in_time = 0, served = 0;
    double wait_of_all = 0, wait_of_answered = 0;

    tally& operator+=(const tally& other);
};

class_figures figures_of(const tally& t, double window_s);

} // namespace switchboard::routing
