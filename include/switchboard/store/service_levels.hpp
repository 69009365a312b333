#pragma once

#include <switchboard/model/calendar.hpp>
#include <switchboard/store/database.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace switchboard::store {

/// The ledger of what was promised to tickets.
class service_levels {
public:
    explicit service_levels(database& db) : db_{db} {}

    /// A ticket's lines, those included that time alone has made true since the last was written. Nothing if there is
    /// no such ticket; no clocks if nothing was promised to it.
    boost::asio::awaitable<std::optional<sla_ledger>> ledger(std::int64_t ticket);

    /// Writes down what was missed by now, up to 500 tickets at once, with an event for each: how many. Any number of
    /// nodes may do so at the same time: each ticket is one's alone.
    boost::asio::awaitable<std::size_t> note_breaches();

private:
    database& db_;
};

} // namespace switchboard::store
