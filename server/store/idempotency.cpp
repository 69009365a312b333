#include "store/run.hpp"
#include "store/sql.hpp"

#include <switchboard/store/idempotency.hpp>

namespace switchboard::store {

boost::asio::awaitable<earlier_request> idempotency::begin(std::string actor, std::string key, std::string request) {
    return run(db_, [=](pqxx::connection& c) -> earlier_request {
        pqxx::work tx{c};
        query(tx,
              "DELETE FROM idempotency WHERE created_at < now() - interval '1 day' "
              "OR (actor = $1 AND key = $2 AND status IS NULL AND created_at < now() - interval '5 minutes')",
              actor, key);
        const auto inserted = query(tx,
                                    "INSERT INTO idempotency (actor, key, request) VALUES ($1, $2, $3) "
                                    "ON CONFLICT DO NOTHING RETURNING 1",
                                    actor, key, request);
        const auto found =
            query(tx, "SELECT request, status, body FROM idempotency WHERE actor = $1 AND key = $2", actor, key);
        tx.commit();
        using enum earlier_request::state;
        if (!inserted.empty()) return {none};
        if (found.empty()) return {running}; // removed between the two statements: the client may ask again
        if (get<std::string>(found[0][0]) != request) return {other};
        if (found[0][1].is_null()) return {running};
        return {done, get<int>(found[0][1]), get<std::string>(found[0][2])};
    });
}

boost::asio::awaitable<void> idempotency::keep(std::string actor, std::string key, int status, std::string body) {
    return run(db_, [=](pqxx::connection& c) {
        pqxx::work tx{c};
        query(tx, "UPDATE idempotency SET status = $3, body = $4 WHERE actor = $1 AND key = $2", actor, key, status,
              body);
        tx.commit();
    });
}

boost::asio::awaitable<void> idempotency::release(std::string actor, std::string key) {
    return run(db_, [=](pqxx::connection& c) {
        pqxx::work tx{c};
        query(tx, "DELETE FROM idempotency WHERE actor = $1 AND key = $2 AND status IS NULL", actor, key);
        tx.commit();
    });
}

} // namespace switchboard::store
