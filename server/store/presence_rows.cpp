#include "store/presence_rows.hpp"

#include "store/grant_rows.hpp"
#include "store/locks.hpp"
#include "store/sql.hpp"
#include "store/ticket_rows.hpp"

#include <fmt/format.h>

namespace switchboard::store {

void lock_presence(pqxx::transaction_base& tx, const std::vector<std::int64_t>& agents) {
    static constexpr statement lock{
        "lock_presence", "SELECT FROM presence WHERE agent_id = ANY($1::bigint[]) ORDER BY agent_id FOR UPDATE"};
    query(tx, lock, array_literal(agents));
}

void tell_presence(pqxx::transaction_base& tx, const pqxx::result& rows, std::optional<std::int64_t> actor) {
    for (const auto& r : rows) {
        const auto p = presence_of(r);
        append_event(tx, events::presence_changed{p}, {.agent = p.agent_id, .actor = actor});
    }
}

void go_offline(pqxx::transaction_base& tx, const std::vector<std::int64_t>& agents,
                std::optional<std::int64_t> actor) {
    lock_presence(tx, agents);
    static const auto sql = fmt::format(R"(
        UPDATE presence
        SET state = 'offline', reason = '', after_current = false, since = now(), absent = false
        WHERE agent_id = ANY($1::bigint[]) AND state <> 'offline'
        RETURNING {})",
                                        presence_columns);
    static const statement offline{"presence_offline", sql.c_str()};
    tell_presence(tx, query(tx, offline, array_literal(agents)), actor);
    static constexpr statement return_work{"presence_returns",
                                           "UPDATE presence SET returns_at = now() WHERE agent_id = ANY($1::bigint[])"};
    query(tx, return_work, array_literal(agents));
}

void stop_who_takes_no_work(pqxx::transaction_base& tx, const std::vector<std::int64_t>& users,
                            std::optional<std::int64_t> actor) {
    static const auto sql = fmt::format(
        "SELECT u.id FROM users u WHERE u.id = ANY($1::bigint[]) AND NOT (u.active AND {})", user_takes_work());
    static const statement find{"who_takes_no_work", sql.c_str()};
    one_at_a_time(tx); // or each of two who take one of his roles would see the other's
    const auto stopped = values_of<std::int64_t>(query(tx, find, array_literal(users)));
    if (stopped.empty()) return;
    lock_loads(tx, stopped); // whoever hands one of them a ticket holds his: that is done, or sees what is so now
    go_offline(tx, stopped, actor);
}

void not_ready_after_this_one(pqxx::transaction_base& tx, std::int64_t agent) {
    static const auto sql = fmt::format(R"(
        UPDATE presence
        SET state = 'not_ready', after_current = false, since = now(),
            reason = CASE reason WHEN '' THEN 'after this one' ELSE reason END
        WHERE agent_id = $1 AND after_current
        RETURNING {})",
                                        presence_columns);
    static const statement begun{"presence_after_current", sql.c_str()};
    tell_presence(tx, query(tx, begun, agent), agent);
}

presence_at_hand take_presence(pqxx::transaction_base& tx, std::int64_t agent, const std::string& reason) {
    static constexpr statement begin{"presence_begin",
                                     "INSERT INTO presence (agent_id) VALUES ($1) ON CONFLICT DO NOTHING"};
    static constexpr statement find_reason{"presence_reason", R"(
        SELECT name FROM absence_reason WHERE enabled AND lower(name) = lower(replace($2, '_', ' '))
        UNION ALL
        SELECT reason FROM presence WHERE agent_id = $1 AND reason = $2
        LIMIT 1)"};
    static constexpr statement in_hand{"presence_work", R"(
        SELECT EXISTS (SELECT FROM offer WHERE agent_id = $1 AND state IN ('active', 'wrapup')))"};
    static const auto may = fmt::format("SELECT {} FROM users u WHERE u.id = $1", user_takes_work());
    static const statement takes_work{"presence_permitted", may.c_str()};
    query(tx, begin, agent);
    lock_presence(tx, {agent});
    presence_at_hand at{.has_work = value_of<bool>(query(tx, in_hand, agent)),
                        .takes_work = value_of<bool>(query(tx, takes_work, agent))};
    if (reason.empty()) {
        at.known_reason = "";
    } else if (const auto known = query(tx, find_reason, agent, reason); !known.empty()) {
        at.known_reason = get<std::string>(known[0]["name"]);
    }
    return at;
}

presence write_presence(pqxx::transaction_base& tx, std::int64_t agent, const presence_change& c) {
    // Who says so is there, or has a moment to open a socket; what he leaves in hand goes back.
    static const auto sql = fmt::format(R"(
        UPDATE presence p
        SET state = $2, reason = $3, after_current = $4, absent = false,
            returns_at = CASE $2 WHEN 'offline' THEN now() END,
            absent_since = CASE WHEN NOT EXISTS (
                SELECT FROM live_session s WHERE s.agent_id = p.agent_id) THEN now() END,
            since = CASE WHEN state = $2 AND reason = $3 THEN since ELSE now() END,
            channels = coalesce($5::text[], CASE WHEN channels = '{{}}' THEN (
                SELECT coalesce(array_agg(channel ORDER BY channel), '{{}}')
                FROM agent_channel
                WHERE agent_id = $1 AND capacity > 0) ELSE channels END)
        WHERE agent_id = $1
        RETURNING {})",
                                        presence_columns);
    static const statement write{"presence_said", sql.c_str()};
    const auto rows = query(tx, write, agent, name_of(c.state), c.reason, c.after_current,
                            c.channels ? std::optional{array_literal(*c.channels)} : std::nullopt);
    tell_presence(tx, rows, agent);
    return presence_of(rows[0]);
}

void session_left(pqxx::transaction_base& tx, std::int64_t session, std::int64_t agent) {
    static constexpr statement forget{"session_forget", "DELETE FROM live_session WHERE session_id = $1"};
    static constexpr statement there{"session_others", "SELECT FROM live_session WHERE agent_id = $1 LIMIT 1"};
    lock_presence(tx, {agent});
    query(tx, forget, session);
    if (query(tx, there, agent).empty()) go_offline(tx, {agent}, agent);
}

} // namespace switchboard::store
