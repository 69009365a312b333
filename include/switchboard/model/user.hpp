#pragma once

#include <switchboard/model/noun.hpp>

namespace switchboard {

/// Somebody who works here.
struct user {
    read_only<row_id> id;
    fixed<text<1, 60>> login;
    line<1, 200> name;
    text<0, 320> email;
    list<reference<"role">, 20, 1> roles;
    bool active = true;
    integer<0, 9> grade = 5;
    integer<0, 1000> units = 100;
    read_only<datum> preferences;
    read_only<bool> must_change_password; // somebody else knows it: nothing else works before
    read_only<row_id> version;
    read_only<timestamp> created_at;
};
DESCRIBE(user, (id, "Its number."), (login, "What is typed to sign in."), (name, "What people call the user."),
         (email, "Where mail reaches the user."), (roles, "What the user may do: everything that any of them permits."),
         (active, "Whether the user can sign in."), (grade, "The hardest tickets that the agent gets: 9 is any."),
         (units, "How much work the agent can have at once, over all channels."),
         (preferences, "What the console keeps for the user."),
         (must_change_password, "Whether a new password must be chosen before anything else works."),
         (version, "Grows with each change; If-Match compares it."), (created_at, "When the user was added."))

} // namespace switchboard
