// Behind a proxy: whose word is taken for where a request comes from.
#include "self_signed.hpp"
#include "support.hpp"
#include "web/forwarded.hpp"
#include "web/proxy_header.hpp"

#include <boost/asio/read.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <gmock/gmock.h>

namespace switchboard::web::test {
namespace {

using kind = proxy_header::kind;
using namespace std::string_view_literals;

networks trusted(std::string_view list) {
    return networks::parse(list).value();
}

http::request forwarded(std::initializer_list<std::pair<std::string, std::string>> headers) {
    http::request r;
    r.headers = headers;
    return r;
}

std::string remote(std::initializer_list<std::pair<std::string, std::string>> headers, std::string_view peer,
                   std::string_view proxies) {
    return origin_of(forwarded(headers), peer, false, trusted(proxies)).remote;
}

TEST(forwarded_for, is_believed_of_our_proxies_only) {
    EXPECT_EQ(remote({{"x-forwarded-for", "203.0.113.9"}}, "10.0.0.1", "10.0.0.1"), "203.0.113.9");
    EXPECT_EQ(remote({{"x-forwarded-for", "203.0.113.9"}}, "10.0.0.2", "10.0.0.1"), "10.0.0.2");
    EXPECT_EQ(remote({{"x-forwarded-for", "203.0.113.9"}}, "10.0.0.2", ""), "10.0.0.2");
    EXPECT_EQ(remote({}, "10.0.0.1", "10.0.0.1"), "10.0.0.1");
}

TEST(forwarded_for, is_read_from_the_right_as_far_as_it_can_be_believed) {
    EXPECT_EQ(remote({{"x-forwarded-for", "1.1.1.1, 203.0.113.9"}}, "10.0.0.1", "10.0.0.1"), "203.0.113.9");
    EXPECT_EQ(remote({{"x-forwarded-for", "1.1.1.1, 203.0.113.9, 10.0.0.7"}}, "10.0.0.1", "10.0.0.0/8"), "203.0.113.9");
    EXPECT_EQ(remote({{"x-forwarded-for", "1.1.1.1"}, {"x-forwarded-for", "203.0.113.9 , 10.0.0.7"}}, "10.0.0.1",
                     "10.0.0.0/8"),
              "203.0.113.9");
    EXPECT_EQ(remote({{"x-forwarded-for", "10.0.0.5, 10.0.0.7"}}, "10.0.0.1", "10.0.0.0/8"), "10.0.0.5");
}

TEST(forwarded_for, may_name_ports_and_ipv6_and_nonsense) {
    EXPECT_EQ(remote({{"x-forwarded-for", "203.0.113.9:4711"}}, "::1", "::1"), "203.0.113.9");
    EXPECT_EQ(remote({{"x-forwarded-for", "[2001:db8::9]:4711"}}, "::1", "::1"), "2001:db8::9");
    EXPECT_EQ(remote({{"x-forwarded-for", "2001:db8::9"}}, "::1", "::1"), "2001:db8::9");
    for (const auto* nonsense : {"", "unknown", "[", "[]", "::::", "a b", ",", "999.1.1.1", "[2001:db8::9"})
        EXPECT_THAT(remote({{"x-forwarded-for", nonsense}}, "::1", "::1"), testing::AnyOf("::1", "2001:db8::9"));
}

TEST(forwarded_proto, is_believed_of_our_proxies_only) {
    const auto secure = [](std::string_view peer, const char* scheme) {
        return origin_of(forwarded({{"x-forwarded-proto", scheme}}), peer, false, trusted("10.0.0.1")).secure;
    };
    EXPECT_TRUE(secure("10.0.0.1", "https"));
    EXPECT_TRUE(secure("10.0.0.1", "http, HTTPS"));
    EXPECT_FALSE(secure("10.0.0.1", "http"));
    EXPECT_FALSE(secure("10.0.0.2", "https"));
}

std::string v2(unsigned char command, unsigned char family, std::string_view rest) {
    std::string out{"\r\n\r\n\0\r\nQUIT\n"sv};
    out += static_cast<char>(command);
    out += static_cast<char>(family);
    out += static_cast<char>(rest.size() >> 8);
    out += static_cast<char>(rest.size() & 255);
    return out += rest;
}
// 203.0.113.9:50000 to 192.0.2.1:443
constexpr auto v4 = "\xcb\x00\x71\x09\xc0\x00\x02\x01\xc3\x50\x01\xbb"sv;
constexpr auto with_ssl = "\x04\x00\x02xx\x20\x00\x05\x01\x00\x00\x00\x00"sv; // NOOP, then TLS by the client

TEST(proxy_protocol, names_the_client_and_whether_it_speaks_tls) {
    const auto plain = v2(0x21, 0x11, v4);
    const auto got = read_proxy_header(plain + "GET / HTTP/1.1");
    EXPECT_EQ(got.is, kind::whole);
    EXPECT_EQ(got.length, plain.size());
    EXPECT_EQ(got.source, "203.0.113.9");
    EXPECT_FALSE(got.secure);
    EXPECT_TRUE(read_proxy_header(v2(0x21, 0x11, std::string(v4) + std::string(with_ssl))).secure);
    const std::string v6 = "\x20\x01\x0d\xb8" + std::string(11, '\0') + "\x09" + std::string(16, '\0') + "\1\1\1\1";
    EXPECT_EQ(read_proxy_header(v2(0x21, 0x21, v6)).source, "2001:db8::9");
}

TEST(proxy_protocol, may_be_the_proxys_own_health_check_or_of_no_address) {
    for (const auto& own : {v2(0x20, 0x00, ""), v2(0x20, 0x11, v4), v2(0x21, 0x00, ""), v2(0x21, 0x31, "whatever")}) {
        const auto got = read_proxy_header(own);
        EXPECT_EQ(got.is, kind::whole);
        EXPECT_EQ(got.source, "");
        EXPECT_EQ(got.length, own.size());
    }
}

TEST(proxy_protocol, is_waited_for_until_it_is_whole) {
    const auto whole = v2(0x21, 0x11, v4);
    for (std::size_t n = 0; n < whole.size(); ++n)
        EXPECT_EQ(read_proxy_header(whole.substr(0, n)).is, kind::partial) << n;
}

TEST(proxy_protocol, is_told_from_everything_else_and_from_what_is_broken) {
    for (const auto* other : {"GET / HTTP/1.1\r\n", "\x16\x03\x01", "\r\nGET / HTTP/1.1", "PROXY TCP4 1.1.1.1 2.2.2.2"})
        EXPECT_EQ(read_proxy_header(other).is, kind::absent);
    EXPECT_EQ(read_proxy_header(v2(0x11, 0x11, v4)).is, kind::broken);           // version 1
    EXPECT_EQ(read_proxy_header(v2(0x22, 0x11, v4)).is, kind::broken);           // no such command
    EXPECT_EQ(read_proxy_header(v2(0x21, 0x11, v4.substr(1))).is, kind::broken); // too short for its addresses
    EXPECT_EQ(read_proxy_header(v2(0x21, 0x21, v4)).is, kind::broken);           // likewise
    EXPECT_EQ(read_proxy_header(v2(0x21, 0x11, std::string(5000, 'x'))).is, kind::broken);
    EXPECT_FALSE(read_proxy_header(v2(0x21, 0x11, std::string(v4) + "\x20\xff\xff\x01")).secure); // a field that lies
}

server_options behind(std::string_view proxies) {
    auto o = patient();
    o.trusted_proxies = trusted(proxies);
    return o;
}

TEST(a_request, has_the_address_that_our_proxy_says) {
    running_server server(behind("127.0.0.1"));
    ask(server.port(), "GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\n\r\n");
    EXPECT_EQ(server.last().remote, "203.0.113.9");
    EXPECT_TRUE(server.last().secure);
    running_server alone(behind("10.0.0.1"));
    ask(alone.port(), "GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\n\r\n");
    EXPECT_EQ(alone.last().remote, "127.0.0.1");
    EXPECT_FALSE(alone.last().secure);
}

TEST(a_connection, is_the_clients_of_its_proxy_header_however_it_is_cut) {
    running_server server(behind("127.0.0.1"));
    peer client(server.port());
    const auto bytes = v2(0x21, 0x11, std::string(v4) + std::string(with_ssl)) +
                       "GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 1.1.1.1\r\n\r\n";
    for (const char c : bytes) client.send({&c, 1});
    EXPECT_EQ(client.read_answer().status, 200);
    EXPECT_EQ(server.last().remote, "203.0.113.9") << "who is not trusted may say what he likes of himself";
    EXPECT_TRUE(server.last().secure);
}

TEST(a_connection, of_anybody_else_may_not_begin_with_a_proxy_header) {
    running_server server(behind("10.0.0.1"));
    EXPECT_EQ(ask(server.port(), v2(0x21, 0x11, v4) + "GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 400);
    EXPECT_EQ(server.handled(), 0);
}

TEST(a_connection, with_a_broken_proxy_header_is_closed) {
    running_server server(behind("127.0.0.1"));
    EXPECT_EQ(peer(server.port()).send(v2(0x21, 0x21, v4)).read_to_end(), "");
}

TEST(strangers_of_a_proxy, are_counted_by_their_own_addresses) {
    auto options = behind("127.0.0.1");
    options.strangers.sockets_each = 1;
    running_server server(options);
    peer shared(server.port()), health(server.port()), client(server.port());
    health.send(v2(0x20, 0x00, ""));
    client.send(v2(0x21, 0x11, v4));
    while (server.counts().strangers != 1) std::this_thread::yield();
    peer same(server.port());
    same.send(v2(0x21, 0x11, v4));
    EXPECT_EQ(client.read_answer().status, 503);
    for (auto* open : {&shared, &health, &same})
        EXPECT_EQ(open->send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").read_answer().status, 200);
}

TEST_F(self_signed, comes_after_a_proxy_header) {
    options.trusted_proxies = trusted("127.0.0.1");
    running_server server(options);
    asio::ssl::stream<asio::ip::tcp::socket> s(io, trust);
    s.next_layer().connect({asio::ip::make_address("127.0.0.1"), server.port()});
    asio::write(s.next_layer(), asio::buffer(v2(0x21, 0x11, v4)));
    s.handshake(asio::ssl::stream_base::client);
    asio::write(s, asio::buffer(std::string("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")));
    std::string got;
    boost::system::error_code ec;
    asio::read(s, asio::dynamic_buffer(got), ec);
    EXPECT_THAT(got, testing::StartsWith("HTTP/1.1 200 OK"));
    EXPECT_EQ(server.last().remote, "203.0.113.9");
    EXPECT_TRUE(server.last().secure);
}

} // namespace
} // namespace switchboard::web::test
