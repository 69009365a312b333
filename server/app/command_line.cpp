#include "app/command_line.hpp"

#include "app/exit_code.hpp"
#include "app/live_simulation.hpp"
#include "app/normalize_command.hpp"
#include "app/server_subcommands.hpp"
#include "app/simulate_command.hpp"
#include "app/staff_command.hpp"

#include <switchboard/channels/normalize.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <functional>
#include <memory>

namespace switchboard::app {

namespace {

// Each subcommand describes its arguments and leaves what is to run in `run`; its arguments live in the closure.
using command = std::function<int()>;

void add_normalize(CLI::App& cli, command& run) {
    auto arguments = std::make_shared<normalize_arguments>();
    auto* sub = cli.add_subcommand("normalize", "Print what a gateway would make of its input, as JSON Lines");
    sub->add_option("--kind", arguments->kind, fmt::format("Gateway kind: {}", fmt::join(channels::kinds(), ", ")))
        ->required();
    sub->add_option("--config", arguments->config_file, "Gateway settings as a JSON file");
    sub->add_option("--header", arguments->headers, "A header of the request, 'Name: value'")->allow_extra_args(false);
    sub->add_option("--query", arguments->query, "A query parameter, 'name=value'")->allow_extra_args(false);
    sub->add_option("files", arguments->files, "Inputs in this order; standard input when none");
    sub->callback([arguments, &run] { run = [arguments] { return normalize_command(*arguments); }; });
}

/// Options of the simulation of the live center, which mean nothing without --live.
void add_live(CLI::App& sub, live_simulation_arguments& to, std::string& config_file, CLI::Option* live) {
    const auto add = [&](const char* name, auto& into, const char* about) {
        return sub.add_option(name, into, about)->needs(live);
    };
    sub.add_option("--config", config_file, "The configuration file (TOML)") // the environment names it to all alike
        ->envname("SWITCHBOARD_CONFIG")
        ->check(CLI::ExistingFile);
    add("--days", to.days, "Days of the record to repeat")->check(CLI::Range(1, 366));
    add("--forecast", to.forecast, "Arrivals in place of the recorded ones (CSV or JSON)")->check(CLI::ExistingFile);
    add("--what-if", to.what_if, "What to change (JSON)")->check(CLI::ExistingFile);
    add("--plot", to.plot, "Write service level and wait by hour of the day here (SVG)");
    add("--time-zone", to.time_zone, "Whose hours the report's are");
    add("--replications", to.replications, "Independent runs of each world")->check(CLI::Range(1, 10'000));
    add("--seed", to.seed, "The same seed draws the same customers");
    add("--within", to.within_s, "Service level of phone, chat and walk-in, in seconds")->check(CLI::Range(0.0, 1e6));
    sub.add_flag("--json", to.json, "Print JSON instead of a table")->needs(live);
}

void add_simulate(CLI::App& cli, command& run) {
    struct arguments {
        std::string file, config_file;
        bool live = false;
        live_simulation_arguments wanted;
    };
    auto given = std::make_shared<arguments>();
    auto* sub = cli.add_subcommand("simulate", "Run a scenario through the routing engine under a virtual clock; the "
                                               "report is JSON, and its events_per_s alone differs from run to run");
    auto* file = sub->add_option("file", given->file, "The scenario (JSON); standard input when absent or -");
    auto* live = sub->add_flag("--live", given->live,
                               "Instead of a scenario: this installation as it is configured, with its recorded "
                               "arrivals, as it is and with what a what-if file changes");
    live->excludes(file);
    add_live(*sub, given->wanted, given->config_file, live);
    sub->callback([given, &run] {
        run = [given] {
            if (!given->live) return simulate_command(given->file);
            return with_config(given->config_file,
                               [&](const config& c) { return live_simulation_command(c, given->wanted); });
        };
    });
}

void add_staff(CLI::App& cli, command& run) {
    auto wanted = std::make_shared<staff_arguments>();
    auto* sub = cli.add_subcommand("staff", "How many agents a service level needs");
    sub->add_option("--arrivals", wanted->arrivals, "Calls: 200/h, 48/min or 0.5/s; a bare number is an hour's");
    sub->add_option("--handle", wanted->handle, "Mean handling time: 180, 180s or 3min");
    sub->add_option("--patience", wanted->patience, "Mean patience, if callers hang up: 120, 120s or 2min");
    sub->add_option("--scenario", wanted->scenario,
                    "A scenario with skills, whose agents are scaled, instead of these");
    sub->add_option("--service-level", wanted->service_level, "The share to answer in time")->capture_default_str();
    sub->add_option("--within", wanted->within_s, "In time, in seconds")->capture_default_str();
    sub->add_flag("--json", wanted->json, "Print JSON instead of a table");
    sub->callback([wanted, &run] { run = [wanted] { return staff_command(*wanted); }; });
}

} // namespace

int run_command_line(int argc, const char* const* argv) {
    CLI::App cli("Switchboard, a multi-channel contact-center server", "switchboard");
    cli.require_subcommand(1);
    command run;
    add_server_subcommands(cli, run);
    add_normalize(cli, run);
    add_simulate(cli, run);
    add_staff(cli, run);

    try {
        cli.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return cli.exit(error) == 0 ? 0 : wrong_use;
    }
    return run();
}

} // namespace switchboard::app
