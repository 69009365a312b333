#pragma once

#include <switchboard/model/event.hpp>
#include <switchboard/model/states.hpp>

#include <cstdint>
#include <optional>
#include <set>
#include <string_view>

namespace switchboard {

/// A role by its name; the least for a name that is none.
role role_from(std::string_view name);

/// Whose eyes: what somebody may see depends on the role and, for agents, on the queues that they are members of.
struct viewer {
    std::int64_t user_id = 0;
    switchboard::role role = role::agent;
    std::set<std::int64_t> queues; // memberships
};

/// A ticket may be seen by supervisors and admins, its queue's members, its owner, and who has an offer for it.
bool may_see_ticket(const viewer& who, std::int64_t queue_id, std::optional<std::int64_t> owner_id,
                    std::optional<std::int64_t> offered_to);

/// The same rule for each event that is pushed (promise 11).
bool may_see(const viewer& who, const event& e);

} // namespace switchboard
