#pragma once

#include <switchboard/web/http.hpp>
#include <switchboard/web/server_options.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdint>

namespace switchboard::web {

/// Listens, speaks HTTP/1.1 and WebSocket, and hands plain requests to the handlers. All on the io_context's thread.
class server {
public:
    server(boost::asio::io_context& io, server_options options, handlers h);
    ~server();
    server(const server&) = delete;
    server& operator=(const server&) = delete;

    /// Binds and begins to accept. Throws std::system_error when the address is taken or a TLS file cannot be used.
    void start();

    /// The port that is listened on (after start()).
    std::uint16_t port() const;

    /// Stops accepting, closes idle connections and WebSockets (1001), lets requests in flight finish;
    /// completes when all are gone or after `grace`, when the rest are cut.
    boost::asio::awaitable<void> stop(std::chrono::milliseconds grace);

    server_counts counts() const;

private:
    class impl;
    std::shared_ptr<impl> impl_;
};

} // namespace switchboard::web
