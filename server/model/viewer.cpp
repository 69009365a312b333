#include <switchboard/model/viewer.hpp>

#include <switchboard/model/describe.hpp>
#include <switchboard/model/events.hpp>

namespace switchboard {

role role_from(std::string_view name) {
    return named_value<role>(name).value_or(role::agent);
}

bool may_see_ticket(const viewer& who, std::int64_t queue_id, std::optional<std::int64_t> owner_id,
                    std::optional<std::int64_t> offered_to) {
    return who.role != role::agent || who.queues.contains(queue_id) || owner_id == who.user_id ||
           offered_to == who.user_id;
}

bool may_see(const viewer& who, const event& e) {
    if (who.role != role::agent || e.agent_id == who.user_id) return true;
    const auto to = events::audience_of(e.type);
    return to == audience::everybody || (to == audience::ticket && e.queue_id && who.queues.contains(*e.queue_id));
}

} // namespace switchboard
