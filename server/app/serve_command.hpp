#pragma once

#include <switchboard/util/config.hpp>

namespace switchboard::app {

/// Serves until a signal. The exit status.
int serve_command(const config& c);

} // namespace switchboard::app
