#pragma once

#include <switchboard/util/config.hpp>

#include <string>

namespace switchboard::app {

/// Loads the demo contact center of config/demo into an empty, migrated installation. False: there are users already.
bool load_demo(const std::string& database_url);

/// Lines that name the demo's logins and token; empty where the demo is not loaded.
std::string demo_logins(const std::string& database_url);

/// `switchboard demo`. The exit status.
int demo_command(const config& c);

} // namespace switchboard::app
