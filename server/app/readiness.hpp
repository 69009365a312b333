#pragma once

#include <string>

namespace switchboard::app {

/// What /readyz says.
struct readiness {
    bool ready = false;
    std::string database, migrations, routing; // "ok", or what is wrong
};

} // namespace switchboard::app
