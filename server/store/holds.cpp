#include "store/holds.hpp"

#include "store/locks.hpp"
#include "store/sql.hpp"
#include "store/ticket_at_hand.hpp"
#include "store/ticket_changes.hpp"

namespace switchboard::store {

namespace {

// A callback that rings the customer first ends its hold itself, unless the customer is quicker.
constexpr statement holds_over{"holds_over", R"(
    SELECT t.id, t.owner_id
    FROM ticket t
    WHERE t.state = 'held' AND t.held_until <= now() AND (t.held_until <= t.last_contact_at OR NOT EXISTS (
        SELECT FROM callback c WHERE c.ticket_id = t.id AND c.mode = 'customer_first' AND c.ended_at IS NULL))
    ORDER BY t.id LIMIT 500 FOR UPDATE OF t SKIP LOCKED)"};

} // namespace

std::size_t end_holds(pqxx::transaction_base& tx, const clock_rules& rules, std::int64_t licence_lasts_s) {
    const auto due = query(tx, holds_over);
    std::vector<std::int64_t> owners;
    for (const auto& r : due)
        if (const auto owner = get<std::optional<std::int64_t>>(r["owner_id"])) owners.push_back(*owner);
    const auto busy = lock_free_loads(tx, owners);
    std::size_t ended = 0;
    for (const auto& r : due) {
        const auto owner = get<std::optional<std::int64_t>>(r["owner_id"]);
        if (owner && busy.contains(*owner)) continue;
        const auto at = take_at_hand(
            tx,
            {.ticket = get<std::int64_t>(r["id"]), .takes = taker_asked::owner, .licence_lasts_s = licence_lasts_s});
        write_changes(tx, at.value().ticket, rules.end_of_hold(*at));
        ++ended;
    }
    return ended;
}

} // namespace switchboard::store
