#pragma once

#include <CLI/CLI.hpp>

#include <functional>

namespace switchboard::app {

/// Adds serve, demo, migrate, openapi, token, user and check-config. The one that is named leaves what is to run in
/// `run`.
void add_server_subcommands(CLI::App& cli, std::function<int()>& run);

} // namespace switchboard::app
