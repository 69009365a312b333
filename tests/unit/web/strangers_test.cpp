// What those may cost of whom it is not known yet who they are: judged by the header, bounded apart from the known.
#include "support.hpp"

#include <gmock/gmock.h>

#include <deque>

namespace switchboard::web::test {
namespace {

using ::testing::HasSubstr;

constexpr auto get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
constexpr auto get_known = "GET / HTTP/1.1\r\nHost: x\r\nX-Known: yes\r\n\r\n";

std::string post(std::string_view path, std::size_t length, std::string_view more = "") {
    return "POST " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n" + std::string(more) +
           "Content-Length: " + std::to_string(length) + "\r\n\r\n";
}

TEST(admission, refuses_by_the_header_and_reads_no_body) {
    running_server server;
    peer client(server.port());
    const auto refused = client.send(post("/members", 900, "Expect: 100-continue\r\n")).read_answer();
    EXPECT_EQ(refused.status, 401);
    EXPECT_EQ(refused.body, "who are you?");
    EXPECT_EQ(client.read_to_end(), ""); // what would follow is not wanted
    EXPECT_EQ(server.handled(), 0);
    EXPECT_EQ(ask(server.port(), post("/members", 2, "X-Known: yes\r\n") + "ok").status, 200);
}

TEST(admission, leaves_the_connection_open_when_there_is_no_body_to_be_spared) {
    running_server server;
    peer client(server.port());
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(client.send("GET /members HTTP/1.1\r\nHost: x\r\n\r\n").read_answer().status, 401);
    EXPECT_EQ(client.send(get_known).read_answer().status, 200);
}

TEST(admission, that_throws_is_our_fault_and_has_its_id) {
    running_server server;
    const auto got = ask(server.port(), "GET /admit_throws HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(got.status, 500);
    EXPECT_THAT(got.body, HasSubstr(got.headers.at("x-request-id")));
    EXPECT_THAT(got.body, Not(HasSubstr("doorkeeper")));
}

TEST(strangers, who_have_been_silent_longest_give_way_to_new_ones_of_their_address) {
    auto options = patient();
    options.strangers.sockets_each = 2;
    running_server server(options);
    peer first(server.port());
    server.wait_for_connections(1);
    peer second(server.port());
    server.wait_for_connections(2);
    EXPECT_EQ(first.send(get).read_answer().status, 200); // was heard of later than the second
    peer third(server.port());
    const auto told = second.read_answer();
    EXPECT_EQ(told.status, 503);
    EXPECT_FALSE(told.headers.at("retry-after").empty());
    EXPECT_EQ(second.read_to_end(), "");
    for (auto* open : {&first, &third}) EXPECT_EQ(open->send(get).read_answer().status, 200);
    EXPECT_EQ(server.counts().gave_way, 1u);
    EXPECT_EQ(server.counts().strangers, 2u);
}

TEST(strangers, who_only_hold_sockets_keep_nobody_out) {
    auto options = patient();
    options.max_connections = 20;
    options.strangers.sockets_each = 10;
    running_server server(options);
    std::deque<peer> silent;
    for (int i = 0; i < 60; ++i) silent.emplace_back(server.port());
    peer known(server.port());
    EXPECT_EQ(known.send(get_known).read_answer().status, 200);
    for (int i = 0; i < 60; ++i) silent.emplace_back(server.port());
    EXPECT_EQ(known.send(get).read_answer().status, 200) << "who is known stays so on his socket";
    server.wait_for_connections(11);
    EXPECT_EQ(server.counts().strangers, 10u);
    EXPECT_EQ(server.counts().refused, 0u);
}

TEST(strangers, give_way_when_all_places_are_taken) {
    auto options = patient();
    options.max_connections = 3;
    running_server server(options);
    peer stranger(server.port());
    server.wait_for_connections(1);
    std::deque<peer> known;
    for (int i = 0; i < 3; ++i) EXPECT_EQ(known.emplace_back(server.port()).send(get_known).read_answer().status, 200);
    EXPECT_EQ(stranger.read_answer().status, 503);
    EXPECT_EQ(server.counts().gave_way, 1u);
}

TEST(strangers, share_the_room_for_large_bodies_and_leave_the_rest_to_the_known) {
    auto options = patient();
    options.buffered_bytes = 400'000;
    options.strangers.body_bytes_each = options.strangers.body_bytes = 100'000;
    running_server server(options);
    peer half(server.port());
    half.send(post("/large", 90'000) + std::string(80'000, 'a'));
    // What was read of it is charged piece by piece: wait until there is no room for 21,000 more.
    while (ask(server.port(), post("/large", 21'000) + std::string(21'000, 'b')).status == 200)
        std::this_thread::yield();
    const auto refused = ask(server.port(), post("/large", 21'000));
    EXPECT_EQ(refused.status, 503);
    EXPECT_FALSE(refused.headers.at("retry-after").empty());
    EXPECT_EQ(ask(server.port(), post("/large", 16'000) + std::string(16'000, 'c')).status, 200) << "small ones go on";
    EXPECT_EQ(ask(server.port(), post("/large", 300'000, "X-Known: yes\r\n") + std::string(300'000, 'd')).status, 200);
    EXPECT_EQ(half.send(std::string(10'000, 'a')).read_answer().status, 200);
    EXPECT_EQ(ask(server.port(), post("/large", 90'000) + std::string(90'000, 'e')).status, 200);
    EXPECT_GE(server.counts().bodies_refused, 2u);
}

TEST(strangers, are_not_given_memory_for_a_promise) {
    auto options = patient();
    options.strangers.body_bytes_each = options.strangers.body_bytes = 8u << 20;
    running_server server(options);
    std::deque<peer> promising;
    for (int i = 0; i < 20; ++i) promising.emplace_back(server.port()).send(post("/large", 8'000'000) + "x");
    server.wait_for_connections(20);
    std::string body(1'000'000, 'y');
    EXPECT_EQ(ask(server.port(), post("/large", body.size()) + body).status, 200);
}

TEST(a_websocket, that_says_no_hello_is_closed_1008) {
    auto options = patient();
    options.websocket_close = 100ms; // this client does not answer the close frame
    running_server server(options);
    peer client(server.port());
    client.send("GET /feed HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    const auto socket = server.accepted();
    server.on_io([&] {
        socket->await_hello(50ms);
        return 0;
    });
    EXPECT_THAT(client.read_to_end(), HasSubstr(std::string("\x03\xf0") + "no hello came in time")); // 1008
}

TEST(a_websocket, that_was_greeted_stays) {
    running_server server;
    peer client(server.port());
    client.send("GET /feed HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    const auto socket = server.accepted();
    server.on_io([&] {
        socket->await_hello(0ms);
        socket->greeted();
        return 0;
    });
    peer other(server.port()); // two rounds of the sweep later: its deadline is the later one
    EXPECT_EQ(other.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").read_answer().status, 200);
    EXPECT_TRUE(server.on_io([&] { return socket->send(std::make_shared<const std::string>("still here")); }));
}

} // namespace
} // namespace switchboard::web::test
