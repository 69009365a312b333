#pragma once

#include <switchboard/model/time.hpp>
#include <switchboard/util/secret_box.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace switchboard::store {

class database;

/// A call that a gateway is to be told to make.
struct dial_order {
    std::int64_t id = 0, callback_id = 0, attempt = 0;
    std::int64_t tries = 0; // this one included
    std::string phone, ticket_number;
    std::int64_t gateway_id = 0;
    std::string url; // of the gateway
    secret_text secret;
    std::string trouble; // why there is no secret though it is set
};

/// Calls that gateways are to make, committed by whoever leads routing. As the outbox: claimed, tried, settled. One
/// whose callback no longer waits for it, or has waited for too long, is not given out any more.
class dial_orders {
public:
    dial_orders(database& db, secret_box box) : db_{db}, box_{std::move(box)} {}

    /// None of the gateways in `without`.
    boost::asio::awaitable<std::optional<dial_order>> claim(std::int64_t claim_s, std::set<std::int64_t> without);
    /// `error` empty = the gateway has taken it. Otherwise it is tried again, or, without a time, has failed; then its
    /// attempt ends by itself when nothing is heard of it.
    boost::asio::awaitable<void> settle(std::int64_t id, std::string error, std::optional<std::int64_t> retry_in_s);
    /// When the next one is due, of other gateways than those; empty = nothing waits.
    boost::asio::awaitable<std::optional<timestamp>> next_due(std::set<std::int64_t> without);

private:
    database& db_;
    const secret_box box_;
};

} // namespace switchboard::store
