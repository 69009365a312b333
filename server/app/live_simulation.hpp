#pragma once

#include <switchboard/util/config.hpp>

#include <cstdint>
#include <string>

namespace switchboard::app {

struct live_simulation_arguments {
    std::int64_t days = 28; // of the record
    std::string forecast;   // a file in place of recorded arrivals; empty = none
    std::string what_if;    // a file; empty = nothing changes
    std::string plot;       // where to write the SVG; empty = nowhere
    std::string time_zone = "UTC";
    int replications = 10;
    std::uint64_t seed = 1;
    double within_s = 20;
    bool json = false;
};

/// Simulates the center of the database, as it is and with the changes of a what-if file, and prints both worlds side
/// by side. The exit status: 0, 1 if a file cannot be written, or 2 if an argument or a file is wrong.
int live_simulation_command(const config& c, const live_simulation_arguments& wanted);

} // namespace switchboard::app
