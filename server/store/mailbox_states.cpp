#include <switchboard/store/mailbox_states.hpp>

#include "store/run.hpp"
#include "store/sql.hpp"

namespace switchboard::store {

boost::asio::awaitable<std::optional<mailbox_state>> mailbox_states::claim(std::int64_t gateway, std::string node,
                                                                           std::chrono::seconds how_long) {
    return run(db_, [gateway, node = std::move(node), how_long](pqxx::connection& c) -> std::optional<mailbox_state> {
        pqxx::work tx{c};
        query(tx, R"(
            INSERT INTO mailbox_state (gateway_id)
            SELECT id
            FROM gateway
            WHERE id = $1
            ON CONFLICT DO NOTHING)",
              gateway);
        const auto rows = query(tx, R"(
            UPDATE mailbox_state
            SET claimed_by = $2, claimed_until = now() + make_interval(secs => $3)
            WHERE gateway_id = $1
              AND (claimed_until IS NULL OR claimed_by = $2
                   OR claimed_until NOT BETWEEN now() AND now() + make_interval(secs => $3 + 2))
            RETURNING place, uidvalidity, last_uid)",
                                gateway, node, how_long.count());
        tx.commit();
        if (rows.empty()) return std::nullopt;
        return mailbox_state{get<std::string>(rows[0]["place"]), get<std::int64_t>(rows[0]["uidvalidity"]),
                             get<std::int64_t>(rows[0]["last_uid"])};
    });
}

boost::asio::awaitable<bool> mailbox_states::advance(std::int64_t gateway, std::string node, mailbox_state reached,
                                                     std::chrono::seconds how_long) {
    return run(db_, [gateway, node = std::move(node), reached = std::move(reached), how_long](pqxx::connection& c) {
        pqxx::work tx{c};
        const auto done = query(tx, R"(
            UPDATE mailbox_state
            SET place = $3, uidvalidity = $4, last_uid = $5, claimed_until = now() + make_interval(secs => $6)
            WHERE gateway_id = $1 AND claimed_by = $2)",
                                gateway, node, reached.place, reached.uidvalidity, reached.last_uid, how_long.count());
        tx.commit();
        return done.affected_rows() == 1;
    });
}

boost::asio::awaitable<void> mailbox_states::release(std::int64_t gateway, std::string node, std::string error) {
    return run(db_, [gateway, node = std::move(node), error = std::move(error)](pqxx::connection& c) {
        pqxx::work tx{c};
        query(tx, R"(
            UPDATE mailbox_state
            SET claimed_by = NULL, claimed_until = NULL, last_error = $3,
                last_success_at = CASE WHEN $3 = '' THEN now() ELSE last_success_at END,
                last_error_at = CASE WHEN $3 = '' THEN last_error_at ELSE now() END
            WHERE gateway_id = $1 AND claimed_by = $2)",
              gateway, node, error);
        tx.commit();
    });
}

} // namespace switchboard::store
