#include "store/callback_rows.hpp"

#include "store/sql.hpp"

namespace switchboard::store {

namespace {

callback with_attempts(pqxx::transaction_base& tx, const pqxx::row& r) {
    callback c;
    c.id = get<std::int64_t>(r["id"]);
    c.ticket_id = get<std::int64_t>(r["ticket_id"]);
    c.phone = get<std::string>(r["phone"]);
    c.mode = get<std::string>(r["mode"]);
    c.state = get<std::string>(r["state"]);
    c.not_before = get<timestamp>(r["not_before"]);
    c.not_after = get<std::optional<timestamp>>(r["not_after"]);
    c.attempts_allowed = get<std::int64_t>(r["attempts_allowed"]);
    c.retry_s = get<std::int64_t>(r["retry_s"]);
    c.requested_by = get<std::string>(r["requested_by"]);
    c.note = get<std::string>(r["note"]);
    c.created_at = get<timestamp>(r["created_at"]);
    c.ended_at = get<std::optional<timestamp>>(r["ended_at"]);
    for (const auto& a : query(tx, R"(
            SELECT a.n, a.agent_id, u.name, a.at, a.result, a.note
            FROM callback_attempt a
            LEFT JOIN users u ON u.id = a.agent_id
            WHERE a.callback_id = $1
            ORDER BY a.n)",
                               c.id)) {
        callback_attempt attempt{get<std::int64_t>(a["n"]),
                                 {},
                                 get<timestamp>(a["at"]),
                                 get<std::string>(a["result"]),
                                 get<std::string>(a["note"])};
        if (!a["agent_id"].is_null())
            attempt.agent = named{get<std::int64_t>(a["agent_id"]), get<std::string>(a["name"])};
        c.attempts.push_back(std::move(attempt));
    }
    return c;
}

} // namespace

std::optional<callback> read_callback(pqxx::transaction_base& tx, std::int64_t ticket) {
    const auto rows = query(tx, "SELECT * FROM callback WHERE ticket_id = $1 ORDER BY id DESC LIMIT 1", ticket);
    if (rows.empty()) return std::nullopt;
    return with_attempts(tx, rows[0]);
}

std::optional<callback> read_open_callback(pqxx::transaction_base& tx, std::int64_t ticket) {
    const auto rows = query(tx, "SELECT * FROM callback WHERE ticket_id = $1 AND ended_at IS NULL", ticket);
    if (rows.empty()) return std::nullopt;
    return with_attempts(tx, rows[0]);
}

std::optional<std::string> callback_number(pqxx::transaction_base& tx, std::int64_t ticket) {
    return value_of<std::optional<std::string>>(query(tx, "SELECT callback_number($1)", ticket));
}

std::int64_t write_callback(pqxx::transaction_base& tx, std::int64_t ticket, const callback_change& c) {
    static constexpr statement insert{"insert_callback", R"(
        INSERT INTO callback (
            ticket_id, phone, not_before, not_after, mode, attempts_allowed, retry_s, requested_by, note)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        RETURNING id)"};
    static constexpr statement update{"update_callback", R"(
        UPDATE callback SET state = $2, not_before = $3, attempts = $4, ended_at = $5 WHERE id = $1)"};
    static constexpr statement add_attempt{"add_callback_attempt", R"(
        INSERT INTO callback_attempt (callback_id, n, agent_id, result, note) VALUES ($1, $2, $3, $4, $5))"};
    static constexpr statement order{"order_dial", R"(
        INSERT INTO dial_order (callback_id, attempt, gateway_id) VALUES ($1, $2, $3))"};
    const auto& now_is = c.now_is;
    if (now_is.id == 0)
        return value_of<std::int64_t>(query(tx, insert, ticket, now_is.phone, now_is.not_before, now_is.not_after,
                                            now_is.mode, now_is.attempts_allowed, now_is.retry_s, now_is.requested_by,
                                            now_is.note));
    const auto attempts = std::ssize(now_is.attempts);
    query(tx, update, now_is.id, now_is.state, now_is.not_before, attempts, now_is.ended_at);
    if (c.was_tried) {
        const auto& last = now_is.attempts.back();
        query(tx, add_attempt, now_is.id, last.n, last.agent ? std::optional{last.agent->id} : std::nullopt,
              last.result, last.note);
    }
    if (c.dialled_by) query(tx, order, now_is.id, attempts + 1, *c.dialled_by);
    return now_is.id;
}

} // namespace switchboard::store
