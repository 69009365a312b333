#pragma once

#include <switchboard/store/database.hpp>

#include <boost/asio/awaitable.hpp>

#include <string>

namespace switchboard::store {

/// What is known of an Idempotency-Key when a request with it comes.
struct earlier_request {
    enum class state {
        none,    // the first; it is now marked as running
        running, // the same request is being worked on
        done,    // the same request was answered: status and body
        other    // the key belongs to a different request
    } known = state::none;
    int status = 0;
    std::string body{};
};

/// Answers kept for a day, so that a repeat with the same Idempotency-Key changes nothing (promise 3).
class idempotency {
public:
    explicit idempotency(database& db) : db_{db} {}

    /// `request` is a hash of what is asked. A request that has run for five minutes died with its process and may be
    /// tried again.
    boost::asio::awaitable<earlier_request> begin(std::string actor, std::string key, std::string request);
    boost::asio::awaitable<void> keep(std::string actor, std::string key, int status, std::string body);
    /// The request failed without doing anything: a repeat runs again.
    boost::asio::awaitable<void> release(std::string actor, std::string key);

private:
    database& db_;
};

} // namespace switchboard::store
