#include "store/customer_left.hpp"

#include "store/locks.hpp"
#include "store/ticket_at_hand.hpp"
#include "store/ticket_changes.hpp"

#include <algorithm>

namespace switchboard::store {

void customers_left(pqxx::transaction_base& tx, std::vector<std::pair<std::int64_t, leaving>> tickets,
                    const customer_rules& rules) {
    std::ranges::sort(tickets);
    std::vector<std::pair<ticket_at_hand, leaving>> left;
    std::vector<std::int64_t> agents;
    for (const auto& [id, how] : tickets) {
        auto at = take_at_hand(tx, {.ticket = id, .calls = true});
        if (!at || at->ticket.state == ticket_state::solved) continue;
        for (const auto& o : at->ticket.offers) agents.push_back(o.agent_id);
        left.emplace_back(std::move(*at), how);
    }
    if (!agents.empty()) lock_loads(tx, agents);
    for (const auto& [at, how] : left) write_changes(tx, at.ticket, rules.end_of_waiting(at, how));
}

} // namespace switchboard::store
