#include <switchboard/model/viewer.hpp>

namespace switchboard {

role role_from(std::string_view name) {
    if (name == "admin") return role::admin;
    return name == "supervisor" ? role::supervisor : role::agent;
}

bool may_see_ticket(const viewer& who, std::int64_t queue_id, std::optional<std::int64_t> owner_id,
                    std::optional<std::int64_t> offered_to) {
    return who.role != role::agent || who.queues.contains(queue_id) || owner_id == who.user_id ||
           offered_to == who.user_id;
}

bool may_see(const viewer& who, const event& e) {
    if (who.role != role::agent || e.agent_id == who.user_id) return true;
    if (e.queue_id) return who.queues.contains(*e.queue_id);
    // Of no queue and nobody's: names of queues, skills and customers are everybody's; presence is between the agent
    // and the supervisors, and a contact without a ticket is quarantined.
    return e.type == "config.changed" || e.type == "customer.changed";
}

} // namespace switchboard
