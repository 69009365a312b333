#pragma once

#include <switchboard/store/database.hpp>
#include <switchboard/store/keep.hpp>

#include <boost/asio/awaitable.hpp>

namespace switchboard::store {

/// Answers kept for a day, so that a repeat with the same Idempotency-Key changes nothing (promise 3). They are written
/// by the transactions that do the work.
class idempotency {
public:
    explicit idempotency(database& db) : db_{db} {}

    /// Never `running`: who does the work finds that out.
    boost::asio::awaitable<earlier_request> find(std::shared_ptr<const request_key> key);

private:
    database& db_;
};

} // namespace switchboard::store
