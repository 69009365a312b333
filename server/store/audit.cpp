#include "store/directory/rows.hpp"
#include "store/parameters.hpp"
#include "store/run.hpp"

#include <switchboard/store/audit.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <atomic>
#include <optional>
#include <vector>

namespace switchboard::store {
namespace {

std::string id_text(const std::optional<std::int64_t>& id) {
    return id ? std::to_string(*id) : std::string{"-"};
}

std::vector<std::atomic<std::uint64_t>>& counters() {
    static std::vector<std::atomic<std::uint64_t>> all(count_of_audit_kinds());
    return all;
}

} // namespace

std::vector<std::uint64_t> audit_counts() {
    return {counters().begin(), counters().end()};
}

void count_audit(audit_kind kind, std::uint64_t times) {
    counters()[static_cast<std::size_t>(kind)] += times;
}

void log_audit(log::level level, audit_kind kind, const audit_entry& e, std::int64_t times) {
    log::write(level, name_of(kind),
               {{"noun", e.noun},
                {"id", id_text(e.noun_id)},
                {"name", e.name},
                {"user", id_text(e.user_id)},
                {"actor", id_text(e.actor_id)},
                {"session", id_text(e.session_id)},
                {"token", id_text(e.token_id)},
                {"login", e.login},
                {"address", e.address},
                {"details", e.details},
                {"times", times}});
}

boost::asio::awaitable<void> audit::count(std::vector<audit_entry> happened) {
    return run(db_, [happened = std::move(happened)](pqxx::connection& c) {
        static constexpr statement count_audit{"count_audit", R"(
            INSERT INTO audit_entry (what, user_id, login, address, details, times, minute)
            VALUES ($1, $2, $3, $4, $5::jsonb, $6, date_trunc('minute', now()))
            ON CONFLICT (minute, what, login, address, details) WHERE minute IS NOT NULL DO UPDATE
            SET times = audit_entry.times + EXCLUDED.times)"};
        pqxx::work tx{c};
        for (const auto& e : happened)
            query(tx, count_audit, e.what, e.user_id, e.login, e.address, e.details, e.times);
        tx.commit();
    });
}

boost::asio::awaitable<page<audit_record>> audit::list(audit_filter wanted, page_request part) {
    return run(db_, [wanted = std::move(wanted), part](pqxx::connection& c) {
        parameters given;
        std::vector<std::string> conditions{"true"};
        const auto only = [&](std::string_view condition, const auto& value) {
            if (value) conditions.push_back(fmt::format(fmt::runtime(condition), given(*value)));
        };
        only("what = {}", wanted.what);
        only("noun <> '' AND noun = {}", wanted.noun);
        only("noun_id = {}", wanted.id);
        only("actor_id = {}", wanted.person);
        only("user_id = {}", wanted.about);
        only("at >= {}", wanted.since);
        only("at < {}", wanted.until);
        const auto behind = part.after == 0 ? std::nullopt : std::optional{part.after};
        only("(at, id) < (SELECT at, id FROM audit_entry WHERE id = {})", behind);
        pqxx::work tx{c};
        const auto rows = given.run(tx, fmt::format(R"(
            SELECT e.*, coalesce(who.name, t.name, '') AS actor, coalesce(whom.name, '') AS about
            FROM (SELECT * FROM audit_entry WHERE {} ORDER BY at DESC, id DESC LIMIT {}) AS e
            LEFT JOIN users who ON who.id = e.actor_id
            LEFT JOIN token t ON t.id = e.token_id
            LEFT JOIN users whom ON whom.id = e.user_id
            ORDER BY e.at DESC, e.id DESC)",
                                                    fmt::join(conditions, " AND "), given(part.limit + 1)));
        return page_of<audit_record>(rows, part.limit, read<audit_record>);
    });
}

boost::asio::awaitable<std::int64_t> audit::forget(std::chrono::days older_than, std::int64_t most) {
    return run(db_, [older_than, most](pqxx::connection& c) -> std::int64_t {
        pqxx::work tx{c};
        const auto gone = query(tx, R"(
            DELETE FROM audit_entry
            WHERE id IN (
                SELECT id
                FROM audit_entry
                WHERE at < now() - $1 * interval '1 day'
                ORDER BY at LIMIT $2))",
                                older_than.count(), most)
                              .affected_rows();
        tx.commit();
        return static_cast<std::int64_t>(gone);
    });
}

} // namespace switchboard::store
