#pragma once

#include <switchboard/util/config.hpp>

namespace switchboard::app {

/// Serves until a signal, with the demo contact center in an installation that is empty if it is wanted. The exit
/// status.
int serve_command(const config& c, bool with_demo);

} // namespace switchboard::app
