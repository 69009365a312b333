#pragma once

namespace switchboard::app {

/// Reads the arguments, runs the subcommand that they name and gives back the exit status.
int run_command_line(int argc, const char* const* argv);

} // namespace switchboard::app
