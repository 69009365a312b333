#pragma once

#include <switchboard/model/event.hpp>
#include <switchboard/model/permission.hpp>

#include <cstdint>
#include <optional>
#include <set>

namespace switchboard {

/// Whose eyes and hands: what somebody may, and the queues that he is a member of.
struct viewer {
    std::int64_t user_id = 0;
    grants granted{};
    std::set<std::int64_t> queues{}; // memberships
};

/// Whether this permission reaches that ticket. One's own are those that one has; to look at them and to leave a note,
/// what is offered is one's own, too.
bool reaches(const viewer& who, permission p, std::int64_t queue_id, std::optional<std::int64_t> owner_id,
             std::optional<std::int64_t> offered_to);

inline bool may_see_ticket(const viewer& who, std::int64_t queue_id, std::optional<std::int64_t> owner_id,
                           std::optional<std::int64_t> offered_to) {
    return reaches(who, permission::ticket_read, queue_id, owner_id, offered_to);
}

/// The same rule for each event that is pushed (promise 11).
bool may_see(const viewer& who, const event& e);

} // namespace switchboard
