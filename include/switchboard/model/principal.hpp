#pragma once

#include <switchboard/model/authority.hpp>
#include <switchboard/model/viewer.hpp>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard {

/// Whether a token of this scope can be bound to gateways. Handing in says of which gateway it speaks; of what is read
/// and administered it cannot be said everywhere, so that a bound token has no part in it.
constexpr bool can_be_bound(std::string_view scope) {
    return scope == "intake";
}

/// Who is asking: a person with a session, or a machine with a token.
struct principal {
    std::optional<std::int64_t> user_id;  // of a person
    std::optional<std::int64_t> token_id; // of a machine
    std::string name;
    grants granted;                    // of a machine: by its scopes
    std::set<std::int64_t> queues;     // memberships
    std::int64_t session_id = 0;       // of a person
    bool must_change_password = false; // of a person: who may do nothing else before
    std::string csrf_token;            // of a person: what every request that changes something must repeat
    std::vector<std::string> scopes;   // of a machine
    std::optional<std::vector<std::int64_t>> gateway_ids; // of a machine: bound to these; empty = every gateway

    bool may(permission p) const { return granted.may(p); }

    /// Scopes that cannot be bound are nothing beside a binding, whatever the token's row says.
    bool has_scope(std::string_view scope) const {
        if (gateway_ids && !can_be_bound(scope)) return false;
        for (const auto& s : scopes)
            if (s == scope) return true;
        return false;
    }

    bool may_use_gateway(std::int64_t id) const {
        if (!gateway_ids) return true;
        for (const auto bound : *gateway_ids)
            if (bound == id) return true;
        return false;
    }

    /// What the right to ask stands on.
    switchboard::authority authority() const {
        if (token_id) return {switchboard::authority::kind::token, *token_id};
        return {switchboard::authority::kind::session, session_id};
    }

    /// What may be seen and done to tickets: a machine that came so far sees all.
    viewer eyes() const { return {user_id.value_or(0), user_id ? granted : grants::everything(), queues}; }

    /// For the rows of idempotency: "user:7" or "token:3".
    std::string key() const {
        return user_id ? "user:" + std::to_string(*user_id) : "token:" + std::to_string(token_id.value_or(0));
    }
};

} // namespace switchboard
