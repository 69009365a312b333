#include "store/callback_acts.hpp"

#include "store/sql.hpp"

#include <fmt/format.h>

/// What becomes of callbacks by the clock, as whoever leads routing commits it.
namespace switchboard::store {

namespace {

constexpr std::int64_t most = 500; // of a kind at once

struct due_callback {
    locked_ticket ticket;
    callback its;
};

/// Locks the tickets of open callbacks for which this holds, but for those that somebody else has.
std::vector<due_callback> lock_due(pqxx::transaction_base& tx, const std::string& condition) {
    std::vector<due_callback> out;
    for (const auto& r : query(tx,
                               fmt::format(R"(
            SELECT t.id
            FROM ticket t
            JOIN callback c ON c.ticket_id = t.id AND c.ended_at IS NULL
            WHERE {}
            ORDER BY t.id LIMIT $1 FOR UPDATE OF t SKIP LOCKED)",
                                           condition),
                               most)) {
        auto t = lock_ticket(tx, get<std::int64_t>(r["id"]));
        auto c = t ? read_open_callback(tx, t->id) : std::nullopt;
        if (c) out.push_back({std::move(*t), std::move(*c)});
    }
    return out;
}

/// The window has ended before anybody called: an agent writes instead. A beat early, so that no offer is made too
/// late; one that rings may still be taken.
std::size_t end_windows(pqxx::transaction_base& tx) {
    const auto due = lock_due(tx, R"(
        c.state = 'scheduled' AND c.not_after <= now() + interval '1 second' AND t.state IN ('held', 'waiting'))");
    for (const auto& [t, c] : due) {
        set_callback_state(tx, c.id, "missed");
        wait_again(tx, t.id);
        tell_callback(tx, events::ticket_change::callback_missed, std::nullopt, t, *read_callback(tx, t.id));
    }
    return due.size();
}

std::size_t give_up_dials(pqxx::transaction_base& tx) {
    const auto due = lock_due(tx, fmt::format(R"(
        c.state = 'dialling' AND EXISTS (
            SELECT FROM dial_order d
            WHERE d.callback_id = c.id AND d.attempt = c.attempts + 1
              AND d.created_at + make_interval(secs => {}) <= now()))",
                                              longest_dial.count()));
    for (const auto& [t, c] : due)
        conclude_attempt(tx, t, c, std::nullopt, std::nullopt, "failed", "nothing was heard of the call");
    return due.size();
}

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

std::size_t order_dials(pqxx::transaction_base& tx) {
    const auto due =
        lock_due(tx, fmt::format("c.state = 'scheduled' AND t.state IN ('waiting', 'held') AND {}", has_its_turn));
    for (const auto& [t, c] : due) {
        const auto gateway = dialling_gateway(tx, t.gateway_id);
        if (!gateway) { // it could dial when this was promised
            conclude_attempt(tx, t, c, std::nullopt, std::nullopt, "failed", "no gateway dials any more");
            continue;
        }
        query(tx, "INSERT INTO dial_order (callback_id, attempt, gateway_id) VALUES ($1, $2, $3)", c.id,
              std::ssize(c.attempts) + 1, *gateway);
        set_callback_state(tx, c.id, "dialling");
        query(tx, R"(
            UPDATE ticket
            SET state = 'held', held_until = now() + make_interval(secs => $2), version = version + 1
            WHERE id = $1)",
              t.id, longest_dial.count());
        tell_callback(tx, events::ticket_change::callback_dialling, std::nullopt, t, *read_callback(tx, t.id));
    }
    return due.size();
}

} // namespace

std::size_t sweep_callbacks(pqxx::transaction_base& tx) {
    auto done = end_windows(tx); // first, so that nobody is dialled too late
    done += give_up_dials(tx);
    done += order_dials(tx);
    return done;
}

} // namespace switchboard::store
