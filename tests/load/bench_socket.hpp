#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <cstdint>
#include <string>

namespace switchboard::test {

namespace ws = boost::beast::websocket;
using agent_socket = ws::stream<boost::asio::ip::tcp::socket>;

/// An agent's socket on the live feed that has been welcomed.
inline boost::asio::awaitable<agent_socket> open_live(std::uint16_t port, std::string session) {
    namespace asio = boost::asio;
    agent_socket socket{co_await asio::this_coro::executor};
    co_await socket.next_layer().async_connect({asio::ip::address_v4::loopback(), port}, asio::use_awaitable);
    socket.next_layer().set_option(asio::ip::tcp::no_delay{true});
    socket.set_option(ws::stream_base::decorator([session = std::move(session)](ws::request_type& r) {
        r.set(boost::beast::http::field::cookie, "switchboard_session=" + session);
    }));
    co_await socket.async_handshake("localhost", "/api/v1/live", asio::use_awaitable);
    const std::string hello = R"({"type":"hello","after":null})";
    co_await socket.async_write(asio::buffer(hello), asio::use_awaitable);
    boost::beast::flat_buffer welcome;
    co_await socket.async_read(welcome, asio::use_awaitable);
    co_return socket;
}

} // namespace switchboard::test
