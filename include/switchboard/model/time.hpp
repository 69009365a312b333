#pragma once

#include <chrono>

namespace switchboard {

/// A moment in UTC with the precision that PostgreSQL keeps.
using timestamp = std::chrono::sys_time<std::chrono::microseconds>;

} // namespace switchboard
