#pragma once

#include <switchboard/util/config.hpp>

#include <CLI/CLI.hpp>

#include <functional>
#include <string>

namespace switchboard::app {

/// Loads the configuration, from `file` unless that is empty, and acts; the exit status.
int with_config(const std::string& file, const std::function<int(const config&)>& act);

/// Adds serve, demo, migrate, openapi, token, user and check-config. The one that is named leaves what is to run in
/// `run`.
void add_server_subcommands(CLI::App& cli, std::function<int()>& run);

} // namespace switchboard::app
