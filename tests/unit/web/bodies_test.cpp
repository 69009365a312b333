// Bodies: whole, in pieces, too large, too slow, never finished.
#include "support.hpp"

#include <gmock/gmock.h>

namespace switchboard::web::test {
namespace {

using ::testing::HasSubstr;

std::string post(std::string_view path, std::string_view headers) {
    return "POST " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n" + std::string(headers) + "\r\n";
}

TEST(body, arrives_whole_however_it_is_cut) {
    running_server server;
    peer client(server.port());
    const std::string bytes = post("/echo", "Content-Length: 11\r\n") + "hello world";
    for (const char c : bytes) client.send({&c, 1});
    EXPECT_EQ(client.read_answer().body, "hello world");
}

TEST(body, of_several_megabytes_comes_back_unchanged) {
    running_server server;
    std::string body(large_limit, '\0');
    for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 31 % 251);
    const auto got =
        ask(server.port(), post("/large", "Content-Length: " + std::to_string(body.size()) + "\r\n") + body);
    EXPECT_TRUE(got.body == body);
}

TEST(body, chunked_is_joined_and_its_trailers_are_dropped) {
    running_server server;
    const auto got = ask(server.port(), post("/echo", "Transfer-Encoding: chunked\r\n") +
                                            "5\r\nhello\r\n6;note=1\r\n world\r\n0\r\nAuthorization: x\r\n\r\n");
    EXPECT_EQ(got.body, "hello world");
    EXPECT_EQ(server.last().header("authorization"), "");
}

TEST(body, too_large_by_its_length_is_refused_before_it_is_sent) {
    running_server server;
    const auto got = ask(server.port(), post("/echo", "Content-Length: 1001\r\n"));
    EXPECT_EQ(got.status, 413);
    EXPECT_EQ(ask(server.port(), post("/echo", "Content-Length: 18446744073709551615\r\n")).status, 413);
    EXPECT_EQ(ask(server.port(), post("/large", "Content-Length: 1001\r\n") + std::string(1001, 'a')).status, 200);
    EXPECT_EQ(server.handled(), 1);
}

TEST(body, too_large_is_answered_even_to_a_client_that_sends_on) {
    running_server server;
    // Without a gentle close the kernel would reset the connection and the client would lose the answer.
    EXPECT_EQ(ask(server.port(), post("/echo", "Content-Length: 500000\r\n") + std::string(500'000, 'a')).status, 413);
}

TEST(body, chunked_past_the_limit_is_refused_on_the_way) {
    running_server server;
    peer client(server.port());
    client.send(post("/echo", "Transfer-Encoding: chunked\r\n") + "3e8\r\n" + std::string(1000, 'a') + "\r\n1\r\n");
    EXPECT_EQ(client.read_answer().status, 413);
    EXPECT_EQ(ask(server.port(), post("/echo", "Transfer-Encoding: chunked\r\n") + "ffffffffffffffff\r\n").status, 413);
    EXPECT_EQ(server.handled(), 0);
}

TEST(body, is_waited_for_with_100_continue) {
    running_server server;
    peer client(server.port());
    client.send(post("/echo", "Content-Length: 2\r\nExpect: 100-continue\r\n"));
    EXPECT_EQ(client.read_answer().status, 100);
    EXPECT_EQ(client.send("ok").read_answer().body, "ok");
}

TEST(body, too_large_gets_no_100_continue) {
    running_server server;
    EXPECT_EQ(ask(server.port(), post("/echo", "Content-Length: 5000\r\nExpect: 100-continue\r\n")).status, 413);
}

TEST(body, half_sent_and_left_is_as_if_it_had_never_been) {
    running_server server;
    for (const auto* framing : {"Content-Length: 100\r\n", "Transfer-Encoding: chunked\r\n"}) {
        peer client(server.port());
        client.send(post("/echo", framing) + "14\r\nabc");
        server.wait_for_connections(1);
        client.close();
        server.wait_for_connections(0);
    }
    EXPECT_EQ(server.handled(), 0);
}

TEST(body, of_a_client_that_closes_its_side_after_it_is_still_answered) {
    running_server server;
    peer client(server.port());
    client.send(post("/echo", "Content-Length: 2\r\n") + "ok");
    client.socket().shutdown(asio::ip::tcp::socket::shutdown_send);
    EXPECT_EQ(client.read_answer().body, "ok");
}

TEST(slow_sender, of_a_header_is_told_408) {
    auto options = patient();
    options.header_timeout = 50ms;
    running_server server(options);
    peer client(server.port());
    EXPECT_EQ(client.send("GET / HTTP/1.1\r\nHo").read_answer().status, 408);
    EXPECT_EQ(client.read_to_end(), "");
}

TEST(slow_sender, of_nothing_is_closed_without_a_word) {
    auto options = patient();
    options.header_timeout = 50ms;
    running_server server(options);
    EXPECT_EQ(peer(server.port()).read_to_end(), "");
}

TEST(slow_sender, of_a_body_is_told_408) {
    auto options = patient();
    options.body_timeout = 50ms;
    running_server server(options);
    EXPECT_EQ(ask(server.port(), post("/echo", "Content-Length: 10\r\n") + "abc").status, 408);
    EXPECT_EQ(ask(server.port(), post("/echo", "Transfer-Encoding: chunked\r\n") + "5\r\nab").status, 408);
    EXPECT_EQ(server.handled(), 0);
}

TEST(slow_sender, cannot_stretch_the_time_by_sending_a_little) {
    auto options = patient();
    options.body_timeout = 100ms;
    running_server server(options);
    peer client(server.port());
    client.send(post("/large", "Content-Length: 8000000\r\n"));
    client.socket().non_blocking(true);
    boost::system::error_code ec;
    std::string answer(1000, '\0');
    std::size_t got = 0;
    do { // a byte whenever the socket takes one, until the server has spoken
        client.socket().write_some(asio::buffer("a", 1), ec);
        got = client.socket().read_some(asio::buffer(answer), ec);
        std::this_thread::yield();
    } while (ec == asio::error::would_block);
    ASSERT_GT(got, 0u);
    EXPECT_THAT(answer, HasSubstr(" 408 "));
}

TEST(bodies, of_all_connections_together_are_bounded) {
    auto options = patient();
    options.buffered_bytes = 1500;
    running_server server(options);
    peer first(server.port());
    first.send(post("/hold", "Content-Length: 1000\r\n") + std::string(1000, 'a'));
    server.wait_until_held();

    const auto refused = ask(server.port(), post("/echo", "Content-Length: 501\r\n"));
    EXPECT_EQ(refused.status, 503);
    EXPECT_FALSE(refused.headers.at("retry-after").empty());
    EXPECT_EQ(
        ask(server.port(), post("/echo", "Transfer-Encoding: chunked\r\n") + "1f5\r\n" + std::string(501, 'a')).status,
        503);
    EXPECT_EQ(ask(server.port(), post("/echo", "Content-Length: 500\r\n") + std::string(500, 'a')).status, 200);

    server.release();
    EXPECT_EQ(first.read_answer().status, 200);
    EXPECT_EQ(ask(server.port(), post("/echo", "Content-Length: 1000\r\n") + std::string(1000, 'a')).status, 200);
}

} // namespace
} // namespace switchboard::web::test
