#include "store/callback_sweep.hpp"

#include "store/sql.hpp"
#include "store/ticket_at_hand.hpp"
#include "store/ticket_changes.hpp"

#include <fmt/format.h>

/// What becomes of callbacks by the clock, as whoever leads routing commits it.
namespace switchboard::store {

namespace {

constexpr std::int64_t most = 500; // of a kind at once

/// Locks the tickets of open callbacks for which this holds, but for those that somebody else has, and writes what
/// becomes of each. How many there were.
std::size_t each_due(pqxx::transaction_base& tx, const std::string& condition, const auto& rule) {
    const auto due = query(tx,
                           fmt::format(R"(
            SELECT t.id
            FROM ticket t
            JOIN callback c ON c.ticket_id = t.id AND c.ended_at IS NULL
            WHERE {}
            ORDER BY t.id LIMIT $1 FOR UPDATE OF t SKIP LOCKED)",
                                       condition),
                           most);
    std::size_t done = 0;
    for (const auto& r : due) {
        const auto at = take_at_hand(tx, {.ticket = get<std::int64_t>(r["id"]), .calls = true});
        if (!at || !at->callback) continue;
        write_changes(tx, at->ticket, rule(*at));
        ++done;
    }
    return done;
}

// A beat early, so that no offer is made too late; one that rings may still be taken.
constexpr auto window_has_ended = R"(
    c.state = 'scheduled' AND c.not_after <= now() + interval '1 second' AND t.state IN ('held', 'waiting'))";

constexpr auto nothing_was_heard = R"(
    c.state = 'dialling' AND EXISTS (
        SELECT FROM dial_order d
        WHERE d.callback_id = c.id AND d.attempt = c.attempts + 1
          AND d.created_at + make_interval(secs => {}) <= now()))";

// Nobody is rung up to wait: in each queue no more are dialled than calls can be taken. By its members, whatever else
// the ticket asks for; one without members who take calls leaves its work to others, of whom nothing is known here.
constexpr auto has_its_turn = R"(t.id IN (
    SELECT due.id
    FROM (SELECT w.id, w.queue_id, row_number() OVER (PARTITION BY w.queue_id ORDER BY b.not_before, w.id) AS place
          FROM callback b JOIN ticket w ON w.id = b.ticket_id
          WHERE b.state = 'scheduled' AND b.mode = 'customer_first' AND b.not_before <= now() AND
                (w.state = 'waiting' OR (w.state = 'held' AND w.held_until <= now()))) due
    WHERE due.place <=
        (SELECT coalesce(sum(greatest(0, least(calls.capacity + calls.extra - calls.used,
                                               (units.capacity + units.extra - units.used) / nullif(a.weight, 0)))), 0)
         FROM queue_member m
         JOIN presence p ON p.agent_id = m.agent_id AND p.state = 'ready' AND NOT p.absent AND
              'phone' = ANY(p.channels)
         JOIN agent_channel a ON a.agent_id = m.agent_id AND a.channel = 'phone'
         JOIN agent_load calls ON calls.agent_id = m.agent_id AND calls.channel = 'phone'
         JOIN agent_load units ON units.agent_id = m.agent_id AND units.channel = '*'
         WHERE m.queue_id = due.queue_id) -
        (SELECT count(*) FROM callback b JOIN ticket w ON w.id = b.ticket_id
         WHERE b.state = 'dialling' AND w.queue_id = due.queue_id)
        OR NOT EXISTS (SELECT FROM queue_member m JOIN agent_channel a ON a.agent_id = m.agent_id AND
                       a.channel = 'phone' AND a.capacity > 0 WHERE m.queue_id = due.queue_id)))";

} // namespace

std::size_t sweep_callbacks(pqxx::transaction_base& tx, const clock_rules& rules) {
    auto done = each_due(tx, window_has_ended, rules.end_of_window); // first, so that nobody is dialled too late
    done += each_due(tx, fmt::format(nothing_was_heard, longest_dial.count()), rules.end_of_dialling);
    const auto is_its_turn =
        fmt::format("c.state = 'scheduled' AND t.state IN ('waiting', 'held') AND {}", has_its_turn);
    return done + each_due(tx, is_its_turn, rules.turn_to_dial);
}

} // namespace switchboard::store
