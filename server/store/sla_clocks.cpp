#include <switchboard/store/sla_clocks.hpp>

#include "store/promises.hpp"
#include "store/run.hpp"
#include "store/sql.hpp"

#include <switchboard/model/states.hpp>

#include <algorithm>
#include <vector>

namespace switchboard::store {

boost::asio::awaitable<std::optional<sla_ledger>> sla_clocks::ledger(std::int64_t ticket) {
    return run(db_, [ticket](pqxx::connection& c) -> std::optional<sla_ledger> {
        pqxx::transaction<pqxx::repeatable_read> tx{c};
        if (query(tx, "SELECT FROM ticket WHERE id = $1", ticket).empty()) return std::nullopt;
        sla_ledger out;
        std::vector<sla_entry> of_follow_ups;
        for (auto& line : read_all<sla_entry>(query(tx, R"(
                 SELECT *
                 FROM sla_entry
                 WHERE ticket_id = $1
                 ORDER BY id)",
                                                    ticket)))
            (line.clock == name_of(sla_clock_name::follow_up) ? of_follow_ups : out.entries).push_back(std::move(line));
        auto p = read_promise(tx, ticket);
        for (auto& line : p.promise.tell(p.hours, p.now)) out.entries.push_back(std::move(line));
        // Theirs stand among those that time alone has made true, which are written later.
        for (auto& line : of_follow_ups) {
            const auto later = std::ranges::find_if(out.entries, [&](const sla_entry& e) { return e.at > line.at; });
            out.entries.insert(later, std::move(line));
        }
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
