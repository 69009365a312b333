#include "app/simulate_command.hpp"

#include "app/exit_code.hpp"
#include "app/scenario_run.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace switchboard::app {

int simulate_command(const std::string& file) {
    const auto scenario = load_scenario(file, "simulate");
    if (!scenario) return wrong_use;
    const auto run = run_scenario(*scenario, "simulate");
    if (!run) {
        fmt::print(stderr, "switchboard simulate: {} {}\n", run.error().field, run.error().message);
        return wrong_use;
    }
    std::uint64_t unfinished = 0;
    for (const auto& r : run->replications) unfinished += r.unfinished;
    if (unfinished > 0)
        fmt::print(stderr,
                   "switchboard simulate: {} customers still waited at twice the horizon and count with their wait so "
                   "far: the agents cannot keep up\n",
                   unfinished);
    fmt::print("{}\n", routing::report_json(*scenario, run->replications, run->events_per_s));
    return success;
}

} // namespace switchboard::app
