#pragma once

#include <string>

namespace switchboard::app {

struct staff_arguments {
    std::string arrivals; // "200/h", "48/min", "0.5/s"; a bare number is per hour
    std::string handle;   // "180", "180s", "3min"; a bare number is seconds
    std::string patience; // the same; empty = nobody leaves
    std::string scenario; // a scenario file instead of the three
    double service_level = 0.8;
    double within_s = 20;
    bool json = false;
};

/// Prints how many agents answer the share `service_level` within `within_s` seconds: by Erlang C, by Erlang A where
/// there is a patience, and for a scenario by simulation of its skills. The exit status: 0, or 2 if an argument is
/// wrong.
int staff_command(const staff_arguments& arguments);

} // namespace switchboard::app
