#include "support/tcp_proxy.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <thread>

namespace switchboard::test {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr auto tok = asio::as_tuple(asio::use_awaitable);

using any_stream = asio::generic::stream_protocol;

struct wire {
    int number;
    any_stream::socket client, server;

    void cut() {
        boost::system::error_code ignored;
        // A program that was started meanwhile may have inherited the sockets: closing ours alone would end nothing.
        client.shutdown(any_stream::socket::shutdown_both, ignored);
        server.shutdown(any_stream::socket::shutdown_both, ignored);
        client.close(ignored);
        server.close(ignored);
    }
};

} // namespace

struct tcp_proxy::parts {
    parts(any_stream::endpoint to, wire_judge j) : server{std::move(to)}, decide{std::move(j)} {
        asio::co_spawn(io, accept(), asio::detached);
        thread = std::thread{[this] { io.run(); }};
    }
    ~parts() {
        io.stop();
        thread.join();
    }

    asio::awaitable<void> accept() {
        for (;;) {
            auto [ec, client] = co_await listener.async_accept(tok);
            if (ec) co_return;
            auto w = std::make_shared<wire>(wire{++wires, std::move(client), any_stream::socket{io}});
            auto [failed] = co_await w->server.async_connect(server, tok);
            if (failed) continue; // the wire is gone with it
            asio::co_spawn(io, pump(w, true), asio::detached);
            asio::co_spawn(io, pump(w, false), asio::detached);
        }
    }

    asio::awaitable<void> pump(std::shared_ptr<wire> w, bool to_client) {
        auto& from = to_client ? w->server : w->client;
        auto& to = to_client ? w->client : w->server;
        std::array<char, 16384> part{};
        for (;;) {
            const auto [ec, n] = co_await from.async_read_some(asio::buffer(part), tok);
            if (ec) break;
            const auto passed = decide ? decide(w->number, to_client, {part.data(), n}) : n;
            const auto [gone, written] = co_await asio::async_write(to, asio::buffer(part, passed), tok);
            if (gone || passed < n) break;
        }
        w->cut();
    }

    any_stream::endpoint server;
    wire_judge decide;
    int wires = 0;
    asio::io_context io{1};
    tcp::acceptor listener{io, tcp::endpoint{asio::ip::address_v4::loopback(), 0}};
    std::thread thread;
};

tcp_proxy::tcp_proxy(std::uint16_t server_port, judge j) {
    wire_judge whichever;
    if (j) whichever = [j = std::move(j)](int, bool to_client, std::string_view bytes) { return j(to_client, bytes); };
    parts_ =
        std::make_unique<parts>(tcp::endpoint{asio::ip::address_v4::loopback(), server_port}, std::move(whichever));
}
tcp_proxy::tcp_proxy(const std::filesystem::path& server_socket, wire_judge j)
    : parts_{std::make_unique<parts>(asio::local::stream_protocol::endpoint{server_socket.string()}, std::move(j))} {}
tcp_proxy::~tcp_proxy() = default;

std::uint16_t tcp_proxy::port() const {
    return parts_->listener.local_endpoint().port();
}

} // namespace switchboard::test
