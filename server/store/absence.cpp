#include "store/absence.hpp"

#include "store/grant_rows.hpp"
#include "store/locks.hpp"
#include "store/presence_rows.hpp"
#include "store/sql.hpp"
#include "store/ticket_at_hand.hpp"
#include "store/ticket_changes.hpp"
#include "store/ticket_rows.hpp"

#include <fmt/format.h>

namespace switchboard::store {

namespace {

// Nodes beat every second (app/attendance). One that was only slow notes its sessions anew.
constexpr statement dead_nodes{"nodes_dead", R"(
    WITH dead AS (DELETE FROM live_node WHERE seen_at < now() - interval '10 seconds' RETURNING id)
    DELETE FROM live_session s USING dead WHERE s.node = dead.id RETURNING s.agent_id)"};

constexpr statement unheard{"agents_unheard", R"(
    UPDATE presence p SET absent_since = now() - interval '10 seconds'
    WHERE agent_id = ANY($1::bigint[]) AND absent_since IS NULL AND
        NOT EXISTS (SELECT FROM live_session s WHERE s.agent_id = p.agent_id))"};

/// Whose agent is not there, what became of him, and whether it cannot stay with him: $1 = agents. What is on hold
/// stays with whoever may take it up again.
const std::string find_work_sql = fmt::format(R"(
    SELECT t.id, w.agent_id, w.state = 'held' AS is_held, cannot_stay,
           CASE WHEN NOT u.active THEN 'was switched off' WHEN NOT takes_work THEN 'may not take tickets any more'
                WHEN p.state = 'offline' THEN 'went offline' ELSE 'lost the connection' END AS what_became
    FROM (SELECT ticket_id, agent_id, state FROM offer
          WHERE agent_id = ANY($1::bigint[]) AND state IN ('active', 'parked')
          UNION ALL
          SELECT id, owner_id, state FROM ticket
          WHERE owner_id = ANY($1::bigint[]) AND solved_at IS NULL AND state = 'held') w
    JOIN ticket t ON t.id = w.ticket_id JOIN queue q ON q.id = t.queue_id
    JOIN users u ON u.id = w.agent_id JOIN presence p ON p.agent_id = w.agent_id
    CROSS JOIN LATERAL (SELECT u.active AND {} AS takes_work) may
    CROSS JOIN LATERAL (SELECT NOT takes_work OR is_live(t) OR
                               coalesce(t.due_at < now() + interval '10 minutes', false) AS cannot_stay) now_is
    WHERE agent_gone(w.agent_id, q.return_after_s) AND
          CASE w.state WHEN 'active' THEN true WHEN 'parked' THEN cannot_stay ELSE NOT takes_work END
    ORDER BY t.id LIMIT 500 FOR UPDATE OF t SKIP LOCKED)",
                                              user_takes_work());

// Looked at again each second while something is in his hands that cannot stay or he has only just gone, else when
// something may be due.
const std::string look_again_sql = fmt::format(R"(
    UPDATE presence p SET returns_at = (
        SELECT CASE WHEN bool_or(o.state = 'active' OR is_live(t) OR NOT takes_work)
                         OR coalesce(p.absent_since, p.since) > now() - interval '30 seconds'
                         OR NOT takes_work AND EXISTS (SELECT FROM ticket h WHERE h.owner_id = p.agent_id AND
                                                       h.solved_at IS NULL AND h.state = 'held')
                         THEN now() + interval '1 second'
                    WHEN count(t.due_at) > 0 THEN now() + interval '10 seconds' END
        FROM offer o JOIN ticket t ON t.id = o.ticket_id
        WHERE o.agent_id = p.agent_id AND o.state IN ('active', 'parked'))
    FROM users u CROSS JOIN LATERAL (SELECT u.active AND {} AS takes_work) may
    WHERE u.id = p.agent_id AND agent_id = ANY($1::bigint[]))",
                                               user_takes_work());

} // namespace

std::size_t mark_absent(pqxx::transaction_base& tx, std::chrono::seconds absent_after, std::chrono::seconds grace) {
    const auto agents = values_of<std::int64_t>(query(tx, dead_nodes));
    if (!agents.empty()) {
        lock_presence(tx, agents);
        query(tx, unheard, array_literal(agents));
    }
    static const auto absent_sql = fmt::format(R"(
        UPDATE presence
        SET absent = true, returns_at = now()
        WHERE agent_id IN (
            SELECT agent_id
            FROM presence
            WHERE absent_since <= now() - make_interval(secs => $1) AND NOT absent AND state <> 'offline'
            ORDER BY agent_id LIMIT 500 FOR UPDATE SKIP LOCKED)
        RETURNING {})",
                                               presence_columns);
    static const auto over_sql = fmt::format(R"(
        UPDATE presence
        SET state = 'not_ready', reason = 'connection lost', since = now(), after_current = false
        WHERE agent_id IN (
            SELECT agent_id
            FROM presence
            WHERE absent_since <= now() - make_interval(secs => $1) AND absent AND state = 'ready'
            ORDER BY agent_id LIMIT 500 FOR UPDATE SKIP LOCKED)
        RETURNING {})",
                                             presence_columns);
    static const statement absent{"presence_absent", absent_sql.c_str()}, over{"presence_grace_over", over_sql.c_str()};
    const auto gone = query(tx, absent, absent_after.count());
    tell_presence(tx, gone);
    const auto late = query(tx, over, std::max(absent_after, grace).count());
    tell_presence(tx, late);
    return gone.size() + late.size() + agents.size();
}

std::size_t forgive_absences(pqxx::transaction_base& tx) {
    static constexpr statement come_back{"absences_forgiven", R"(
        UPDATE presence SET absent_since = now()
        WHERE agent_id IN (SELECT agent_id FROM presence WHERE absent_since < now() AND NOT absent AND
                           state <> 'offline' ORDER BY agent_id FOR UPDATE SKIP LOCKED))"};
    static constexpr statement be_heard{"nodes_forgiven", R"(
        UPDATE live_node SET seen_at = now()
        WHERE id IN (SELECT id FROM live_node WHERE seen_at < now() ORDER BY id FOR UPDATE SKIP LOCKED))"};
    return query(tx, come_back).affected_rows() + query(tx, be_heard).affected_rows();
}

std::size_t return_work(pqxx::transaction_base& tx, const absence_rule& rule) {
    static constexpr statement find_agents{
        "agents_to_look_at", "SELECT agent_id FROM presence WHERE returns_at <= now() ORDER BY returns_at LIMIT 200"};
    const auto agents = values_of<std::int64_t>(query(tx, find_agents));
    if (agents.empty()) return 0;
    static const statement find_work{"work_of_absent", find_work_sql.c_str()};
    const auto work = query(tx, find_work, array_literal(agents));
    const auto busy = work.empty() ? std::set<std::int64_t>{} : lock_free_loads(tx, agents);
    for (const auto& r : work) {
        const auto at = take_at_hand(tx, {.ticket = get<std::int64_t>(r["id"])});
        const auto agent = get<std::int64_t>(r["agent_id"]);
        if (!at || at->ticket.owner_id != agent || busy.contains(agent)) continue;
        const bool rests = at->ticket.state == ticket_state::held;
        if (rests != get<bool>(r["is_held"]) || (!rests && at->ticket.offers.empty())) continue; // it was changed since
        write_changes(tx, at->ticket, rule(*at, get<std::string>(r["what_became"]), get<bool>(r["cannot_stay"])));
    }
    lock_presence(tx, agents);
    static const statement look_again{"work_looked_at", look_again_sql.c_str()};
    query(tx, look_again, array_literal(agents));
    return work.size();
}

} // namespace switchboard::store
