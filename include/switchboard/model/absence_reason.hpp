#pragma once

#include <switchboard/model/noun.hpp>

namespace switchboard {

/// Why an agent is not ready: what the presence menu offers, and what figures are kept by.
struct absence_reason {
    read_only<row_id> id;
    assigned<integer<0, 1'000'000>> position;
    line<1, 40> name;
    bool enabled = true;
    read_only<row_id> version;
};
DESCRIBE(absence_reason, (id, "Its number."),
         (position, "The lowest is first in the menu; a new one without it is the last."),
         (name, "What people call it."), (enabled, "Whether agents can choose it."),
         (version, "Grows with each change; If-Match compares it."))

} // namespace switchboard
