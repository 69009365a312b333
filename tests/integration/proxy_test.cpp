// Behind a proxy: the examples of docs/proxy.md in front of a real server, and what a proxy says said by hand.
#include "support/child_daemon.hpp"
#include "support/contact_center.hpp"
#include "support/mail_client.hpp"
#include "support/raw_socket.hpp"
#include "support/test_authority.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

namespace switchboard::test {
namespace {

namespace asio = boost::asio;
using nlohmann::json;
using tcp = asio::ip::tcp;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using namespace std::string_view_literals;

constexpr auto public_url = "https://desk.example";

/// Asks by TLS from one of this machine's many addresses, whoever's certificate it is; all that comes back.
std::string ask(std::uint16_t port, const char* from, const std::string& bytes) {
    asio::io_context io;
    asio::ssl::context trust{asio::ssl::context::tls_client};
    asio::ssl::stream<tcp::socket> s{io, trust};
    auto& socket = s.next_layer();
    socket.open(tcp::v4());
    socket.bind({asio::ip::make_address(from), 0});
    socket.connect({asio::ip::address_v4::loopback(), port});
    SSL_set_tlsext_host_name(s.native_handle(), "desk.example");
    s.handshake(asio::ssl::stream_base::client);
    asio::write(s, asio::buffer(bytes));
    std::string got;
    boost::system::error_code end;
    const bool head_is_enough = bytes.contains("Upgrade: websocket"); // what it leads to stays open
    const auto head_is_there = [&](const boost::system::error_code& ec, std::size_t) -> std::size_t {
        return ec || (head_is_enough && got.contains("\r\n\r\n")) ? 0 : 4096;
    };
    asio::read(s, asio::dynamic_buffer(got), head_is_there, end);
    return got;
}

std::string request(std::string_view line, std::string_view fields = "", std::string_view body = "") {
    return fmt::format("{} HTTP/1.1\r\nHost: desk.example\r\nConnection: close\r\nContent-Length: {}\r\n{}\r\n{}", line,
                       body.size(), fields, body);
}

std::string sign_in(std::string_view login) {
    return request("POST /api/v1/session", "Content-Type: application/json\r\n",
                   json{{"login", login}, {"password", running_server::password}}.dump());
}

std::string open_feed(std::string_view cookie, std::string_view origin) {
    return fmt::format(
        "GET /api/v1/live HTTP/1.1\r\nHost: desk.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: {}\r\n"
        "Origin: {}\r\n\r\n",
        cookie, origin);
}

const std::string new_chat =
    request("POST /api/v1/chat/site/sessions", "Content-Type: application/json\r\n", R"({"name":"Ada"})");
const std::string new_chat_that_lies =
    request("POST /api/v1/chat/site/sessions", "Content-Type: application/json\r\nX-Forwarded-For: 9.9.9.9\r\n",
            R"({"name":"A"})");

std::string cookie_in(const std::string& answer) {
    const std::string name = "\r\nset-cookie: ";
    std::string lower = answer;
    for (auto& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    const auto at = lower.find(name);
    if (at == lower.npos) return {};
    const auto begin = at + name.size();
    return answer.substr(begin, answer.find(';', begin) - begin);
}

/// The n-th example in this language.
std::string example(const std::string& language, int n = 1) {
    std::ifstream file{"docs/proxy.md"};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    const auto fence = "```" + language + "\n";
    std::size_t begin = 0;
    for (; n > 0; --n) begin = text.find(fence, begin) + fence.size();
    return text.substr(begin, text.find("```", begin) - begin);
}

std::string with(std::string text, std::initializer_list<std::pair<std::string, std::string>> changes) {
    for (const auto& [from, to] : changes) {
        const auto at = text.find(from);
        EXPECT_NE(at, text.npos) << from;
        if (at != text.npos) text.replace(at, from.size(), to);
    }
    return text;
}

struct proxy : testing::Test {
    proxy() {
        center.gateway("site", "widget", center.queue("help"));
        const auto own = test_authority{}.issue_rsa({"desk.example"});
        certificate = folder.write("desk.pem", own.pem);
        key = folder.write("desk.key", own.key);
        both = folder.write("both.pem", own.pem + own.key);
    }
    std::string here() const { return fmt::format("127.0.0.1:{}", center.server.port()); }
    std::string bind() const { return fmt::format("127.0.0.1:{}", port); }

    void start(const std::vector<std::string>& command) {
        const auto log = folder.path() / "log";
        daemon.emplace(command, log);
        try {
            wait_for_port(port);
        } catch (const std::exception&) {
            std::ifstream said{log};
            FAIL() << std::string{std::istreambuf_iterator<char>{said}, {}};
        }
    }

    /// What must hold behind every proxy.
    void expect_that_all_is_well() const {
        const auto answer = ask(port, "127.0.0.2", sign_in("agent"));
        EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
        const auto cookie = cookie_in(answer);
        EXPECT_THAT(cookie, StartsWith("__Host-switchboard_session="));
        EXPECT_THAT(answer, testing::AllOf(HasSubstr("; Secure"), HasSubstr("max-age=31536000")));
        EXPECT_THAT(ask(port, "127.0.0.2", request("GET /api/v1/session", "Cookie: " + cookie + "\r\n")),
                    StartsWith("HTTP/1.1 200"));
        EXPECT_THAT(ask(port, "127.0.0.2", open_feed(cookie, public_url)), StartsWith("HTTP/1.1 101"));
        EXPECT_THAT(ask(port, "127.0.0.2", open_feed(cookie, "https://evil.example")), StartsWith("HTTP/1.1 403"));

        for (int i = 0; i < 2; ++i) EXPECT_THAT(ask(port, "127.0.0.2", new_chat), StartsWith("HTTP/1.1 201"));
        EXPECT_THAT(ask(port, "127.0.0.2", new_chat), StartsWith("HTTP/1.1 429"));
        EXPECT_THAT(ask(port, "127.0.0.2", new_chat_that_lies), StartsWith("HTTP/1.1 429"));
        EXPECT_THAT(ask(port, "127.0.0.3", new_chat), StartsWith("HTTP/1.1 201"));
    }

    contact_center center{[](config& c) {
        c.server_public_url = public_url;
        c.server_trusted_proxies = "127.0.0.1";
        c.strangers_chat_sessions_per_address = 2;
    }};
    public_folder folder;
    std::string certificate, key, both;
    std::uint16_t port = free_port();
    std::optional<child_daemon> daemon;
};

#define NEEDS(program)                                                                                                 \
    if (!std::filesystem::exists(program)) GTEST_SKIP() << program << " is not installed"

TEST_F(proxy, may_be_nginx) {
    NEEDS("/usr/sbin/nginx");
    const auto site = with(example("nginx"), {{"127.0.0.1:8080", here()},
                                              {"listen 443", "listen " + bind()},
                                              {"/etc/ssl/desk.example.pem", certificate},
                                              {"/etc/ssl/desk.example.key", key}});
    std::string paths;
    for (const auto* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
        paths += fmt::format("{0}_temp_path {1}/{0};\n", kind, folder.path().string());
    const auto file =
        folder.write("nginx.conf", fmt::format("daemon off;\npid {0}/pid;\nerror_log {0}/log;\nevents {{}}\n"
                                               "http {{\naccess_log off;\n{1}{2}}}\n",
                                               folder.path().string(), paths, site));
    start({"/usr/sbin/nginx", "-c", file});
    expect_that_all_is_well();
}

TEST_F(proxy, may_be_caddy) {
    NEEDS("/usr/bin/caddy");
    const auto site =
        with(example("caddy"), {{"desk.example {", fmt::format("https://desk.example:{} {{\n    bind 127.0.0.1"
                                                               "\n    tls {} {}",
                                                               port, certificate, key)},
                                {"127.0.0.1:8080", here()}});
    const auto file = folder.write("Caddyfile", "{\n    admin off\n    auto_https disable_redirects\n}\n" + site);
    start({"/usr/bin/env", "HOME=" + folder.path().string(), "XDG_DATA_HOME=" + folder.path().string(),
           "XDG_CONFIG_HOME=" + folder.path().string(), "/usr/bin/caddy", "run", "--adapter", "caddyfile", "--config",
           file});
    expect_that_all_is_well();
}

struct haproxy : proxy {
    void serve(int n) {
        start({"/usr/sbin/haproxy", "-db", "-f",
               folder.write("haproxy.cfg", with(example("haproxy", n), {{"bind :443", "bind " + bind()},
                                                                        {"/etc/ssl/desk.example.pem", both},
                                                                        {"127.0.0.1:8080", here()}}))});
    }
};

TEST_F(haproxy, may_add_header_fields) {
    NEEDS("/usr/sbin/haproxy");
    serve(1);
    expect_that_all_is_well();
}

TEST_F(haproxy, may_speak_the_proxy_protocol) {
    NEEDS("/usr/sbin/haproxy");
    serve(2);
    expect_that_all_is_well();
}

// --- By hand: no proxy at all ---------------------------------------------------------------------------------------

std::string say(std::uint16_t port, const std::string& bytes) {
    raw_socket s{port};
    s.send(bytes);
    return s.read_to_end();
}

struct without_proxy : testing::Test {
    static void of_a_site(config& c) { c.strangers_chat_sessions_per_address = 1; }
};

TEST_F(without_proxy, nobody_is_believed) {
    contact_center center{of_a_site};
    center.gateway("site", "widget", center.queue("help"));
    const auto port = center.server.port();
    EXPECT_THAT(say(port, new_chat), StartsWith("HTTP/1.1 201"));
    EXPECT_THAT(say(port, new_chat_that_lies), StartsWith("HTTP/1.1 429"));
    const std::string proxied{"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xcb\0\x71\x09\xc0\0\x02\x01\xc3\x50\x01\xbb"sv};
    EXPECT_THAT(say(port, proxied + new_chat), StartsWith("HTTP/1.1 400"));
    const auto answer =
        say(port, with(sign_in("agent"), {{"Content-Type", "X-Forwarded-Proto: https\r\nContent-Type"}}));
    EXPECT_THAT(cookie_in(answer), StartsWith("switchboard_session="));
    EXPECT_THAT(answer, testing::AllOf(Not(HasSubstr("; Secure")), Not(HasSubstr("Strict-Transport-Security"))));
}

TEST_F(without_proxy, a_plain_cookie_is_none_under_https) {
    contact_center center{[](config& c) { c.server_public_url = public_url; }};
    const auto answer = say(center.server.port(), sign_in("agent"));
    const auto cookie = cookie_in(answer);
    ASSERT_THAT(cookie, StartsWith("__Host-"));
    const auto ask_with = [&](const std::string& c) {
        return say(center.server.port(), request("GET /api/v1/session", "Cookie: " + c + "\r\n"));
    };
    EXPECT_THAT(ask_with(cookie), StartsWith("HTTP/1.1 200"));
    EXPECT_THAT(ask_with(cookie.substr(7)), StartsWith("HTTP/1.1 401")) << "a neighbouring host could have set it";
}

TEST_F(without_proxy, the_proxy_protocol_gives_each_connection_its_client) {
    contact_center center{[](config& c) {
        of_a_site(c);
        c.server_trusted_proxies = "127.0.0.0/8";
    }};
    center.gateway("site", "widget", center.queue("help"));
    const auto of = [](char last) {
        std::string bytes{"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xcb\0\x71\x09\xc0\0\x02\x01\xc3\x50\x01\xbb"sv};
        bytes[19] = last;
        return bytes;
    };
    const auto port = center.server.port();
    EXPECT_THAT(say(port, of(1) + new_chat), StartsWith("HTTP/1.1 201"));
    EXPECT_THAT(say(port, of(1) + new_chat_that_lies), StartsWith("HTTP/1.1 429"));
    EXPECT_THAT(say(port, of(2) + new_chat), StartsWith("HTTP/1.1 201"));
}

} // namespace
} // namespace switchboard::test
