#include "store/follow_up_sweep.hpp"

#include "store/locks.hpp"
#include "store/sql.hpp"
#include "store/ticket_at_hand.hpp"
#include "store/ticket_changes.hpp"

namespace switchboard::store {

namespace {

// Who would have the ticket again: its agent, else who promised. Nobody where it is at work or waits already.
constexpr statement find_due{"follow_ups_due", R"(
    SELECT f.id, CASE WHEN t.state IN ('solved', 'held', 'parked') THEN coalesce(t.owner_id, f.owner_id) END AS agent
    FROM follow_up f
    JOIN ticket t ON t.id = f.ticket_id
    WHERE f.state = 'open' AND f.due_at <= now()
    ORDER BY t.id, f.id LIMIT 500 FOR UPDATE OF t SKIP LOCKED)"};

} // namespace

std::size_t sweep_follow_ups(pqxx::transaction_base& tx, const clock_rules& rules, std::int64_t licence_lasts_s) {
    const auto due = query(tx, find_due);
    std::vector<std::int64_t> agents;
    for (const auto& r : due)
        if (const auto agent = get<std::optional<std::int64_t>>(r["agent"])) agents.push_back(*agent);
    const auto busy = lock_free_loads(tx, agents);
    std::size_t done = 0;
    for (const auto& r : due) {
        const auto agent = get<std::optional<std::int64_t>>(r["agent"]);
        if (agent && busy.contains(*agent)) continue;
        const auto at = take_at_hand(tx, {.follow_up = get<std::int64_t>(r["id"]),
                                          .terms = true,
                                          .takes = agent ? taker_asked::agent : taker_asked::nobody,
                                          .agent = agent.value_or(0),
                                          .licence_lasts_s = licence_lasts_s});
        // Somebody may have ended or moved it before the ticket was locked.
        if (!at || at->follow_up->state != name_of(follow_up_state::open) || at->follow_up->due_at > at->ticket.now)
            continue;
        write_changes(tx, at->ticket, rules.turn_of_follow_up(*at));
        ++done;
    }
    return done;
}

} // namespace switchboard::store
