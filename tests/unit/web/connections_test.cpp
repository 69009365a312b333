// The life of a connection: kept alive, pipelined, limited in number, ended in order.
#include "support.hpp"

#include <gmock/gmock.h>

#include <system_error>

namespace switchboard::web::test {
namespace {

using ::testing::HasSubstr;

const std::string get = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";

TEST(connection, is_kept_for_many_requests) {
    running_server server;
    peer client(server.port());
    for (int i = 0; i < 50; ++i) ASSERT_EQ(client.send(get).read_answer().headers.at("connection"), "keep-alive");
    EXPECT_EQ(server.on_io([&] { return server.handled(); }), 50);
}

TEST(connection, answers_pipelined_requests_in_their_order) {
    running_server server;
    peer client(server.port());
    std::string all;
    for (int i = 0; i < 20; ++i) {
        const auto body = "body " + std::to_string(i);
        all += "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }
    client.send(all);
    for (int i = 0; i < 20; ++i) ASSERT_EQ(client.read_answer().body, "body " + std::to_string(i));
}

TEST(connection, ends_when_the_client_asks) {
    running_server server;
    peer client(server.port());
    const auto got = client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").read_answer();
    EXPECT_EQ(got.headers.at("connection"), "close");
    EXPECT_EQ(client.read_to_end(), "");
}

TEST(connection, of_http_1_0_ends_unless_asked_to_stay) {
    running_server server;
    peer brief(server.port());
    EXPECT_EQ(brief.send("GET / HTTP/1.0\r\n\r\n").read_answer().status, 200);
    EXPECT_EQ(brief.read_to_end(), "");
    peer staying(server.port());
    const std::string stay = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
    EXPECT_EQ(staying.send(stay).read_answer().headers.at("connection"), "keep-alive");
    EXPECT_EQ(staying.send(stay).read_answer().status, 200);
}

TEST(connection, that_is_idle_too_long_is_closed) {
    auto options = patient();
    options.idle_timeout = 50ms;
    running_server server(options);
    peer client(server.port());
    EXPECT_EQ(client.send(get).read_answer().status, 200);
    EXPECT_EQ(client.read_to_end(), "");
}

TEST(connection, whose_client_never_reads_is_cut) {
    auto options = patient();
    options.body_timeout = 50ms;
    running_server server(options);
    peer client(server.port());
    std::string all;
    for (int i = 0; i < 10; ++i) all += "GET /big HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n";
    client.send(all); // 40 MB of answers, more than the kernel's buffers hold
    server.wait_for_connections(1);
    EXPECT_LT(server.handled(), 10);
    client.close();
    server.wait_for_connections(0);
}

TEST(connections, of_those_who_are_known_past_the_bound_are_told_503) {
    auto options = patient();
    options.max_connections = 2;
    running_server server(options);
    peer first(server.port()), second(server.port());
    for (auto* known : {&first, &second})
        EXPECT_EQ(known->send("GET / HTTP/1.1\r\nHost: x\r\nX-Known: yes\r\n\r\n").read_answer().status, 200);
    server.wait_for_connections(2);
    const auto refused = peer(server.port()).read_answer();
    EXPECT_EQ(refused.status, 503);
    EXPECT_FALSE(refused.headers.at("retry-after").empty());
    EXPECT_EQ(first.send(get).read_answer().status, 200);
    second.close();
    server.wait_for_connections(1);
    EXPECT_EQ(ask(server.port(), get).status, 200);
}

TEST(stop, closes_idle_connections_at_once_and_lets_requests_in_flight_finish) {
    running_server server;
    peer idle(server.port()), busy(server.port()), silent(server.port());
    EXPECT_EQ(idle.send(get).read_answer().status, 200);
    busy.send("GET /hold HTTP/1.1\r\nHost: x\r\n\r\n");
    server.wait_until_held();
    server.wait_for_connections(3);

    auto stopped = server.stop(30s);
    EXPECT_EQ(idle.read_to_end(), "");
    EXPECT_EQ(silent.read_to_end(), "");
    EXPECT_EQ(stopped.wait_for(0s), std::future_status::timeout);
    EXPECT_THROW(peer{server.port()}, std::exception); // nobody listens any more

    server.release();
    const auto got = busy.read_answer();
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(got.headers.at("connection"), "close");
    EXPECT_EQ(busy.read_to_end(), "");
    busy.close();
    stopped.get();
}

TEST(stop, cuts_after_the_grace_what_has_not_finished) {
    running_server server;
    peer busy(server.port());
    busy.send("GET /hold HTTP/1.1\r\nHost: x\r\n\r\n");
    server.wait_until_held();
    server.stop(20ms).get();
    EXPECT_EQ(busy.read_to_end(), "");
}

TEST(start, says_which_address_is_taken) {
    running_server server;
    auto options = patient();
    options.port = server.port();
    try {
        running_server second(options);
        FAIL() << "two servers on one port";
    } catch (const std::system_error& e) {
        EXPECT_EQ(e.code(), std::errc::address_in_use);
        EXPECT_THAT(e.what(), HasSubstr(std::to_string(server.port())));
    }
}

} // namespace
} // namespace switchboard::web::test
