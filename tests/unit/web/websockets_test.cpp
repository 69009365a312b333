#include "support.hpp"

#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>

#include <gmock/gmock.h>

namespace switchboard::web::test {
namespace {

namespace beast = boost::beast;
namespace ws = beast::websocket;
using tcp = asio::ip::tcp;
using ::testing::HasSubstr;

constexpr int normal = 1000, going_away = 1001, unsupported = 1003, bad_text = 1007, too_big = 1009;

/// A WebSocket client that reads when it is told to.
class client {
public:
    explicit client(std::uint16_t port, const std::string& path = "/") : ws_(io_) {
        ws_.next_layer().connect({asio::ip::make_address("127.0.0.1"), port});
        ws_.handshake(answer_, "x", path);
    }
    void say(std::string_view text) {
        ws_.text(true);
        ws_.write(asio::buffer(text));
    }
    void say_bytes(std::string_view bytes, bool as_text) {
        ws_.text(as_text);
        ws_.write(asio::buffer(bytes));
    }
    std::string hear() {
        beast::flat_buffer b;
        ws_.read(b);
        return beast::buffers_to_string(b.data());
    }
    /// Reads to the end and gives the close code that the server sent; 0 if the socket just ended.
    int close_code() {
        beast::flat_buffer b;
        boost::system::error_code ec;
        while (!ec) ws_.read(b, ec);
        return ws_.reason().code;
    }
    const ws::response_type& answer() const { return answer_; }
    ws::stream<tcp::socket>& stream() { return ws_; }

private:
    asio::io_context io_;
    ws::stream<tcp::socket> ws_;
    ws::response_type answer_;
};

auto text(std::string s) {
    return std::make_shared<const std::string>(std::move(s));
}

const std::string handshake =
    "GET /live HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

TEST(websocket, carries_text_both_ways_in_order) {
    running_server server;
    client c(server.port());
    EXPECT_FALSE(c.answer()["x-request-id"].empty());
    const auto socket = server.accepted();
    c.say("schöne Grüße");
    EXPECT_EQ(server.last_message(), "schöne Grüße");
    server.on_io([&] {
        for (int i = 0; i < 100; ++i) EXPECT_TRUE(socket->send(text(std::to_string(i))));
        return 0;
    });
    for (int i = 0; i < 100; ++i) ASSERT_EQ(c.hear(), std::to_string(i));
}

TEST(websocket, handshake_is_refused_by_the_handler_or_when_it_is_wrong) {
    running_server server;
    const std::string version = "Sec-WebSocket-Version: 13\r\n\r\n";
    EXPECT_EQ(ask(server.port(), "GET /closed" + handshake.substr(9) + version).status, 403);
    const auto old = ask(server.port(), handshake + "Sec-WebSocket-Version: 8\r\n\r\n");
    EXPECT_EQ(old.status, 426);
    EXPECT_EQ(old.headers.at("sec-websocket-version"), "13");
    EXPECT_EQ(ask(server.port(), handshake.substr(0, handshake.find("Sec-")) + version).status, 400);
    EXPECT_EQ(ask(server.port(), handshake + version + "too early").status, 400);
    EXPECT_EQ(server.handled(), 1);
    EXPECT_EQ(ask(server.port(), handshake + version).status, 101);
}

TEST(websocket, refused_to_a_stranger_ends_the_connection) {
    running_server server;
    peer p(server.port());
    p.send("GET /closed" + handshake.substr(9) + "Sec-WebSocket-Version: 13\r\n\r\n");
    const auto refusal = p.read_answer();
    EXPECT_EQ(refusal.status, 403);
    EXPECT_EQ(refusal.headers.at("connection"), "close");
    EXPECT_EQ(p.read_to_end(), "");
}

TEST(websocket, closes_1003_on_a_binary_frame) {
    running_server server;
    client c(server.port());
    c.say_bytes("\x01\x02", false);
    EXPECT_EQ(c.close_code(), unsupported);
    server.wait_until_closed();
}

TEST(websocket, closes_1007_on_text_that_is_not_utf8) {
    running_server server;
    client c(server.port());
    c.say_bytes("\xff\xfe", true);
    EXPECT_EQ(c.close_code(), bad_text);
    server.wait_until_closed();
}

TEST(websocket, closes_1009_on_a_message_past_the_bound) {
    auto options = patient();
    options.websocket_message_bytes = 100;
    running_server server(options);
    client c(server.port());
    c.say(std::string(101, 'a'));
    EXPECT_EQ(c.close_code(), too_big);
    server.wait_until_closed();
}

TEST(websocket, close_sends_what_is_queued_first) {
    running_server server;
    client c(server.port());
    const auto socket = server.accepted();
    server.on_io([&] {
        socket->send(text("last words"));
        socket->close(4001, std::string(200, 'r')); // a reason is at most 123 bytes on the wire
        EXPECT_FALSE(socket->send(text("too late")));
        return 0;
    });
    EXPECT_EQ(c.hear(), "last words");
    EXPECT_EQ(c.close_code(), 4001);
    EXPECT_EQ(c.stream().reason().reason.size(), 123u);
    server.wait_until_closed();
}

TEST(websocket, tells_of_a_peer_that_closed_or_vanished) {
    {
        running_server server;
        client c(server.port());
        c.stream().close(ws::close_code::normal);
        EXPECT_EQ(c.stream().reason().code, normal);
        server.wait_until_closed();
        server.wait_for_connections(0);
    }
    running_server server;
    client c(server.port());
    server.accepted();
    c.stream().next_layer().close();
    server.wait_until_closed();
    server.wait_for_connections(0);
}

TEST(websocket, that_reads_too_slowly_is_cut) {
    auto options = patient();
    options.websocket_outbox = 8;
    options.websocket_outbox_bytes = 64u << 20;
    running_server server(options);
    client c(server.port());
    const auto socket = server.accepted();
    const auto big = text(std::string(4u << 20, 'a')); // each is more than the kernel's buffers hold
    server.on_io([&] {
        EXPECT_EQ(socket->room(), 8u);
        for (int i = 0; i < 8; ++i) EXPECT_TRUE(socket->send(big));
        EXPECT_EQ(socket->room(), 0u);
        EXPECT_FALSE(socket->send(big));
        return 0;
    });
    server.wait_until_closed();
    EXPECT_EQ(c.close_code(), 0);
    EXPECT_EQ(big.use_count(), 1 + 1) << "one frame may still be held by the write that was cut";
}

TEST(websocket, that_lets_too_many_bytes_wait_is_cut) {
    auto options = patient();
    options.websocket_outbox_bytes = 10u << 20;
    running_server server(options);
    client c(server.port());
    const auto socket = server.accepted();
    const auto big = text(std::string(4u << 20, 'a'));
    server.on_io([&] {
        EXPECT_TRUE(socket->send(text(std::string(12u << 20, 'b')))) << "one alone may be longer";
        EXPECT_FALSE(socket->send(big));
        return 0;
    });
    server.wait_until_closed();
}

TEST(websocket, that_does_not_answer_a_close_is_cut) {
    auto options = patient();
    options.websocket_close = 50ms;
    running_server server(options);
    client c(server.port());
    const auto socket = server.accepted();
    server.on_io([&] {
        socket->close(normal, "");
        return 0;
    });
    server.wait_until_closed();
    EXPECT_EQ(c.close_code(), normal);
}

TEST(websocket, that_is_silent_gets_pings_and_then_is_dropped) {
    auto options = patient();
    options.websocket_idle = 100ms;
    running_server server(options);
    client c(server.port());
    server.wait_until_closed(); // this client never reads, so it never answers the ping
    std::string seen = "";
    c.stream().control_callback([&](ws::frame_type kind, beast::string_view) {
        if (kind == ws::frame_type::ping) seen = "ping";
    });
    c.close_code();
    EXPECT_EQ(seen, "ping");
}

TEST(stop, closes_websockets_with_1001) {
    running_server server;
    client c(server.port());
    const auto socket = server.accepted();
    server.on_io([&] { return socket->send(text("before")); });
    auto stopped = server.stop(30s);
    EXPECT_EQ(c.hear(), "before");
    EXPECT_EQ(c.close_code(), going_away);
    stopped.get();
    server.wait_until_closed();
    server.on_io([&] {
        EXPECT_FALSE(socket->send(text("after")));
        return 0;
    });
}

} // namespace
} // namespace switchboard::web::test
