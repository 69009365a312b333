#include "store/presence_rows.hpp"

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

void go_offline(pqxx::transaction_base& tx, std::int64_t agent, std::optional<std::int64_t> actor) {
    lock_presence(tx, {agent});
    static const auto sql = fmt::format(R"(
        UPDATE presence
        SET state = 'offline', reason = '', after_current = false, since = now(), absent = false
        WHERE agent_id = $1 AND state <> 'offline'
        RETURNING {})",
                                        presence_columns);
    static const statement offline{"presence_offline", sql.c_str()};
    tell_presence(tx, query(tx, offline, agent), actor);
    static constexpr statement return_work{"presence_returns",
                                           "UPDATE presence SET returns_at = now() WHERE agent_id = $1"};
    query(tx, return_work, agent);
}

void session_left(pqxx::transaction_base& tx, std::int64_t session, std::int64_t agent) {
    static constexpr statement forget{"session_forget", "DELETE FROM live_session WHERE session_id = $1"};
    static constexpr statement there{"session_others", "SELECT FROM live_session WHERE agent_id = $1 LIMIT 1"};
    lock_presence(tx, {agent});
    query(tx, forget, session);
    if (query(tx, there, agent).empty()) go_offline(tx, agent, agent);
}

} // namespace switchboard::store
