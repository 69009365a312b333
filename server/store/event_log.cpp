#include <switchboard/store/event_log.hpp>

#include "store/event_rows.hpp"
#include "store/pipeline.hpp"
#include "store/run.hpp"

namespace switchboard::store {

namespace {

// event.xid, not xid: that would be the column of the answer, which is text, and '1000' < '999'.
constexpr statement events_after{"events_after", R"(
    SELECT xid::text, id, type, at, ticket_id, queue_id, agent_id, queue_ids, agent_ids, actor_id, data
    FROM event
    WHERE (xid, id) > ($1::xid8, $2) AND xid < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY event.xid, id LIMIT $3)"};

// What stands behind the line that may not be crossed yet: the newest alone tells. By its order this is one probe of
// the index; an EXISTS reads the whole table as long as its statistics are young.
constexpr statement newest_event{"newest_event",
                                 "SELECT xid::text, id FROM event ORDER BY event.xid DESC, id DESC LIMIT 1"};

} // namespace

boost::asio::awaitable<event_page> event_log::after(cursor last, std::size_t limit) {
    return run(db_, [last, limit](pqxx::connection& c) {
        event_page page;
        const auto read = [&page](const pqxx::result& rows) {
            const column<std::uint64_t> xid{rows, "xid"};
            const column<std::int64_t> id{rows, "id"};
            const column<std::string> type{rows, "type"}, data{rows, "data"};
            const column<timestamp> at{rows, "at"};
            const column<std::optional<std::int64_t>> ticket{rows, "ticket_id"}, queue{rows, "queue_id"},
                agent{rows, "agent_id"}, actor{rows, "actor_id"};
            const column<std::optional<std::vector<std::int64_t>>> queues{rows, "queue_ids"}, agents{rows, "agent_ids"};
            for (const auto& r : rows) {
                auto& e = page.events.emplace_back();
                e.cursor = {xid(r), id(r)};
                e.type = type(r);
                e.at = at(r);
                e.ticket_id = ticket(r);
                e.queue_id = queue(r);
                e.agent_id = agent(r);
                if (auto all = queues(r)) e.queue_ids = std::move(*all);
                if (auto all = agents(r)) e.agent_ids = std::move(*all);
                e.actor_id = actor(r);
                e.data = data(r);
            }
        };
        pipeline ask{c};
        ask.tell(keep_plans);
        ask.ask(events_after, read, std::to_string(last.xid), last.id, limit);
        cursor newest;
        ask.ask(newest_event, [&newest](const pqxx::result& rows) {
            for (const auto& r : rows) newest = {get<std::uint64_t>(r["xid"]), get<std::int64_t>(r["id"])};
        });
        ask.run();
        page.more = page.events.size() == limit;
        const auto reached = page.events.empty() ? last : page.events.back().cursor;
        page.pending = !page.more && newest > reached;
        return page;
    });
}

boost::asio::awaitable<cursor> event_log::end() {
    return run(db_, [](pqxx::connection& c) {
        pqxx::nontransaction tx{c};
        return readable_end(tx);
    });
}

} // namespace switchboard::store
