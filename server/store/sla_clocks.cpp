#include <switchboard/store/sla_clocks.hpp>

#include "store/promises.hpp"
#include "store/run.hpp"
#include "store/sql.hpp"

#include <algorithm>
#include <iterator>

namespace switchboard::store {

boost::asio::awaitable<std::optional<sla_ledger>> sla_clocks::ledger(std::int64_t ticket) {
    return run(db_, [ticket](pqxx::connection& c) -> std::optional<sla_ledger> {
        pqxx::transaction<pqxx::repeatable_read> tx{c};
        if (query(tx, "SELECT FROM ticket WHERE id = $1", ticket).empty()) return std::nullopt;
        sla_ledger out;
        const auto written = read_all<sla_entry>(query(tx, R"(
            SELECT *
            FROM sla_entry
            WHERE ticket_id = $1
            ORDER BY at, id)",
                                                       ticket));
        auto p = read_promise(tx, ticket);
        const auto since = p.promise.tell(p.hours, p.now);
        // A follow-up's lines may be younger than those that time alone has made true, which are written later.
        std::ranges::merge(written, since, std::back_inserter(out.entries), {}, &sla_entry::at, &sla_entry::at);
        static_cast<sla_status&>(out) = p.promise.status(p.hours, p.now);
        return out;
    });
}

boost::asio::awaitable<std::size_t> sla_clocks::note_breaches() {
    return run(db_, [](pqxx::connection& c) {
        pqxx::work tx{c};
        // Whoever works on a ticket just now writes down what was missed with what he does, and so does another node.
        static constexpr statement due{"sla_due", R"(
            SELECT id
            FROM ticket
            WHERE sla_check_at < now()
            ORDER BY sla_check_at LIMIT 500 FOR UPDATE SKIP LOCKED)"};
        const auto rows = query(tx, due);
        for (const auto& r : rows) {
            const auto ticket = get<std::int64_t>(r["id"]);
            auto p = read_promise(tx, ticket);
            const auto lines = p.promise.tell(p.hours, p.now);
            write_promise(tx, p, lines);
            tell_promise_changed(tx, ticket, events::ticket_change::sla_breached);
        }
        tx.commit();
        return static_cast<std::size_t>(rows.size());
    });
}

} // namespace switchboard::store
