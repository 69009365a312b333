#pragma once

#include <switchboard/model/calendar.hpp>
#include <switchboard/store/database.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace switchboard::store {

/// The SLA clocks of tickets, and the ledger of what became of them.
class sla_clocks {
public:
    explicit sla_clocks(database& db) : db_{db} {}

    /// A ticket's lines, those included that time alone has made true since the last was written. Nothing if there is
    /// no such ticket; no clocks if nothing was promised to it.
    boost::asio::awaitable<std::optional<sla_ledger>> ledger(std::int64_t ticket);

    /// Writes down what was missed by now, up to 500 tickets at once, with an event for each: how many. Any number of
    /// nodes may do so at the same time: each ticket is one's alone.
    boost::asio::awaitable<std::size_t> note_breaches();

    /// Brings open tickets in step with what their queues promise now: some of one queue whose hours or targets were
    /// changed. Promises that run go on by the new terms, callers who are to be called back when it opens are called
    /// then, and a ticket that was never promised anything is from the beginning of its wait. False if there was
    /// nothing to do. Any number of nodes may ask at the same time: a queue is one's alone.
    boost::asio::awaitable<bool> follow_policies();

private:
    database& db_;
};

} // namespace switchboard::store
