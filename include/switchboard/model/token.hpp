#pragma once

#include <switchboard/model/noun.hpp>
#include <switchboard/model/permission.hpp>
#include <switchboard/model/states.hpp>

#include <vector>

namespace switchboard {

/// A machine's key. Its secret is shown once and kept as a hash.
struct token {
    read_only<row_id> id;
    line<1, 100> name;
    list<token_scope, 3, 1> scopes;
    std::optional<list<reference<"gateway">, 1000>> gateway_ids;
    read_only<timestamp> created_at;
    std::optional<timestamp> expires_at;
    read_only<std::optional<timestamp>> revoked_at;
};
DESCRIBE(token, (id, "Its number."), (name, "What people call it."), (scopes, "What it may do."),
         (gateway_ids, "The gateways that it may hand in for; null: all."), (created_at, "When it was made."),
         (expires_at, "Until when it holds; null: until it is revoked."), (revoked_at, "When it was revoked."))

/// What a machine may by a scope. One that reads sees what supervisors see, not how the system is and who came in.
constexpr grants grants_of(token_scope scope) {
    using enum permission;
    grants out;
    if (scope == token_scope::admin) out = grants::everything();
    if (scope == token_scope::read)
        for (const auto p :
             {ticket_read, contact_raw, customer_read, quarantine_read, team_watch, user_read, config_read})
            out.add(p);
    return out;
}

/// What it may by all of its scopes.
constexpr grants grants_of(const std::vector<token_scope>& scopes) {
    grants out;
    for (const auto scope : scopes) out.add(grants_of(scope));
    return out;
}

} // namespace switchboard
