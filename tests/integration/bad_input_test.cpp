// Bad input gets a clear answer, changes nothing, and costs bounded memory: the real program, asked over the wire.

#include "support/bench_center.hpp"
#include "support/http_client.hpp"
#include "support/spawned_server.hpp"
#include "support/test_cluster.hpp"

#include <switchboard/util/hash.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <pqxx/pqxx>
#include <zlib.h>

#include <chrono>
#include <optional>
#include <stdexcept>

namespace switchboard {
namespace {

using namespace std::string_literals;

namespace asio = boost::asio;
using nlohmann::json;
using test::headers;
using test::http_answer;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr auto mail_type = "message/rfc822";
constexpr auto mails = "/api/v1/intake/support-mail";
constexpr auto calls = "/api/v1/intake/pbx";

std::string mail(const std::string& id, const std::string& rest) {
    return fmt::format("From: Mallory <mallory@bad.example>\r\nTo: support@example.com\r\nSubject: Look\r\nMessage-ID: "
                       "<{}@bad.example>"
                       "\r\nMIME-Version: 1.0\r\n{}",
                       id, rest);
}

std::string repeated(const std::string& text, std::size_t times) {
    std::string out;
    out.reserve(text.size() * times);
    for (std::size_t i = 0; i < times; ++i) out += text;
    return out;
}

/// A zip of one file of zeros, a thousand times smaller than what it unpacks to.
std::string zip_bomb(std::size_t unpacked) {
    z_stream z{};
    if (deflateInit2(&z, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) != Z_OK) throw std::runtime_error{"zlib"};
    std::string out{"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0", 14};
    out += std::string(12, '\0') + std::string{"\x05\0\0\0zeros", 9};
    std::vector<unsigned char> zeros(1u << 20), packed(1u << 16);
    for (std::size_t done = 0; done < unpacked; done += zeros.size()) {
        z.next_in = zeros.data();
        z.avail_in = static_cast<unsigned>(zeros.size());
        const bool last = done + zeros.size() >= unpacked;
        do {
            z.next_out = packed.data();
            z.avail_out = static_cast<unsigned>(packed.size());
            deflate(&z, last ? Z_FINISH : Z_NO_FLUSH);
            out.append(packed.begin(), packed.end() - z.avail_out);
        } while (z.avail_out == 0);
    }
    deflateEnd(&z);
    return out;
}

class bad_input : public testing::Test {
protected:
    static void SetUpTestSuite() {
        database.emplace();
        server.emplace(std::vector<std::string>{"serve", "--demo"},
                       test::spawned_server::environment{{"SWITCHBOARD_DATABASE_URL", database->url()},
                                                         {"SWITCHBOARD_SERVER_HEADER_TIMEOUT", "1"},
                                                         {"SWITCHBOARD_SERVER_BODY_TIMEOUT", "1"}});
        const auto at = server->said().find("password is ");
        auto password = server->said().substr(at + 12);
        password.resize(password.find('\n'));
        const auto answer = test::send_request(server->port(), "POST", "/api/v1/session",
                                               json{{"login", "admin"}, {"password", password}}.dump(),
                                               {{"Content-Type", "application/json"}});
        ASSERT_EQ(answer.status, 200) << answer.body << server->said();
        const auto cookie = answer.header("set-cookie");
        admin = {{"Cookie", cookie.substr(0, cookie.find(';'))},
                 {"X-CSRF-Token", answer.json()["csrf_token"]},
                 {"Content-Type", "application/json"}};
    }
    static void TearDownTestSuite() {
        server.reset();
        database.reset();
    }

    static http_answer as_admin(const std::string& method, const std::string& path, const json& body = nullptr) {
        return test::send_request(server->port(), method, path, body.is_null() ? "" : body.dump(), admin);
    }
    static http_answer post(const std::string& path, const std::string& body, const std::string& type,
                            const std::string& token = "sb_demo_gateways") {
        return test::send_request(server->port(), "POST", path, body,
                                  {{"Content-Type", type}, {"Authorization", "Bearer " + token}});
    }
    static std::int64_t count(const std::string& from) {
        pqxx::connection c{database->url()};
        return pqxx::nontransaction{c}.exec("SELECT count(*) FROM " + from)[0][0].as<std::int64_t>();
    }
    static std::vector<std::int64_t> rows() {
        return {count("contact"), count("contact_raw"), count("contact_event"),
                count("ticket"),  count("customer"),    count("event")};
    }
    /// Sends bytes on a connection and reads until the server closes it.
    static std::string exchange(const std::string& bytes, bool then_hang_up = false) {
        asio::io_context io;
        asio::ip::tcp::socket socket{io};
        socket.connect({asio::ip::make_address("127.0.0.1"), server->port()});
        boost::system::error_code error;
        asio::write(socket, asio::buffer(bytes), error);
        if (then_hang_up) socket.shutdown(asio::ip::tcp::socket::shutdown_send, error);
        std::string out;
        asio::read(socket, asio::dynamic_buffer(out), error);
        return out;
    }
    static std::string head(const std::string& path, const std::string& length) {
        return fmt::format("POST {} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer sb_demo_gateways\r\n"
                           "Content-Type: message/rfc822\r\n{}\r\n\r\n",
                           path, length);
    }
    /// The contact of an input that must be taken, and by one row.
    static json taken(const std::string& path, const std::string& body, const std::string& type,
                      const std::string& outcome) {
        const auto before = count("contact");
        const auto answer = post(path, body, type);
        EXPECT_EQ(answer.status, 201) << answer.body.substr(0, 500);
        if (answer.status != 201) return json::object();
        EXPECT_EQ(answer.json()["outcome"], outcome);
        EXPECT_EQ(post(path, body, type).status, 200);
        EXPECT_EQ(count("contact"), before + 1);
        return as_admin("GET", fmt::format("/api/v1/contacts/{}", answer.json()["contact_id"].get<int>())).json();
    }

    static inline std::optional<test::fresh_database> database;
    static inline std::optional<test::spawned_server> server;
    static inline headers admin;
};

TEST_F(bad_input, is_refused_by_a_clear_answer_and_changes_nothing) {
    const auto gateways = as_admin("GET", "/api/v1/gateways?limit=100").json()["items"];
    std::int64_t pbx = 0;
    for (const auto& g : gateways)
        if (g["name"] == "pbx") pbx = g["id"];
    const auto bound =
        as_admin("POST", "/api/v1/tokens", {{"name", "phones"}, {"scopes", {"intake"}}, {"gateway_ids", {pbx}}});
    ASSERT_EQ(bound.status, 201) << bound.body;
    const auto reader = as_admin("POST", "/api/v1/tokens", {{"name", "reads"}, {"scopes", {"read"}}});

    struct refused {
        const char* what;
        const char* path;
        std::string body;
        int status;
        const char* says; // in the answer: the field that is wrong, where one is
        std::string token = "sb_demo_gateways";
    };
    const std::string call =
        R"("call_id":"1","direction":"in","from":"+12125550111","started_at":"2026-01-02T03:04:05Z")";
    const refused table[] = {
        {"malformed JSON", calls, "{\"call_id\": ", 400, "JSON"},
        {"no JSON at all", calls, "hello", 400, "JSON"},
        {"an empty body", calls, "", 400, "JSON"},
        {"a list", calls, "[1]", 422, "object"},
        {"nested too deep", calls, repeated("[", 100'000), 400, "deep"},
        {"an object for a text", calls, "{" + call + R"(,"notes":{}})", 422, R"("field":"notes")"},
        {"a word for a time", calls, R"({"call_id":"1","direction":"in","from":"","started_at":"noon"})", 422,
         R"("field":"started_at")"},
        {"an unknown direction", calls,
         R"({"call_id":"1","direction":"up","from":"","started_at":"2026-01-02T03:04:05Z"})", 422,
         R"("field":"direction")"},
        {"no id", calls, R"({"direction":"in","from":"","started_at":"2026-01-02T03:04:05Z"})", 422,
         R"("field":"call_id")"},
        {"a time before the start", calls, "{" + call + R"(,"ended_at":"2025-01-01T00:00:00Z"})", 422,
         R"("field":"ended_at")"},
        {"an unknown gateway", "/api/v1/intake/nowhere", "{}", 404, "no such gateway"},
        {"a gateway's name that is none", "/api/v1/intake/..%2f..%2fetc", "{}", 404, "no such"},
        {"no token", calls, "{" + call + "}", 401, "", ""},
        {"a wrong token", calls, "{" + call + "}", 401, "", "sb_wrong"},
        {"a token bound elsewhere", mails, mail("b", "\r\nx"), 403, "bound to other gateways", bound.json()["token"]},
        {"a token of another scope", calls, "{" + call + "}", 403, "", reader.json()["token"]},
    };
    const auto before = rows();
    for (const auto& bad : table) {
        SCOPED_TRACE(bad.what);
        const auto answer = post(bad.path, bad.body, "application/json", bad.token);
        EXPECT_EQ(answer.status, bad.status) << answer.body;
        EXPECT_THAT(answer.header("content-type"), HasSubstr("application/problem+json"));
        EXPECT_THAT(answer.body, HasSubstr(bad.says));
        EXPECT_FALSE(answer.json()["title"].get<std::string>().empty());
    }
    EXPECT_EQ(rows(), before);
}

TEST_F(bad_input, that_is_too_large_is_refused_before_it_is_sent) {
    const auto before = rows();
    const auto memory = server->memory_kb();
    EXPECT_THAT(exchange(head(mails, "Content-Length: 99999999999")), AllOf(HasSubstr(" 413 "), HasSubstr("larger")));
    EXPECT_THAT(exchange(head(mails, "Transfer-Encoding: chunked") + "FFFFFFFF\r\n"), HasSubstr(" 413 "));
    EXPECT_THAT(exchange(head("/api/v1/session", "Content-Length: 2000000")), HasSubstr(" 413 "));
    EXPECT_THAT(exchange("GET / HTTP/1.1\r\nHost: x\r\nX-Large: " + std::string(1u << 20, 'x') + "\r\n\r\n"),
                HasSubstr(" 431 "));
    EXPECT_THAT(exchange("GET / HTTP/1.1\r\nHost: x\r\n" + repeated("X-Many: 1\r\n", 1000) + "\r\n"),
                HasSubstr(" 431 "));
    EXPECT_LT(server->memory_kb() - memory, 8 << 10);
    EXPECT_EQ(rows(), before);
}

TEST_F(bad_input, that_never_ends_is_given_up) {
    const auto before = rows();
    const auto letter = mail("half", "\r\n" + std::string(4000, 'x'));
    const auto length = fmt::format("Content-Length: {}", letter.size());
    EXPECT_EQ(exchange(head(mails, length) + letter.substr(0, 2000), true), "") << "half a body, and gone";
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_THAT(exchange(head(mails, length) + letter.substr(0, 2000)), AllOf(HasSubstr(" 408 "), HasSubstr("body")));
    EXPECT_THAT(exchange("POST " + std::string(mails)), AllOf(HasSubstr(" 408 "), HasSubstr("header")));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{30}); // and not after the usual minute
    EXPECT_THAT(exchange("\x16\x03\x01 this is no HTTP\r\n\r\n"), HasSubstr(" 400 "));
    EXPECT_EQ(rows(), before);
    EXPECT_EQ(post(mails, letter, mail_type).status, 201) << "the whole of it later is new";
}

TEST_F(bad_input, of_broken_text_is_kept_as_it_came_and_shown_clean) {
    const auto c =
        taken(mails, mail("nul", "Content-Type: text/plain; charset=utf-8\r\n\r\na\0b \xff\xc3 \xed\xa0\x80 end"s),
              mail_type, "ticketed");
    EXPECT_THAT(c["text"].get<std::string>(), AllOf(HasSubstr("end"), Not(HasSubstr(std::string(1, '\0')))));
    const auto raw = as_admin("GET", fmt::format("/api/v1/contacts/{}/raw", c["id"].get<int>()));
    EXPECT_THAT(raw.body, HasSubstr("a\0b \xff\xc3 \xed\xa0\x80 end"s));

    const auto k = taken(
        calls,
        "{\"call_id\":\"nul\\u0000 \xff\",\"direction\":\"in\",\"from\":\"\",\"started_at\":\"2026-01-02T03:04:05Z\","
        "\"notes\":\"a\\u0000b \\ud800 \xfe\"}",
        "application/json", "ticketed");
    EXPECT_THAT(k["text"].get<std::string>(),
                AllOf(HasSubstr("a"), HasSubstr("b"), Not(HasSubstr(std::string(1, '\0')))));
}

TEST_F(bad_input, that_would_cost_much_to_understand_is_quarantined) {
    const auto parts = repeated("--x\r\nContent-Type: text/plain\r\n\r\nhello\r\n", 10'000) + "--x--\r\n";
    std::string nested;
    for (int i = 0; i < 1000; ++i)
        nested += fmt::format("Content-Type: multipart/mixed; boundary=b{0}\r\n\r\n--b{0}\r\n", i);
    const std::pair<const char*, std::string> inputs[] = {
        {"parts", "Content-Type: multipart/mixed; boundary=x\r\n\r\n" + parts},
        {"depth", nested},
        {"header", "X-Long: " + repeated("y\r\n ", 100'000) + "\r\n\r\ntext"},
        {"fields", repeated("X-Field: 1\r\n", 50'000) + "\r\ntext"},
    };
    for (const auto& [id, rest] : inputs) {
        SCOPED_TRACE(id);
        const auto begin = test::cpu_seconds(server->pid());
        const auto c = taken(mails, mail(id, rest), mail_type, "quarantined");
        EXPECT_LT(test::cpu_seconds(server->pid()) - begin, 4); // it is sent twice
        EXPECT_FALSE(c["quarantine"].is_null()) << c;
        const auto raw = as_admin("GET", fmt::format("/api/v1/contacts/{}/raw", c["id"].get<int>()));
        EXPECT_EQ(raw.body, mail(id, rest)) << "its bytes are kept";
    }
    EXPECT_EQ(taken(mails, std::string(100'000, '\0'), mail_type, "quarantined")["channel"], "email");
}

TEST_F(bad_input, that_unpacks_to_much_is_kept_as_bytes) {
    const auto bomb = zip_bomb(512u << 20);
    ASSERT_LT(bomb.size(), 1u << 20);
    const auto before = server->memory_kb("VmHWM");
    const auto c = taken(
        mails,
        mail("zip", "Content-Type: application/zip; name=\"zeros.zip\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
                        base64(bomb)),
        mail_type, "ticketed");
    ASSERT_EQ(c["attachments"].size(), 1u) << c;
    EXPECT_EQ(c["attachments"][0]["sha256"], sha256_hex(bomb));
    EXPECT_LT(server->memory_kb("VmHWM") - before, 32 << 10);
}

TEST_F(bad_input, of_hostile_html_reaches_no_page) {
    const std::string html =
        "<p onclick=alert(1)>Hello</p><script>alert(2)</script><img src=x onerror=alert(3)>"
        "<a href=\"javascript:alert(4)\">go</a><svg onload=alert(5)><style>@import 'http://evil.example/x'</style>"
        "<iframe src=//evil.example></iframe><form action=//evil.example><input></form><base href=//evil.example>"
        "<img src=http://tracker.example/pixel.gif><math><mtext></p><style><img src onerror=alert(6)>";
    const auto c =
        taken(mails, mail("html", "Content-Type: text/html; charset=utf-8\r\n\r\n" + html), mail_type, "ticketed");
    const auto safe = as_admin("GET", fmt::format("/api/v1/contacts/{}/html", c["id"].get<int>()));
    ASSERT_EQ(safe.status, 200) << safe.body;
    const std::string shown = safe.json()["html"];
    EXPECT_THAT(shown, HasSubstr("Hello"));
    for (const char* evil :
         {"<script", "onclick", "onerror", "onload", "javascript:", "<iframe", "<form", "<base", "@import", "<svg"})
        EXPECT_THAT(shown, Not(HasSubstr(evil)));
    EXPECT_GT(safe.json()["blocked_remote"].get<int>(), 0);
}

TEST_F(bad_input, in_any_amount_leaves_the_memory_bounded) {
    const auto large = mail("large", "\r\n" + repeated(std::string(76, 'x') + "\r\n", 500'000)); // 39 MB
    EXPECT_EQ(post(mails, large, mail_type).status, 201);
    const auto once = server->memory_kb("VmHWM");
    for (int i = 0; i < 5; ++i) EXPECT_EQ(post(mails, large, mail_type).status, 200);
    for (int i = 0; i < 500; ++i) {
        EXPECT_EQ(post(calls, "{\"call_id\": " + std::string(20'000, '['), "application/json").status, 400);
        exchange(head(mails, "Content-Length: 40000000") + std::string(1000, 'x'), true);
    }
    EXPECT_LT(server->memory_kb("VmHWM") - once, 100 << 10);
    EXPECT_LT(server->memory_kb("VmHWM"), 700 << 10);
    fmt::print("resident {} MB, at most {} MB\n", server->memory_kb() >> 10, server->memory_kb("VmHWM") >> 10);
    EXPECT_EQ(test::send_request(server->port(), "GET", "/readyz").status, 200);
}

} // namespace
} // namespace switchboard
