#include <switchboard/model/callback.hpp>
#include <switchboard/store/dial_orders.hpp>

#include "store/run.hpp"
#include "store/secret_rows.hpp"
#include "store/sql.hpp"

#include <fmt/format.h>

#include <vector>

namespace switchboard::store {

namespace {

// Of an order `d` with its callback `c`: the call is still wanted, from another gateway than those of $1.
const std::string wanted = fmt::format(R"(
    d.gateway_id <> ALL($1::bigint[]) AND d.state = 'queued' AND c.state = 'dialling' AND d.attempt = c.attempts + 1
    AND d.created_at + make_interval(secs => {}) > now())",
                                       longest_dial.count());

} // namespace

boost::asio::awaitable<std::optional<dial_order>> dial_orders::claim(std::int64_t claim_s,
                                                                     std::set<std::int64_t> without) {
    return run(
        db_, [box = box_, claim_s, without = std::move(without)](pqxx::connection& c) -> std::optional<dial_order> {
            pqxx::work tx{c};
            static const auto sql = fmt::format(R"(
                WITH mine AS (
                    UPDATE dial_order
                    SET tries = tries + 1, claimed_until = now() + make_interval(secs => $2)
                    WHERE id = (
                        SELECT d.id
                        FROM dial_order d
                        JOIN callback c ON c.id = d.callback_id
                        WHERE {} AND d.next_at <= now() AND (d.claimed_until IS NULL OR d.claimed_until < now())
                        ORDER BY d.next_at LIMIT 1 FOR UPDATE OF d SKIP LOCKED)
                    RETURNING id, callback_id, attempt, tries, gateway_id)
                SELECT m.id, m.callback_id, m.attempt, m.tries, c.phone, c.ticket_id, m.gateway_id,
                       coalesce(g.settings->>'dial_url', '') AS dial_url, s.key_id, s.box
                FROM mine m
                JOIN callback c ON c.id = m.callback_id
                JOIN gateway g ON g.id = m.gateway_id
                LEFT JOIN secret s ON s.owner = 'gateway' AND s.owner_id = g.id AND s.name = 'secret')",
                                                wanted);
            const auto rows =
                query(tx, sql, array_literal(std::vector<std::int64_t>{without.begin(), without.end()}), claim_s);
            tx.commit();
            if (rows.empty()) return std::nullopt;
            const auto r = rows[0];
            dial_order out{get<std::int64_t>(r["id"]),
                           get<std::int64_t>(r["callback_id"]),
                           get<std::int64_t>(r["attempt"]),
                           get<std::int64_t>(r["tries"]),
                           get<std::string>(r["phone"]),
                           get<std::string>(r["ticket_id"]),
                           get<std::int64_t>(r["gateway_id"]),
                           get<std::string>(r["dial_url"]),
                           {},
                           {}};
            try {
                if (!r["box"].is_null())
                    out.secret = open_secret(box, {"gateway", out.gateway_id, "secret"}, r["key_id"], r["box"]);
            } catch (const unreadable_secret& e) {
                out.trouble = e.what();
            }
            return out;
        });
}

boost::asio::awaitable<void> dial_orders::settle(std::int64_t id, std::string error,
                                                 std::optional<std::int64_t> retry_in_s) {
    return run(db_, [id, error = std::move(error), retry_in_s](pqxx::connection& c) {
        pqxx::work tx{c};
        query(tx, R"(
            UPDATE dial_order
            SET state = $2, last_error = $3, claimed_until = NULL, next_at = now() + make_interval(secs => $4)
            WHERE id = $1 AND state = 'queued')",
              id,
              error.empty() ? "sent"
              : retry_in_s  ? "queued"
                            : "failed",
              error, retry_in_s.value_or(0));
        tx.commit();
    });
}

boost::asio::awaitable<std::optional<timestamp>> dial_orders::next_due(std::set<std::int64_t> without) {
    return run(db_, [without = std::move(without)](pqxx::connection& c) {
        pqxx::nontransaction tx{c};
        static const auto sql = fmt::format(R"(
            SELECT min(greatest(d.next_at, d.claimed_until))
            FROM dial_order d
            JOIN callback c ON c.id = d.callback_id
            WHERE {})",
                                            wanted);
        return value_of<std::optional<timestamp>>(
            query(tx, sql, array_literal(std::vector<std::int64_t>{without.begin(), without.end()})));
    });
}

} // namespace switchboard::store
