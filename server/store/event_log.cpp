#include <switchboard/store/event_log.hpp>

#include "store/pipeline.hpp"
#include "store/run.hpp"

namespace switchboard::store {

namespace {

// event.xid, not xid: that would be the column of the answer, which is text, and '1000' < '999'.
constexpr statement events_after{
    "events_after", "SELECT xid::text, id, type, at, ticket_id, queue_id, agent_id, actor_id, data FROM event "
                    "WHERE (xid, id) > ($1::xid8, $2) AND xid < pg_snapshot_xmin(pg_current_snapshot()) "
                    "ORDER BY event.xid, id LIMIT $3"};

// What stands behind the line that may not be crossed yet: the newest alone tells. By its order this is one probe of
// the index; an EXISTS reads the whole table as long as its statistics are young.
constexpr statement newest_event{"newest_event",
                                 "SELECT xid::text, id FROM event ORDER BY event.xid DESC, id DESC LIMIT 1"};

constexpr statement log_head{"log_head", "SELECT pg_snapshot_xmin(pg_current_snapshot())::text"};

} // namespace

boost::asio::awaitable<event_page> event_log::after(cursor place, std::size_t limit) {
    return run(db_, [place, limit](pqxx::connection& c) {
        event_page page;
        const auto place_of = [](const pqxx::row& r) {
            return cursor{std::stoull(r[0].c_str()), get<std::int64_t>(r[1])};
        };
        const auto read = [&](const pqxx::row& r) {
            event e;
            e.place = place_of(r);
            e.type = get<std::string>(r[2]);
            e.at = get<timestamp>(r[3]);
            e.ticket_id = get<std::optional<std::int64_t>>(r[4]);
            e.queue_id = get<std::optional<std::int64_t>>(r[5]);
            e.agent_id = get<std::optional<std::int64_t>>(r[6]);
            e.actor_id = get<std::optional<std::int64_t>>(r[7]);
            e.data = get<std::string>(r[8]);
            page.events.push_back(std::move(e));
        };
        pipeline ask{c};
        ask.tell(keep_plans);
        ask.ask(events_after, read, std::to_string(place.xid), place.id, limit);
        cursor newest;
        ask.ask(newest_event, [&](const pqxx::row& r) { newest = place_of(r); });
        ask.run();
        page.more = page.events.size() == limit;
        const auto last = page.events.empty() ? place : page.events.back().place;
        page.pending = !page.more && newest > last;
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
