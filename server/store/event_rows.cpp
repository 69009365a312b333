#include "store/event_rows.hpp"

#include "store/pipeline.hpp"

namespace switchboard::store {

event_about about(const ticket_summary& t, std::optional<std::int64_t> actor) {
    return {t.id, t.queue.id, t.owner ? std::optional{t.owner->id} : std::nullopt, actor};
}

void append_event(pqxx::transaction_base& tx, std::string_view type, const event_about& whom, const std::string& data) {
    const auto all_of = [](const std::vector<std::int64_t>& ids) {
        return ids.empty() ? std::nullopt : std::optional{array_literal(ids)};
    };
    query(tx, R"(
        INSERT INTO event (type, ticket_id, queue_id, agent_id, actor_id, data, queue_ids, agent_ids)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8))",
          type, whom.ticket, whom.queue, whom.agent, whom.actor, data, all_of(whom.queues), all_of(whom.agents));
}

cursor readable_end(pqxx::transaction_base& tx) {
    static constexpr statement last_readable{"last_readable_event", R"(
        SELECT xid::text, id FROM event
        WHERE xid < pg_snapshot_xmin(pg_current_snapshot())
        ORDER BY event.xid DESC, id DESC LIMIT 1)"};
    cursor end;
    for (const auto& r : query(tx, last_readable)) end = {get<std::uint64_t>(r["xid"]), get<std::int64_t>(r["id"])};
    return end;
}

void append_event(pipeline& to, std::string_view type, std::optional<std::int64_t> ticket, const std::string& data) {
    static constexpr statement append{"append_event_of_ticket", R"(
        INSERT INTO event (type, ticket_id, queue_id, agent_id, data)
        SELECT $2, $1::bigint, t.queue_id, t.owner_id, $3::json
        FROM (SELECT) one
        LEFT JOIN ticket t ON t.id = $1::bigint)"};
    to.tell(append, ticket, type, data);
}

} // namespace switchboard::store
