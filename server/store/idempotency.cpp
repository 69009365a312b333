#include <switchboard/store/idempotency.hpp>

#include "store/once.hpp"
#include "store/run.hpp"
#include "store/sql.hpp"

namespace switchboard::store {

namespace {

constexpr statement find_answer{"find_answer", R"(
    SELECT request, status, body FROM idempotency WHERE actor = $1 AND key = $2)"};

// Held until the transaction ends. Of the row itself the second of two would see nothing before the first has ended.
constexpr statement take_turn{"take_turn", R"(
    SELECT pg_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 0)))"};

constexpr statement put_answer{"put_answer", R"(
    INSERT INTO idempotency (actor, key, request, status, body) VALUES ($1, $2, $3, $4, $5))"};

earlier_request look_up(pqxx::transaction_base& tx, const request_key& k) {
    using enum earlier_request::state;
    const auto found = query(tx, find_answer, k.actor, k.key);
    if (found.empty()) return {none};
    if (get<std::string>(found[0]["request"]) != k.request) return {other};
    return {done, get<int>(found[0]["status"]), get<std::string>(found[0]["body"])};
}

} // namespace

void claim(pqxx::transaction_base& tx, const request_key& key) {
    try {
        query(tx, take_turn, key.actor, key.key);
    } catch (const pqxx::sql_error& e) {
        if (e.sqlstate() == "55P03") throw earlier_request{earlier_request::state::running};
        throw;
    }
    if (auto earlier = look_up(tx, key); earlier.known != earlier_request::state::none) throw earlier;
}

void write_answer(pqxx::transaction_base& tx, const request_key& key, int status, const std::string& body) {
    query(tx, put_answer, key.actor, key.key, key.request, status, body);
}

boost::asio::awaitable<earlier_request> idempotency::find(std::shared_ptr<const request_key> key) {
    return run(db_, [key = std::move(key)](pqxx::connection& c) {
        pqxx::nontransaction tx{c};
        return look_up(tx, *key);
    });
}

} // namespace switchboard::store
