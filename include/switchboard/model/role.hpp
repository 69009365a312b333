#pragma once

#include <switchboard/model/noun.hpp>
#include <switchboard/model/permission.hpp>

namespace switchboard {

struct grant {
    stated<switchboard::permission> permission;
    switchboard::reach reach = switchboard::reach::all;
};
DESCRIBE(grant, (permission, "What may be done."),
         (reach, "To which tickets: one's own, those of one's queues too, or all. What is of no ticket: all."))

using grant_list = list<grant, 100>;

/// What somebody who works here may do.
struct role {
    read_only<row_id> id;
    line<1, 100> name;
    grant_list grants;
    read_only<row_id> version;
};
DESCRIBE(role, (id, "Its number."), (name, "What people call it."), (grants, "What it permits."),
         (version, "Grows with each change; If-Match compares it."))

/// The roles that every center begins with (migrations/0032_roles.sql).
enum class shipped_role : std::int64_t { novice = 1, agent, senior, supervisor, quality, admin, auditor };

grants grants_of(const grant_list& all);
grant_list list_of(const grants& all);

} // namespace switchboard
