#include <switchboard/store/event_log.hpp>

#include "store/run.hpp"
#include "store/sql.hpp"

namespace switchboard::store {

namespace {

// event.xid, not xid: that would be the column of the answer, which is text, and '1000' < '999'.
constexpr statement events_after{
    "events_after", "SELECT xid::text, id, type, at, ticket_id, queue_id, agent_id, actor_id, data FROM event "
                    "WHERE (xid, id) > ($1::xid8, $2) AND xid < pg_snapshot_xmin(pg_current_snapshot()) "
                    "ORDER BY event.xid, id LIMIT $3"};

// Does anything stand behind the line that may not be crossed yet? The newest alone tells. By its order this is one
// probe of the index; an EXISTS reads the whole table as long as its statistics are young.
constexpr statement events_pending{"events_pending",
                                   "SELECT (xid, id) > ($1::xid8, $2) FROM event ORDER BY xid DESC, id DESC LIMIT 1"};

constexpr statement log_head{"log_head", "SELECT pg_snapshot_xmin(pg_current_snapshot())::text"};

} // namespace

boost::asio::awaitable<event_page> event_log::after(cursor place, std::size_t limit) {
    return run(db_, [place, limit](pqxx::connection& c) {
        pqxx::nontransaction tx{c};
        event_page page;
        const auto rows = query(tx, events_after, std::to_string(place.xid), place.id, limit);
        page.events.reserve(rows.size());
        for (const auto& r : rows) {
            event e;
            e.place = {std::stoull(r[0].c_str()), get<std::int64_t>(r[1])};
            e.type = get<std::string>(r[2]);
            e.at = get<timestamp>(r[3]);
            e.ticket_id = get<std::optional<std::int64_t>>(r[4]);
            e.queue_id = get<std::optional<std::int64_t>>(r[5]);
            e.agent_id = get<std::optional<std::int64_t>>(r[6]);
            e.actor_id = get<std::optional<std::int64_t>>(r[7]);
            e.data = get<std::string>(r[8]);
            page.events.push_back(std::move(e));
        }
        page.more = page.events.size() == limit;
        if (!page.more) {
            const auto last = page.events.empty() ? place : page.events.back().place;
            const auto newest = query(tx, events_pending, std::to_string(last.xid), last.id);
            page.pending = !newest.empty() && get<bool>(newest[0][0]);
        }
        return page;
    });
}

boost::asio::awaitable<cursor> event_log::head() {
    return run(db_, [](pqxx::connection& c) {
        pqxx::nontransaction tx{c};
        // Everything below xmin is readable; (xmin, 0) stands before the first event of that transaction.
        return cursor{std::stoull(query(tx, log_head)[0][0].c_str()), 0};
    });
}

} // namespace switchboard::store
