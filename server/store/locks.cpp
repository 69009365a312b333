#include "store/locks.hpp"

namespace switchboard::store {

namespace {

constexpr statement all_tickets{"lock_tickets", R"(
    SELECT FROM ticket WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE)"};

constexpr statement all_loads{"lock_loads", R"(
    SELECT FROM agent_load WHERE agent_id = ANY($1::bigint[]) AND channel = '*' ORDER BY agent_id FOR UPDATE)"};

constexpr statement free_tickets{"lock_free_tickets", R"(
    WITH mine AS MATERIALIZED (
        SELECT id FROM ticket WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE SKIP LOCKED)
    SELECT id FROM ticket WHERE id = ANY($1::bigint[]) EXCEPT SELECT id FROM mine)"};

constexpr statement free_loads{"lock_free_loads", R"(
    WITH mine AS MATERIALIZED (
        SELECT agent_id FROM agent_load WHERE agent_id = ANY($1::bigint[]) AND channel = '*'
        ORDER BY agent_id FOR UPDATE SKIP LOCKED)
    SELECT agent_id FROM agent_load WHERE agent_id = ANY($1::bigint[]) AND channel = '*'
    EXCEPT SELECT agent_id FROM mine)"};

std::set<std::int64_t> ids_of(const pqxx::result& rows) {
    const auto ids = values_of<std::int64_t>(rows);
    return {ids.begin(), ids.end()};
}

} // namespace

void lock_tickets(pipeline& to, const std::vector<std::int64_t>& tickets) {
    to.tell(all_tickets, array_literal(tickets));
}

void lock_loads(pipeline& to, const std::vector<std::int64_t>& agents) {
    to.tell(all_loads, array_literal(agents));
}

void lock_loads(pqxx::transaction_base& tx, const std::vector<std::int64_t>& agents) {
    query(tx, all_loads, array_literal(agents));
}

std::set<std::int64_t> lock_free_tickets(pqxx::transaction_base& tx, const std::vector<std::int64_t>& tickets) {
    return ids_of(query(tx, free_tickets, array_literal(tickets)));
}

std::set<std::int64_t> lock_free_loads(pqxx::transaction_base& tx, const std::vector<std::int64_t>& agents) {
    return ids_of(query(tx, free_loads, array_literal(agents)));
}

} // namespace switchboard::store
