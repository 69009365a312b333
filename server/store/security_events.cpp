#include "store/directory/rows.hpp"
#include "store/run.hpp"

#include <switchboard/store/security_events.hpp>

#include <atomic>

namespace switchboard::store {
namespace {

std::string id_text(const std::optional<std::int64_t>& id) {
    return id ? std::to_string(*id) : std::string{"-"};
}

std::vector<std::atomic<std::uint64_t>>& counters() {
    static std::vector<std::atomic<std::uint64_t>> all(count_of_security_kinds());
    return all;
}

} // namespace

std::vector<std::uint64_t> security_counts() {
    return {counters().begin(), counters().end()};
}

void count_security(security_kind kind, std::uint64_t times) {
    counters()[static_cast<std::size_t>(kind)] += times;
}

void log_security(log::level level, security_kind kind, const security_event& e, std::int64_t times) {
    log::write(level, name_of(kind),
               {{"user", id_text(e.user_id)},
                {"actor", id_text(e.actor_id)},
                {"session", id_text(e.session_id)},
                {"token", id_text(e.token_id)},
                {"login", e.login},
                {"address", e.address},
                {"details", e.details},
                {"times", times}});
}

boost::asio::awaitable<void> security_events::count(std::vector<security_event> happened) {
    return run(db_, [happened = std::move(happened)](pqxx::connection& c) {
        static constexpr statement count_security{"count_security", R"(
            INSERT INTO security_event (kind, user_id, login, address, details, times, minute)
            VALUES ($1, $2, $3, $4, $5::jsonb, $6, date_trunc('minute', now()))
            ON CONFLICT (minute, kind, login, address, details) WHERE minute IS NOT NULL DO UPDATE
            SET times = security_event.times + EXCLUDED.times)"};
        pqxx::work tx{c};
        for (const auto& e : happened)
            query(tx, count_security, e.kind, e.user_id, e.login, e.address, e.details, e.times);
        tx.commit();
    });
}

boost::asio::awaitable<page<security_event>> security_events::list(page_request part) {
    return run(db_, [part](pqxx::connection& c) {
        pqxx::work tx{c};
        const auto rows = query(tx, R"(
            SELECT *
            FROM security_event
            WHERE id < $1
            ORDER BY id DESC LIMIT $2)",
                                part.after == 0 ? INT64_MAX : part.after, part.limit + 1);
        return page_of<security_event>(rows, part.limit, read<security_event>);
    });
}

boost::asio::awaitable<std::int64_t> security_events::forget(std::chrono::days older_than, std::int64_t most) {
    return run(db_, [older_than, most](pqxx::connection& c) -> std::int64_t {
        pqxx::work tx{c};
        const auto gone = query(tx, R"(
            DELETE FROM security_event
            WHERE id IN (
                SELECT id
                FROM security_event
                WHERE at < now() - $1 * interval '1 day'
                ORDER BY at LIMIT $2))",
                                older_than.count(), most)
                              .affected_rows();
        tx.commit();
        return static_cast<std::int64_t>(gone);
    });
}

} // namespace switchboard::store
