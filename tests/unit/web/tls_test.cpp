#include "self_signed.hpp"
#include "support.hpp"

#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <gmock/gmock.h>

namespace switchboard::web::test {
namespace {

namespace ssl = asio::ssl;
namespace ws = boost::beast::websocket;
using tcp = asio::ip::tcp;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST_F(self_signed, serves_requests_and_says_that_they_are_secure) {
    running_server server(options);
    ssl::stream<tcp::socket> s(io, trust);
    s.next_layer().connect({asio::ip::make_address("127.0.0.1"), server.port()});
    s.handshake(ssl::stream_base::client);
    for (int i = 0; i < 3; ++i) {
        asio::write(s, asio::buffer(std::string("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi")));
        std::string got;
        asio::read_until(s, asio::dynamic_buffer(got), "\r\n\r\nhi");
        EXPECT_THAT(got, StartsWith("HTTP/1.1 200 OK"));
    }
    EXPECT_TRUE(server.last().secure);
}

TEST_F(self_signed, ends_with_close_notify) {
    running_server server(options);
    ssl::stream<tcp::socket> s(io, trust);
    s.next_layer().connect({asio::ip::make_address("127.0.0.1"), server.port()});
    s.handshake(ssl::stream_base::client);
    asio::write(s, asio::buffer(std::string("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")));
    std::string got;
    boost::system::error_code ec;
    asio::read(s, asio::dynamic_buffer(got), ec);
    EXPECT_EQ(ec, asio::error::eof); // and not ssl::error::stream_truncated
}

TEST_F(self_signed, carries_websockets_and_closes_them_1001) {
    running_server server(options);
    ws::stream<ssl::stream<tcp::socket>> c(io, trust);
    c.next_layer().next_layer().connect({asio::ip::make_address("127.0.0.1"), server.port()});
    c.next_layer().handshake(ssl::stream_base::client);
    c.handshake("x", "/");
    const auto socket = server.accepted();
    c.write(asio::buffer(std::string("ping")));
    EXPECT_EQ(server.last_message(), "ping");
    server.on_io([&] { return socket->send(std::make_shared<const std::string>("pong")); });
    boost::beast::flat_buffer b;
    c.read(b);
    EXPECT_EQ(boost::beast::buffers_to_string(b.data()), "pong");
    auto stopped = server.stop(30s);
    boost::system::error_code ec;
    c.read(b, ec);
    EXPECT_EQ(ec, ws::error::closed);
    EXPECT_EQ(c.reason().code, 1001);
    c.next_layer().next_layer().close();
    stopped.get();
}

TEST_F(self_signed, survives_a_client_that_speaks_no_tls) {
    running_server server(options);
    EXPECT_EQ(ask(server.port(), "GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 0);
    server.wait_for_connections(0);
    EXPECT_EQ(server.handled(), 0);
}

TEST_F(self_signed, closes_a_handshake_that_never_comes) {
    options.header_timeout = 50ms;
    running_server server(options);
    EXPECT_EQ(peer(server.port()).read_to_end(), "");
}

TEST_F(self_signed, that_cannot_be_read_is_named_at_start) {
    options.tls_key = folder / "missing.pem";
    try {
        running_server server(options);
        FAIL() << "started without a key";
    } catch (const std::system_error& e) {
        EXPECT_THAT(e.what(), HasSubstr("missing.pem"));
    }
}

} // namespace
} // namespace switchboard::web::test
