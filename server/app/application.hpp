#pragma once

#include <switchboard/util/config.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace switchboard::store {
class cluster;
class database;
} // namespace switchboard::store

namespace switchboard::app {

/// The whole server over a migrated database, wired in one visible order. Lives on the io_context's thread.
class application {
public:
    /// `own`: the private PostgreSQL behind it, whose state and room are watched; null = it is somebody else's to run.
    application(boost::asio::io_context& io, const config& c, const std::string& database_url,
                const store::cluster* own = nullptr);
    ~application(); // after stop(), or without start()
    application(const application&) = delete;
    application& operator=(const application&) = delete;

    /// Reads what intake stands on, begins the background work, listens.
    boost::asio::awaitable<void> start();

    /// In the order of docs/running.md "Stopping": nothing new, not ready, sockets close, what is in flight finishes.
    boost::asio::awaitable<void> stop();

    /// The port that is listened on.
    std::uint16_t port() const;
    /// That of what only operators are told; 0 where there is none.
    std::uint16_t ops_port() const;
    /// That of LMTP; 0 where there is none, or a unix socket.
    std::uint16_t lmtp_port() const;

    store::database& database();

private:
    struct rooms;
    std::unique_ptr<rooms> rooms_;
};

} // namespace switchboard::app
