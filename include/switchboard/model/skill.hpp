#pragma once

#include <switchboard/model/noun.hpp>

namespace switchboard {

/// What an agent can do.
struct skill {
    read_only<row_id> id;
    line<1, 100> name;
    read_only<row_id> version;
};
DESCRIBE(skill, (id, "Its number."), (name, "What people call it."),
         (version, "Grows with each change; If-Match compares it."))

/// What an agent may do.
struct licence {
    read_only<row_id> id;
    line<1, 100> name;
    read_only<row_id> version;
};
DESCRIBE(licence, (id, "Its number."), (name, "What people call it."),
         (version, "Grows with each change; If-Match compares it."))

} // namespace switchboard
