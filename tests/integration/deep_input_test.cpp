// What is nested without end is refused at every door, with words, and ends nothing. One frame of 240 KB once ended the
// server: whoever looked at its type copied it, one call for each bracket.
#include "support/contact_center.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace switchboard::test {
namespace {

using nlohmann::json;
using testing::AnyOf;
using testing::HasSubstr;
using steady = std::chrono::steady_clock;

std::string repeated(std::string_view text, std::size_t times) {
    std::string out;
    out.reserve(text.size() * times);
    for (std::size_t i = 0; i < times; ++i) out += text;
    return out;
}

/// Values that are nested so deeply that whoever follows them by calling himself has no stack left: closed, not closed,
/// in members, and flat ones that only waste memory.
std::vector<std::string> nasty_values(std::size_t depth) {
    return {std::string(depth, '[') + std::string(depth, ']'), std::string(depth, '['),
            repeated(R"({"a":)", depth) + "1" + std::string(depth, '}'), repeated(R"([{"a":)", depth / 2),
            "[" + repeated("[],", depth) + "[]]"};
}

class deep_input : public testing::Test {
protected:
    /// The server answers others, at once.
    void expect_alive(const std::string& after) {
        const auto begin = steady::now();
        EXPECT_EQ(center.server.stranger().get("/healthz").status, 200) << after;
        EXPECT_LT(steady::now() - begin, std::chrono::seconds{2}) << after;
    }
    std::int64_t contacts() { return center.number("SELECT count(*) FROM contact WHERE outcome <> 'quarantined'"); }

    contact_center center;
    std::int64_t queue = center.queue("Support");
    client stranger = center.server.stranger();
};

/// Every field of every type of frame, and the frame itself.
std::vector<std::string> frames_around(const std::string& value, const std::vector<std::string>& types,
                                       const std::vector<std::string>& fields) {
    std::vector<std::string> out{value, fmt::format(R"({{"type":{}}})", value)};
    for (const auto& type : types)
        for (const auto& field : fields) out.push_back(fmt::format(R"({{"type":"{}","{}":{}}})", type, field, value));
    return out;
}

TEST_F(deep_input, of_a_visitor_is_answered_with_an_error_frame) {
    center.gateway("site", "widget", queue);
    eventually([&] { return stranger.post("/api/v1/chat/site/sessions").status == 201; }, "the chat is open");
    const auto session = stranger.post("/api/v1/chat/site/sessions").json();
    websocket_client unknown{center.server.port(), "/api/v1/chat/site/live"};
    websocket_client known{center.server.port(), "/api/v1/chat/site/live"};
    known.send({{"type", "hello"}, {"session", session["session"]}, {"token", session["token"]}, {"last_seq", 0}});
    known.until("welcome");
    const std::vector<std::string> fields{"session", "token",       "last_seq", "client_msg_id",
                                          "text",    "attachments", "seq",      "more"};
    for (const auto& value : nasty_values(40'000))
        for (const auto& frame : frames_around(value, {"hello", "message", "typing", "read"}, fields))
            for (auto* socket : {&unknown, &known}) {
                socket->send_text(frame);
                const auto error = socket->until("error");
                EXPECT_THAT(error["detail"].get<std::string>(),
                            AnyOf(HasSubstr("nested deeper"), HasSubstr("not JSON"), HasSubstr("more than")))
                    << frame.substr(0, 60);
            }
    unknown.send_text(R"({"type":)" + std::string(120'000, '[') + std::string(120'000, ']') + "}"); // as it was found
    EXPECT_THAT(unknown.until("error")["detail"].get<std::string>(), HasSubstr("nested deeper"));
    known.send(
        {{"type", "message"}, {"client_msg_id", "5a1f0c9e-3d41-4b7a-9c55-000000000001"}, {"text", "Still here"}});
    EXPECT_EQ(known.until("ack")["seq"], 1);
    expect_alive("frames of a visitor");
    EXPECT_EQ(contacts(), 1);
}

TEST_F(deep_input, of_an_agents_socket_is_answered_with_an_error_frame) {
    websocket_client socket{center.server.port(), "/api/v1/live", center.server.person("agent").identity};
    for (const std::size_t depth : {400u, 40'000u})
        for (const auto& value : nasty_values(depth))
            for (const auto& frame : frames_around(value, {"hello", "typing"}, {"after", "ticket_id", "more"})) {
                socket.send_text(frame);
                EXPECT_FALSE(socket.until("error")["detail"].get<std::string>().empty());
            }
    socket.send({{"type", "hello"}, {"after", nullptr}});
    socket.until("welcome");
    expect_alive("frames of an agent");
}

TEST_F(deep_input, to_every_door_that_is_open_to_strangers_is_refused) {
    center.gateway("site", "widget", queue);
    for (const char* kind : {"mailgun", "postmark", "sendgrid"})
        center.gateway(kind, kind, queue, {{"settings", {{"secret", "user:pass"}}}});
    center.gateway("ses", "ses", queue, {{"settings", {{"topics", {"arn:aws:sns:eu-west-1:123456789012:mail"}}}}});
    eventually([&] { return stranger.post("/api/v1/chat/site/sessions").status == 201; }, "the chat is open");
    const auto paths = stranger.get("/api/v1/openapi.json").json()["paths"];
    std::size_t doors = 0;
    for (const auto& [path, methods] : paths.items())
        for (const auto& [method, operation] : methods.items()) {
            if (method == "get" || !operation.value("security", json{1}).empty()) continue;
            ++doors;
            for (const std::string gateway : {"site", "mailgun", "postmark", "sendgrid", "ses"}) {
                auto target = path;
                if (const auto at = target.find("{gateway}"); at != target.npos) target.replace(at, 9, gateway);
                for (const auto& value : nasty_values(100'000)) {
                    std::string upper = method;
                    for (auto& c : upper) c = static_cast<char>(c - 'a' + 'A');
                    const auto body = R"({"login":)" + value + R"(,"name":"x"})";
                    for (const auto& sent : {value, body}) {
                        const auto answer = stranger.send(upper, target, sent, {{"Content-Type", "application/json"}});
                        EXPECT_THAT(answer.status, AnyOf(400, 401, 403, 404, 413, 422)) << target << answer.body;
                        EXPECT_FALSE(answer.json()["detail"].get<std::string>().empty()) << target;
                    }
                }
                expect_alive(target);
                if (target == path) break;
            }
        }
    EXPECT_GE(doors, 3u) << "sign-in, chat sessions, webhooks";
    EXPECT_EQ(center.number("SELECT count(*) FROM contact"), 0);
}

TEST_F(deep_input, of_every_kind_of_gateway_is_kept_and_not_followed) {
    const std::vector<std::string> kinds{"email",      "sendgrid", "mailgun", "postmark", "ses", "phone",
                                         "freeswitch", "asterisk", "chat",    "widget",   "fax"};
    for (const auto& kind : kinds) center.gateway(kind, kind, queue);
    constexpr std::size_t depth = 100'000;
    auto inputs = nasty_values(depth);
    inputs.push_back("<cdr>" + repeated("<a>", depth) + repeated("</a>", depth) + "</cdr>");
    inputs.push_back("<cdr>" + repeated("<a><b>", depth));
    inputs.push_back("cdr=%3Ccdr%3E" + repeated("%3Ca%3E", depth));
    inputs.push_back("Content-Type: text/html\r\n\r\n" + repeated("<div><p>", depth));
    std::string parts = "Content-Type: multipart/mixed; boundary=0\r\n";
    for (int i = 0; i < 20'000; ++i)
        parts += fmt::format("\r\n--{}\r\nContent-Type: multipart/mixed; boundary={}\r\n", i, i + 1);
    inputs.push_back(std::move(parts));
    for (const auto& kind : kinds)
        for (const auto& input : inputs)
            for (const char* type : {"application/json", "application/x-www-form-urlencoded", "message/rfc822"}) {
                const auto answer =
                    center.intake.send("POST", "/api/v1/intake/" + kind, input, {{"Content-Type", type}});
                EXPECT_THAT(answer.status, AnyOf(200, 201, 400, 422))
                    << kind << ' ' << input.substr(0, 30) << answer.body;
            }
    expect_alive("inputs of every kind");
}

TEST_F(deep_input, in_what_people_post_names_the_body) {
    for (const auto& value : nasty_values(100'000)) {
        for (const auto& [method, path] : {std::pair{"POST", "/api/v1/queues"},
                                           {"POST", "/api/v1/gateways"},
                                           {"POST", "/api/v1/rules"},
                                           {"PUT", "/api/v1/me/presence"},
                                           {"POST", "/api/v1/simulations"}}) {
            const auto answer = center.admin.send(method, path, R"({"name":"x","settings":)" + value + "}",
                                                  {{"Content-Type", "application/json"}});
            EXPECT_THAT(answer.status, AnyOf(400, 404, 405, 413)) << path << answer.body.substr(0, 300);
        }
        expect_alive("bodies of people");
    }
}

} // namespace
} // namespace switchboard::test
