#include <switchboard/model/viewer.hpp>

#include <switchboard/model/events.hpp>

#include <algorithm>

namespace switchboard {

bool reaches(const viewer& who, permission p, std::int64_t queue_id, std::optional<std::int64_t> owner_id,
             std::optional<std::int64_t> offered_to) {
    const auto far = who.granted.reach_of(p);
    if (!far || *far == reach::all) return far.has_value();
    if (owner_id == who.user_id) return true;
    if (*far == reach::queues) return who.queues.contains(queue_id) || offered_to == who.user_id;
    return offered_to == who.user_id && (p == permission::ticket_read || p == permission::ticket_note);
}

bool may_see(const viewer& who, const event& e) {
    const auto to = events::audience_of(e.type);
    if (!to) return false;
    if (!to->needs || e.agent_id == who.user_id) return true;
    const auto far = who.granted.reach_of(*to->needs);
    if (!far || *far == reach::all) return far.has_value();
    if (std::ranges::binary_search(e.agent_ids, who.user_id)) return true;
    if (*far != reach::queues) return false;
    const auto is_of = [&](std::int64_t queue) { return who.queues.contains(queue); };
    return (e.queue_id && is_of(*e.queue_id)) || std::ranges::any_of(e.queue_ids, is_of);
}

} // namespace switchboard
