#include "store/due_times.hpp"

#include "store/absence.hpp"

#include <array>

namespace switchboard::store {

namespace {

// Transactions begin and commit in no order, so a row may be a little younger than now() without any fault: two
// seconds.

// How long it rings is known by when it was made.
constexpr statement offers{"present_offers", R"(
    UPDATE offer SET expires_at = now() + (expires_at - created_at), created_at = now()
    WHERE id IN (SELECT id FROM offer WHERE state = 'offered' AND created_at > now() + interval '2 seconds'
                 ORDER BY id LIMIT 5000 FOR UPDATE SKIP LOCKED))"};

constexpr statement wrapups{"present_wrapups", R"(
    UPDATE offer SET expires_at = now() + make_interval(secs => queue.wrapup_s) FROM queue
    WHERE queue.id = offer.queue_id AND offer.id IN
        (SELECT o.id FROM offer o JOIN queue q ON q.id = o.queue_id WHERE o.state = 'wrapup' AND
         o.expires_at > now() + make_interval(secs => q.wrapup_s + 2) ORDER BY o.id LIMIT 5000
         FOR UPDATE OF o SKIP LOCKED))"};

// Whoever has refused is asked again when the queue's cool-down is over.
constexpr statement refusals{"present_refusals", R"(
    UPDATE offer SET ended_at = now()
    WHERE id IN (SELECT id FROM offer WHERE state IN ('declined', 'timed_out') AND
                 ended_at > now() + interval '2 seconds' ORDER BY id LIMIT 5000 FOR UPDATE SKIP LOCKED))"};

// A little apart, so that they keep their order.
constexpr statement places{"present_places", R"(
    UPDATE ticket SET enqueue_at = now() + place * interval '1 microsecond'
    FROM (SELECT id, row_number() OVER (ORDER BY enqueue_at, id) AS place
          FROM (SELECT t.id, t.enqueue_at FROM queue q CROSS JOIN LATERAL
                    (SELECT id, enqueue_at FROM ticket WHERE queue_id = q.id AND owner_id IS NULL AND
                     solved_at IS NULL AND enqueue_at > now() + interval '2 seconds'
                     ORDER BY enqueue_at, id LIMIT 5000 FOR UPDATE SKIP LOCKED) t) ahead) one
    WHERE ticket.id = one.id)"};

constexpr statement letters{"present_letters", R"(
    UPDATE outbox SET next_at = next_at - (set_at - now()), claimed_until = claimed_until - (set_at - now()),
        set_at = now()
    WHERE id IN (SELECT id FROM outbox WHERE state = 'queued' AND set_at > now() + interval '2 seconds'
                 ORDER BY id LIMIT 5000 FOR UPDATE SKIP LOCKED))"};

constexpr statement dials{"present_dials", R"(
    UPDATE dial_order SET next_at = next_at - (created_at - now()),
        claimed_until = claimed_until - (created_at - now()), created_at = now()
    WHERE id IN (SELECT d.id FROM callback c JOIN dial_order d ON d.callback_id = c.id AND d.attempt = c.attempts + 1
                 WHERE c.ended_at IS NULL AND c.state = 'dialling' AND d.created_at > now() + interval '2 seconds'
                 ORDER BY d.id LIMIT 5000 FOR UPDATE OF d SKIP LOCKED))"};

// The next attempt, or a first one that was to be made at once. A time that somebody was promised stays.
constexpr statement calls{"present_calls", R"(
    WITH ahead AS (SELECT c.id, c.ticket_id, CASE WHEN c.attempts > 0 THEN c.retry_s ELSE 0 END AS wait_s
                   FROM callback c JOIN ticket t ON t.id = c.ticket_id
                   WHERE c.ended_at IS NULL AND c.state = 'scheduled' AND
                         (c.attempts > 0 AND c.not_before > now() + make_interval(secs => c.retry_s + 2) OR
                          c.attempts = 0 AND c.not_before = c.created_at AND
                          c.created_at > now() + interval '2 seconds')
                   ORDER BY t.id LIMIT 5000 FOR UPDATE OF t, c SKIP LOCKED),
         held AS (UPDATE ticket t SET held_until = now() + make_interval(secs => a.wait_s), version = t.version + 1
                  FROM ahead a WHERE a.ticket_id = t.id AND t.state = 'held')
    UPDATE callback c SET not_before = now() + make_interval(secs => a.wait_s), created_at = least(c.created_at, now())
    FROM ahead a WHERE a.id = c.id)"};

constexpr statement reviews{"present_reviews", R"(
    UPDATE promise_review SET at = now()
    WHERE queue_id IN (SELECT queue_id FROM promise_review WHERE at > now() + interval '1 minute'
                       FOR UPDATE SKIP LOCKED))"};

// Offers that ran out while nobody could take them ring on: that is not held against their agents.
constexpr statement rang_on{"gap_offers", R"(
    UPDATE offer SET expires_at = now() + least(expires_at - created_at, interval '5 seconds')
    WHERE id IN (SELECT id FROM offer WHERE state = 'offered' AND expires_at < now() + interval '5 seconds'
                 ORDER BY id LIMIT 20000 FOR UPDATE SKIP LOCKED))"};

// Found no place, and was to try again after a minute.
constexpr statement put_off{"gap_blocked", R"(
    UPDATE ticket SET held_until = now(), version = version + 1
    WHERE id IN (SELECT t.id FROM ticket t JOIN LATERAL
                     (SELECT kind, facts FROM routing_decision d WHERE d.ticket_id = t.id ORDER BY d.id DESC LIMIT 1) d
                     ON true
                 WHERE t.held_until IS NOT NULL AND t.state = 'held' AND t.owner_id IS NULL AND d.kind = 'put_off' AND
                       d.facts->>'reason' = 'blocked' AND
                       t.held_until > now() + make_interval(secs => (d.facts->>'again_in_s')::float8 + 2)
                 ORDER BY t.id LIMIT 5000 FOR UPDATE OF t SKIP LOCKED))"};

// Who has no socket, and nodes that live.
constexpr statement absences{"present_absences", R"(
    UPDATE presence SET absent_since = now(), returns_at = least(returns_at, now())
    WHERE agent_id IN (SELECT agent_id FROM presence WHERE absent_since > now() + interval '2 seconds'
                       ORDER BY agent_id FOR UPDATE SKIP LOCKED))"};

constexpr statement early_beats{"present_beats", R"(
    UPDATE live_node SET seen_at = now()
    WHERE id IN (SELECT id FROM live_node WHERE seen_at > now() + interval '2 seconds'
                 ORDER BY id FOR UPDATE SKIP LOCKED))"};

template <std::size_t n>
std::size_t run_all(pqxx::transaction_base& tx, const std::array<const statement*, n>& all) {
    std::size_t moved = 0;
    for (const auto* one : all) moved += query(tx, *one).affected_rows();
    return moved;
}

} // namespace

std::size_t move_into_the_present(pqxx::transaction_base& tx) {
    return run_all(tx, std::array{&offers, &wrapups, &refusals, &places, &letters, &dials, &calls, &reviews, &absences,
                                  &early_beats});
}

std::size_t forgive_the_gap(pqxx::transaction_base& tx) {
    return run_all(tx, std::array{&rang_on, &put_off}) + forgive_absences(tx);
}

} // namespace switchboard::store
