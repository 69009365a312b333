#pragma once

#include <string>

namespace switchboard::app {

/// Runs the scenario of a file ("-" or empty: standard input) and prints the report as JSON. The exit status: 0, or 2
/// if the scenario is wrong. The same scenario prints the same report, but for `events_per_s`, which is measured.
int simulate_command(const std::string& file);

} // namespace switchboard::app
