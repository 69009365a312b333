#include "store/holds.hpp"

#include "store/callback_rows.hpp"
#include "store/desk_act.hpp"
#include "store/locks.hpp"

namespace switchboard::store {

namespace {

// A callback that rings the customer first ends its hold itself, unless the customer is quicker.
constexpr statement holds_over{"holds_over", R"(
    SELECT t.id, t.owner_id, t.held_until <= t.last_contact_at AS customer_wrote,
           EXISTS (SELECT FROM callback c WHERE c.ticket_id = t.id AND c.ended_at IS NULL) AS is_called_back
    FROM ticket t
    WHERE t.state = 'held' AND t.held_until <= now() AND (t.held_until <= t.last_contact_at OR NOT EXISTS (
        SELECT FROM callback c WHERE c.ticket_id = t.id AND c.mode = 'customer_first' AND c.ended_at IS NULL))
    ORDER BY t.id LIMIT 500 FOR UPDATE OF t SKIP LOCKED)"};

constexpr statement ready_for{"ready_for_channel", R"(
    SELECT u.name, coalesce(p.state = 'ready' AND NOT p.absent AND $2 = ANY(p.channels), false) AS is_ready
    FROM users u LEFT JOIN presence p ON p.agent_id = u.id WHERE u.id = $1)"};

/// What keeps the ticket from coming back to its owner; nothing = it does.
std::optional<std::string> why_not_back(pqxx::transaction_base& tx, const locked_ticket& t, std::int64_t owner,
                                        std::int64_t min_licence_validity_s) {
    const auto row = query(tx, ready_for, owner, t.channel).front();
    const auto name = get<std::string>(row["name"]);
    if (!get<bool>(row["is_ready"])) return name + " is not ready for it";
    const auto why_not = why_not_take(tx, t, owner, min_licence_validity_s);
    if (!why_not) return std::nullopt;
    return name + (why_not->full ? " has no room for it" : " may not have it any more");
}

} // namespace

std::size_t end_holds(pqxx::transaction_base& tx, std::int64_t min_licence_validity_s) {
    const auto due = query(tx, holds_over);
    std::vector<std::int64_t> owners;
    for (const auto& r : due)
        if (const auto owner = get<std::optional<std::int64_t>>(r["owner_id"])) owners.push_back(*owner);
    const auto busy = lock_free_loads(tx, owners);
    std::size_t ended = 0;
    for (const auto& r : due) {
        const auto owner = get<std::optional<std::int64_t>>(r["owner_id"]);
        if (owner && busy.contains(*owner)) continue;
        const auto t = lock_ticket(tx, get<std::int64_t>(r["id"]));
        ++ended;
        std::string cause = get<bool>(r["customer_wrote"]) ? "the customer wrote" : "its time has come";
        const bool rings = !owner || get<bool>(r["is_called_back"]); // whom nobody has, and who is to be called back
        const auto why_not = rings ? std::nullopt : why_not_back(tx, *t, *owner, min_licence_validity_s);
        if (!rings && !why_not) {
            give_back(tx, *t, *owner, the_system(), events::ticket_change::resumed, {}, cause);
            continue;
        }
        wait_again(tx, t->id);
        if (why_not) cause += "; " + *why_not + ", so it waits in the queue";
        tell_change(tx, {.change = events::ticket_change::resumed, .cause = std::move(cause)}, the_system(), *t);
    }
    return ended;
}

} // namespace switchboard::store
