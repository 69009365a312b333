#pragma once

#include <switchboard/model/event.hpp>

#include <boost/asio/awaitable.hpp>

#include <vector>

namespace switchboard::store {

class database;

struct event_page {
    std::vector<event> events;
    bool more = false;    // the page was full
    bool pending = false; // some event is written but not yet readable: a transaction before it is still open
};

/// The event log, read so that nothing is skipped: only below the oldest transaction that is still open, in the order
/// (xid, id). Sequences are assigned before commit, so the highest id seen says nothing about what may still come.
class event_log {
public:
    explicit event_log(database& db) : db_{db} {}

    boost::asio::awaitable<event_page> after(cursor last, std::size_t limit);

    /// The cursor of the last event that is readable now.
    boost::asio::awaitable<cursor> end();

private:
    database& db_;
};

} // namespace switchboard::store
