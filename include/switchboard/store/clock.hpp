#pragma once

#include <switchboard/model/time.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>

namespace switchboard::store {

class database;

/// The database's clock, by which all due times and leases are written and read, seen from here.
struct clock_reading {
    std::chrono::microseconds ahead{};         // of this process's now()
    std::chrono::microseconds machine_ahead{}; // how far the machine's own clock is ahead of the database's
    std::chrono::microseconds blur{};          // how wrong both may be: half the time that asking took
};

boost::asio::awaitable<clock_reading> read_clock(database& db);

} // namespace switchboard::store
