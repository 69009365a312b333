#pragma once

#include <switchboard/planning/simulator.hpp>

namespace switchboard::app {

/// Reads a scenario from a file, or from standard input if the name is "-" or empty; says on stderr all that is wrong.
std::optional<routing::scenario> load_scenario(const std::string& path, std::string_view command);

struct scenario_run {
    std::vector<routing::replication_figures> replications;
    double events_per_s = 0; // by the clock on the wall
};

/// All replications on this thread, with a progress bar if stderr is a terminal and it takes longer than a second.
std::expected<scenario_run, routing::config_error> run_scenario(const routing::scenario& s, std::string_view title);

} // namespace switchboard::app
