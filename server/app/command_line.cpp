#include "app/command_line.hpp"

#include "app/normalize_command.hpp"
#include "app/server_subcommands.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <memory>

namespace switchboard::app {

namespace {

// Each subcommand describes its arguments and leaves what is to run in `run`; its arguments live in the closure.
using command = std::function<int()>;

void add_normalize(CLI::App& cli, command& run) {
    auto arguments = std::make_shared<normalize_arguments>();
    auto* sub = cli.add_subcommand("normalize", "Print what a gateway would make of its input, as JSON Lines");
    sub->add_option("--kind", arguments->kind, "Gateway kind: email, phone, freeswitch, asterisk, chat, widget, fax")
        ->required();
    sub->add_option("--config", arguments->config_file, "Gateway settings as a JSON file");
    sub->add_option("--header", arguments->headers, "A header of the request, 'Name: value'")->allow_extra_args(false);
    sub->add_option("--query", arguments->query, "A query parameter, 'name=value'")->allow_extra_args(false);
    sub->add_option("files", arguments->files, "Inputs in this order; standard input when none");
    sub->callback([arguments, &run] { run = [arguments] { return normalize_command(*arguments); }; });
}

} // namespace

int run_command_line(int argc, const char* const* argv) {
    CLI::App cli("Switchboard, a multi-channel contact-center server", "switchboard");
    cli.require_subcommand(1);
    command run;
    add_server_subcommands(cli, run);
    add_normalize(cli, run);

    try {
        cli.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        constexpr int wrong_use = 2;
        return cli.exit(error) == 0 ? 0 : wrong_use;
    }
    return run();
}

} // namespace switchboard::app
