#include <switchboard/store/service_levels.hpp>

#include "store/promises.hpp"
#include "store/run.hpp"
#include "store/sql.hpp"

namespace switchboard::store {

boost::asio::awaitable<std::optional<sla_ledger>> service_levels::ledger(std::int64_t ticket) {
    return run(db_, [ticket](pqxx::connection& c) -> std::optional<sla_ledger> {
        pqxx::transaction<pqxx::repeatable_read> tx{c};
        if (query(tx, "SELECT FROM ticket WHERE id = $1", ticket).empty()) return std::nullopt;
        sla_ledger out;
        for (const auto& r : query(tx,
                                   "SELECT clock, kind, at, reason, policy, target_s, remaining_s, due_at FROM "
                                   "sla_entry WHERE ticket_id = $1 ORDER BY id",
                                   ticket))
            out.entries.push_back({get<std::string>(r[0]), get<std::string>(r[1]), get<timestamp>(r[2]),
                                   get<std::string>(r[3]), get<std::string>(r[4]), get<std::int64_t>(r[5]),
                                   get<std::int64_t>(r[6]), get<std::optional<timestamp>>(r[7])});
        auto p = read_promise(tx, ticket);
        for (auto& line : p.promise.tell(p.hours, p.now)) out.entries.push_back(std::move(line));
        static_cast<sla_status&>(out) = p.promise.status(p.hours, p.now);
        return out;
    });
}

boost::asio::awaitable<std::size_t> service_levels::note_breaches() {
    return run(db_, [](pqxx::connection& c) {
        pqxx::work tx{c};
        // Whoever works on a ticket just now writes down what was missed with what he does, and so does another node.
        static constexpr statement due{"sla_due", "SELECT id FROM ticket WHERE sla_check_at < now() ORDER BY "
                                                  "sla_check_at LIMIT 500 FOR UPDATE SKIP LOCKED"};
        const auto rows = query(tx, due);
        for (const auto& r : rows) {
            const auto ticket = get<std::int64_t>(r[0]);
            auto p = read_promise(tx, ticket);
            const auto lines = p.promise.tell(p.hours, p.now);
            write_promise(tx, p, lines);
            tell_promise_changed(tx, ticket, "sla_breached");
        }
        tx.commit();
        return static_cast<std::size_t>(rows.size());
    });
}

} // namespace switchboard::store
