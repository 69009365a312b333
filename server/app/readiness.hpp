#pragma once

#include <string>

namespace switchboard::app {

/// What /readyz says.
struct readiness {
    bool ready = false;
    std::string database, migrations; // "ok", or what is wrong
    std::string routing;              // "leading", "following", or that nobody leads
    std::string storage = "ok";       // or that nothing new is taken in for want of room
    std::string clock = "ok";         // or how this machine's differs, which stops nothing
};

} // namespace switchboard::app
