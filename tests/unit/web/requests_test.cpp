// What is a request and what is not: over a real socket, since half of these are about where a message ends.
#include "support.hpp"

#include <gmock/gmock.h>

namespace switchboard::web::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

struct bad_request {
    const char* name;
    std::string bytes;
    int status;
};

class refuses : public ::testing::TestWithParam<bad_request> {};

TEST_P(refuses, with_a_problem_and_without_calling_the_handler) {
    running_server server;
    peer client(server.port());
    const auto got = client.send(GetParam().bytes).read_answer();
    EXPECT_EQ(got.status, GetParam().status);
    EXPECT_EQ(got.headers.at("content-type"), "application/problem+json");
    EXPECT_EQ(got.headers.at("connection"), "close");
    EXPECT_EQ(got.headers.at("x-content-type-options"), "nosniff");
    EXPECT_FALSE(got.headers.at("x-request-id").empty());
    EXPECT_THAT(got.body, HasSubstr("\"status\":" + std::to_string(GetParam().status)));
    EXPECT_EQ(client.read_to_end(), "");
    EXPECT_EQ(server.handled(), 0);
}

std::string with_host(std::string first_line, std::string more = {}) {
    return first_line + "\r\nHost: x\r\n" + more + "\r\n";
}

INSTANTIATE_TEST_SUITE_P(
    requests, refuses,
    ::testing::Values(
        bad_request{"not_http", "hello there\r\n\r\n", 400},
        bad_request{"tls_on_a_plain_port", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15),
                    400},
        bad_request{"http_2_preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
        bad_request{"version_0_9", with_host("GET / HTTP/0.9"), 400},
        bad_request{"method_is_no_token", with_host("G@T / HTTP/1.1"), 400},
        bad_request{"relative_target", with_host("GET a/b HTTP/1.1"), 400},
        bad_request{"empty_target", with_host("GET  HTTP/1.1"), 400},
        bad_request{"connect", with_host("CONNECT a:443 HTTP/1.1"), 501},
        bad_request{"nul_in_path", with_host("GET /a%00b HTTP/1.1"), 400},
        bad_request{"nul_in_query", with_host("GET /a?b=%00 HTTP/1.1"), 400},
        bad_request{"cut_escape", with_host("GET /a%4 HTTP/1.1"), 400},
        bad_request{"broken_escape", with_host("GET /a?b=%zz HTTP/1.1"), 400},
        bad_request{"path_is_not_utf8", with_host("GET /%ff HTTP/1.1"), 400},
        bad_request{"overlong_slash", with_host("GET /%c0%af HTTP/1.1"), 400},
        bad_request{"no_host", "GET / HTTP/1.1\r\n\r\n", 400},
        bad_request{"two_hosts", with_host("GET / HTTP/1.1", "Host: y\r\n"), 400},
        bad_request{"space_before_colon", with_host("GET / HTTP/1.1", "A : b\r\n"), 400},
        bad_request{"nul_in_header", with_host("GET / HTTP/1.1", std::string("A: b\0c\r\n", 8)), 400},
        bad_request{"negative_length", with_host("POST / HTTP/1.1", "Content-Length: -1\r\n"), 400},
        bad_request{"length_is_no_number", with_host("POST / HTTP/1.1", "Content-Length: 1e3\r\n"), 400},
        bad_request{"two_lengths", with_host("POST / HTTP/1.1", "Content-Length: 1\r\nContent-Length: 2\r\n"), 400},
        bad_request{"length_and_chunked",
                    with_host("POST / HTTP/1.1", "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"), 400},
        bad_request{"chunked_and_length",
                    with_host("POST / HTTP/1.1", "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n"), 400},
        bad_request{"chunked_twice", with_host("POST / HTTP/1.1", "Transfer-Encoding: chunked, chunked\r\n"), 501},
        bad_request{"other_coding", with_host("POST / HTTP/1.1", "Transfer-Encoding: gzip\r\n"), 501},
        bad_request{"bad_chunk_size", with_host("POST / HTTP/1.1", "Transfer-Encoding: chunked\r\n") + "xyz\r\n", 400},
        bad_request{"other_expectation", with_host("POST / HTTP/1.1", "Expect: miracles\r\n"), 417},
        bad_request{"long_header", with_host("GET / HTTP/1.1", "A: " + std::string(70'000, 'a') + "\r\n"), 431},
        bad_request{"endless_header", "GET / HTTP/1.1\r\nA: " + std::string(70'000, 'a'), 431},
        bad_request{"long_target", with_host("GET /" + std::string(70'000, 'a') + " HTTP/1.1"), 431},
        bad_request{"many_headers",
                    with_host("GET / HTTP/1.1",
                              [] {
                                  std::string all;
                                  for (int i = 0; i < 300; ++i) all += "A: b\r\n";
                                  return all;
                              }()),
                    431},
        bad_request{"endless_chunk_extension",
                    with_host("POST / HTTP/1.1", "Transfer-Encoding: chunked\r\n") + "1;" + std::string(200'000, 'a'),
                    400}),
    [](const auto& p) { return p.param.name; });

TEST(request, reaches_the_handler_decoded) {
    running_server server;
    EXPECT_EQ(ask(server.port(), "GET /caf%C3%A9%20a%2Fb+c?q=a+b%26c&empty&=x&q=2&%E4=%E4#part HTTP/1.1\r\n"
                                 "HOST: x\r\nX-Twice: 1\r\nx-TWICE: 2\r\nX-Request-Id: forged\r\n"
                                 "Cookie: a=1; session=s3=cret ;b\r\nCookie: late=2\r\n\r\n")
                  .status,
              200);
    const auto r = server.last();
    EXPECT_EQ(r.method, "GET");
    EXPECT_EQ(r.path, "/café a/b+c");
    EXPECT_THAT(r.query, ElementsAre(Pair("q", "a b&c"), Pair("empty", ""), Pair("", "x"), Pair("q", "2"),
                                     Pair("\xE4", "\xE4"))); // a provider's Latin-1 stays for its channel to read
    EXPECT_EQ(r.header("host"), "x");
    EXPECT_EQ(r.header("x-twice"), "1");
    EXPECT_NE(r.header("x-request-id"), "forged");
    EXPECT_EQ(r.cookie("session"), "s3=cret");
    EXPECT_EQ(r.cookie("late"), "2");
    EXPECT_EQ(r.cookie("b"), "");
    EXPECT_EQ(r.remote, "127.0.0.1");
    EXPECT_FALSE(r.secure);
}

TEST(request, may_be_in_absolute_form_and_follow_empty_lines) {
    running_server server;
    EXPECT_THAT(ask(server.port(), "\r\n\r\nGET http://host.example:80/a?b=c HTTP/1.1\r\nHost: x\r\n\r\n").body,
                HasSubstr(R"("path":"/a")"));
    EXPECT_THAT(ask(server.port(), "GET http://host.example HTTP/1.1\r\nHost: x\r\n\r\n").body,
                HasSubstr(R"("path":"/")"));
    EXPECT_THAT(ask(server.port(), "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n").body, HasSubstr(R"("method":"OPTIONS")"));
}

TEST(response, has_its_own_request_id_each_time) {
    running_server server;
    peer client(server.port());
    const std::string get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    const auto first = client.send(get).read_answer(), second = client.send(get).read_answer();
    EXPECT_EQ(server.last().header("x-request-id"), second.headers.at("x-request-id"));
    EXPECT_NE(first.headers.at("x-request-id"), second.headers.at("x-request-id"));
    EXPECT_EQ(first.headers.at("x-content-type-options"), "nosniff");
    EXPECT_THAT(first.headers.at("date"), HasSubstr(" GMT"));
}

TEST(response, to_head_has_the_length_but_no_body) {
    running_server server;
    peer client(server.port());
    const auto got = client.send("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n").read_answer(true);
    EXPECT_EQ(got.headers.at("content-length"), std::to_string(std::string(R"({"method":"HEAD","path":"/a"})").size()));
    EXPECT_EQ(client.send("GET /b HTTP/1.1\r\nHost: x\r\n\r\n").read_answer().status, 200);
}

TEST(response, in_pieces_ends_with_an_empty_one_and_the_connection_is_used_on) {
    running_server server;
    peer client(server.port());
    client.send("GET /pieces HTTP/1.1\r\nHost: x\r\n\r\n"
                "GET /after HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const auto all = client.read_to_end();
    EXPECT_THAT(all, HasSubstr("Transfer-Encoding: chunked"));
    EXPECT_THAT(all.substr(0, all.find("\r\n\r\n")), Not(HasSubstr("Content-Length")));
    const std::string p(30, 'p');
    EXPECT_THAT(all, HasSubstr("\r\n\r\n1e\r\n" + p + "\r\n14\r\n" + p.substr(10) + "\r\na\r\n" + p.substr(20) +
                               "\r\n0\r\n\r\nHTTP/1.1 200"));
}

TEST(response, in_pieces_ends_with_the_connection_for_who_understands_no_chunks) {
    running_server server;
    peer client(server.port());
    client.send("GET /pieces HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    const auto all = client.read_to_end();
    EXPECT_THAT(all, HasSubstr("Connection: close"));
    EXPECT_THAT(all, Not(HasSubstr("chunked")));
    EXPECT_EQ(all.substr(all.find("\r\n\r\n") + 4), std::string(60, 'p'));
}

TEST(response, in_pieces_of_which_one_fails_has_no_end) {
    running_server server;
    peer client(server.port());
    const auto all = client.send("GET /pieces/that-break HTTP/1.1\r\nHost: x\r\n\r\n").read_to_end();
    EXPECT_TRUE(all.ends_with(std::string(20, 'p') + "\r\n")) << all;
    EXPECT_THAT(all, Not(HasSubstr("trouble")));
}

TEST(response, header_cannot_begin_a_new_line) {
    running_server server;
    const auto got = ask(server.port(), "GET /inject HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(got.headers.at("x-note"), "a  Set-Cookie: stolen=1");
    EXPECT_FALSE(got.headers.contains("set-cookie"));
}

TEST(handler, that_throws_gives_a_500_that_names_the_request_and_not_the_reason) {
    running_server server;
    peer client(server.port());
    const auto got = client.send("GET /throw HTTP/1.1\r\nHost: x\r\n\r\n").read_answer();
    EXPECT_EQ(got.status, 500);
    EXPECT_THAT(got.body, HasSubstr(got.headers.at("x-request-id")));
    EXPECT_THAT(got.body, Not(HasSubstr("trouble")));
    EXPECT_EQ(client.send("GET /after HTTP/1.1\r\nHost: x\r\n\r\n").read_answer().status, 200);
}

} // namespace
} // namespace switchboard::web::test
