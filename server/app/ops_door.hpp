#pragma once

#include "app/health.hpp"
#include "app/measurements.hpp"
#include "app/metrics.hpp"

#include <switchboard/web/server.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace switchboard::app {

/// What only those who run this server are told: /metrics, and /readyz with its details. On a listener of its own,
/// which strangers cannot reach and cannot fill.
class ops_door {
public:
    /// `listen`: host:port or [v6]:port; empty = nowhere.
    ops_door(boost::asio::io_context& io, const std::string& listen, metrics& counted, health& state,
             measurements& measured);

    /// Throws std::system_error when the address is taken.
    void start();
    boost::asio::awaitable<void> stop(std::chrono::milliseconds grace);

    /// The port that is listened on (after start()); 0 where there is none.
    std::uint16_t port() const { return server_ ? server_->port() : std::uint16_t{0}; }

private:
    boost::asio::awaitable<http::response> answer(http::request r);

    metrics& counted_;
    health& health_;
    measurements& measured_;
    std::optional<web::server> server_;
};

} // namespace switchboard::app
