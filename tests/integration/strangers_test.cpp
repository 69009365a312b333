// What strangers may cost, over real sockets: those who are known go on as before.
#include "support/contact_center.hpp"
#include "support/mail_client.hpp"
#include "support/raw_socket.hpp"
#include "support/spawned_server.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <deque>
#include <optional>

namespace switchboard::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr auto site = "/api/v1/chat/site/live";
const headers from_site{{"Origin", "https://shop.example"}};

json new_session(std::uint16_t port) {
    const auto answer = client{port}.post("/api/v1/chat/site/sessions", {{"name", "Ada"}});
    EXPECT_EQ(answer.status, 201) << answer.body;
    return answer.json();
}

/// Asks for a chat socket and leaves it silent; the status of the answer.
int knock(raw_socket& s) {
    s.send(fmt::format("GET {} HTTP/1.1\r\nHost: x\r\nOrigin: https://shop.example\r\nConnection: Upgrade\r\n"
                       "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                       "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                       site));
    const auto answer = s.read_some();
    return answer.starts_with("HTTP/1.1 ") ? std::stoi(answer.substr(9, 3)) : 0;
}
int knock(std::uint16_t port) {
    raw_socket s{port};
    return knock(s);
}

json hello(const json& session) {
    return {{"type", "hello"}, {"session", session["session"]}, {"token", session["token"]}, {"last_seq", 0}};
}

double bound_hit(const client& operators, const std::string& name) {
    const auto text = operators.get("/metrics").body;
    const auto line = "switchboard_bounds_hit_total{bound=\"" + name + "\"} ";
    const auto at = text.find(line);
    return at == text.npos ? -1 : std::stod(text.substr(at + line.size()));
}

struct strangers : testing::Test {
    void begin(const std::function<void(config&)>& adjust = {}) {
        center.emplace(adjust);
        const auto queue = center->queue("help");
        center->gateway("site", "widget", queue);
        center->gateway("help", "email", queue, {{"settings", {{"own_addresses", {"help@shop.example"}}}}});
        port = center->server.port();
    }

    std::optional<contact_center> center;
    std::uint16_t port = 0;
};

TEST_F(strangers, are_answered_401_before_their_body) {
    begin();
    for (const auto* path : {"/api/v1/intake/help", "/api/v1/tickets/1/replies", "/api/v1/gateways"}) {
        raw_socket s{port};
        s.send(fmt::format("POST {} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer guessed\r\nContent-Length: "
                           "1000000\r\nExpect: 100-continue\r\n\r\n",
                           path));
        EXPECT_THAT(s.read_to_end(), testing::StartsWith("HTTP/1.1 401 ")) << path;
    }
    raw_socket s{port};
    s.send(fmt::format("POST /api/v1/users HTTP/1.1\r\nHost: x\r\nAuthorization: {}\r\nContent-Length: 1000\r\n\r\n",
                       center->intake.identity.front().second));
    EXPECT_THAT(s.read_to_end(), testing::StartsWith("HTTP/1.1 403 "));
    EXPECT_EQ(center->intake
                  .send("POST", "/api/v1/intake/help", "From: a@example.com\r\n\r\nhi\r\n",
                        {{"Content-Type", "message/rfc822"}})
                  .status,
              201);
}

TEST_F(strangers, with_large_bodies_leave_room_for_gateways_and_for_signing_in) {
    begin([](config& c) {
        c.server_max_buffered_mb = 16;
        c.strangers_bodies_percent = 50;
        c.strangers_bodies_per_address_mb = 8;
    });
    std::deque<raw_socket> holding;
    const std::string much(6u << 20, 'x');
    for (int i = 0; i < 11; ++i) {
        auto& s = holding.emplace_back(port);
        s.send("POST /api/v1/hooks/shop HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n"
               "Content-Length: 7000000\r\n\r\n");
        s.send_what_fits(much);
    }
    eventually([&] { return bound_hit(center->server.operators(), "bodies") > 0; }, "strangers' bodies are refused");
    EXPECT_EQ(center->intake
                  .send("POST", "/api/v1/intake/help",
                        "From: a@example.com\r\n\r\n" + std::string(5u << 20, 'y') + "\r\n",
                        {{"Content-Type", "message/rfc822"}})
                  .status,
              201);
    EXPECT_EQ(center->server.person("agent").get("/api/v1/me/work").status / 100, 2);
}

TEST_F(strangers, who_only_hold_sockets_keep_nobody_of_their_address_out) {
    begin([](config& c) {
        c.server_max_connections = 100;
        c.strangers_sockets_per_address = 20;
    });
    auto agent = center->sign_in("agent");
    std::deque<raw_socket> silent;
    for (int i = 0; i < 150; ++i) silent.emplace_back(port);
    EXPECT_EQ(center->admin.get("/api/v1/queues").status, 200);
    EXPECT_EQ(center->server.person("agent").get("/api/v1/session").status, 200);
    center->mail("help", "ada@example.com", "kettle");
    EXPECT_GE(bound_hit(center->server.operators(), "stranger_sockets"), 100);
}

TEST_F(strangers, that_say_no_hello_are_sent_away) {
    begin([](config& c) { c.server_hello_timeout = 1; });
    const auto session = new_session(port);
    websocket_client silent{port, site, from_site}, wrong{port, site, from_site}, greeted{port, site, from_site};
    websocket_client feed{port, "/api/v1/live", center->server.person("agent").identity};
    auto seated = center->sign_in("supervisor");
    greeted.send(hello(session));
    greeted.until("welcome");
    wrong.send({{"type", "typing"}});
    wrong.until("error");
    for (auto* gone : {&silent, &wrong, &feed}) {
        while (gone->next()) {
        }
        EXPECT_EQ(gone->close_code(), 1008);
    }
    greeted.send({{"type", "message"}, {"client_msg_id", "5a1f0c9e-3d41-4b7a-9c55-000000000001"}, {"text", "hello?"}});
    greeted.until("ack");
    center->mail("help", "ada@example.com", "kettle");
    seated.live.until("contact.received");
}

TEST_F(strangers, have_so_many_chat_sockets_by_address) {
    begin([](config& c) { c.strangers_chat_sockets_per_address = 3; });
    {
        std::deque<websocket_client> open;
        for (int i = 0; i < 3; ++i) open.emplace_back(port, site, from_site);
        EXPECT_EQ(knock(port), 429);
        center->sign_in("agent"); // a known one's feed is no stranger's socket
    }
    eventually([&] { return knock(port) == 101; }, "the places are free again");
    EXPECT_GE(bound_hit(center->server.operators(), "chat_sockets"), 1);
}

TEST_F(strangers, may_knock_so_often) {
    begin([](config& c) {
        c.strangers_chat_handshakes_per_address = 5;
        c.strangers_chat_sessions_per_address = 2;
    });
    for (int i = 0; i < 5; ++i) EXPECT_EQ(knock(port), 101);
    EXPECT_EQ(knock(port), 429);
    for (int i = 0; i < 2; ++i) new_session(port);
    const auto refused = client{port}.post("/api/v1/chat/site/sessions");
    EXPECT_EQ(refused.status, 429);
    EXPECT_GE(std::stoi(refused.header("retry-after")), 1);
    EXPECT_EQ(bound_hit(center->server.operators(), "chat_handshakes"), 1);
    EXPECT_EQ(bound_hit(center->server.operators(), "chat_sessions"), 1);
}

TEST_F(strangers, may_send_so_many_files) {
    begin([](config& c) { c.strangers_chat_files_per_address_mb = 1; }); // four small ones
    const auto session = new_session(port);
    const auto send = [&](int n) {
        return client{port}.post("/api/v1/chat/site/sessions/" + session["session"].get<std::string>() + "/messages",
                                 {{"type", "message"},
                                  {"client_msg_id", "5a1f0c9e-3d41-4b7a-9c55-00000000000" + std::to_string(n)},
                                  {"attachments", {{{"name", "a"}, {"type", "b/c"}, {"content", "YQ=="}}}}},
                                 {{"Chat-Token", session["token"].get<std::string>()}});
    };
    for (int i = 0; i < 4; ++i) EXPECT_EQ(send(i).status, 201);
    const auto refused = send(4);
    EXPECT_EQ(refused.status, 429);
    EXPECT_GE(std::stoi(refused.header("retry-after")), 1);
    EXPECT_EQ(bound_hit(center->server.operators(), "chat_files"), 1);
}

TEST_F(strangers, of_one_session_share_its_messages_whatever_their_sockets) {
    begin([](config& c) { c.strangers_chat_sockets_per_session = 6; });
    const auto session = new_session(port);
    std::deque<websocket_client> windows;
    for (int i = 0; i < 6; ++i) {
        windows.emplace_back(port, site, from_site).send(hello(session));
        windows.back().until("welcome");
    }
    websocket_client one_too_many{port, site, from_site};
    one_too_many.send(hello(session));
    while (one_too_many.next()) {
    }
    EXPECT_EQ(one_too_many.close_code(), 1008);

    const auto begun = std::chrono::steady_clock::now();
    int taken = 0, refused = 0, n = 0;
    for (int round = 0; round < 5; ++round)
        for (auto& w : windows) {
            w.send({{"type", "message"},
                    {"client_msg_id", fmt::format("5a1f0c9e-3d41-4b7a-9c55-{:012}", ++n)},
                    {"text", "buy"}});
            const auto answer = w.until([](const json& f) { return f["type"] == "ack" || f["type"] == "error"; });
            ++(answer["type"] == "ack" ? taken : refused);
            if (answer["type"] == "error") EXPECT_GE(answer["retry_after_s"], 1);
        }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    EXPECT_GE(taken, 10);
    EXPECT_LE(taken, 11 + static_cast<int>(took.count())); // ten at once, then one a second
    EXPECT_EQ(taken + refused, 30);
    EXPECT_EQ(std::stoi(center->sql("SELECT count(*) FROM contact WHERE channel = 'chat'")), taken);
}

TEST_F(strangers, that_flood_a_chat_with_frames_are_closed) {
    begin([](config& c) { c.strangers_chat_frames_per_address = 30; });
    websocket_client flood{port, site, from_site};
    for (int i = 0; i < 40; ++i) flood.send({{"type", "typing"}});
    while (flood.next()) {
    }
    EXPECT_EQ(flood.close_code(), 1008);
    EXPECT_GE(bound_hit(center->server.operators(), "chat_frames"), 1);
}

// --- The limit on open files ----------------------------------------------------------------------------------------

std::string output_of(const std::string& command) {
    std::string out;
    auto* pipe = ::popen(command.c_str(), "r");
    for (std::array<char, 4096> bytes; std::fgets(bytes.data(), bytes.size(), pipe) != nullptr;) out += bytes.data();
    ::pclose(pipe);
    return out;
}

struct a_small_machine : testing::Test {
    a_small_machine() {
        const auto queue = center.queue("help");
        center.gateway("site", "widget", queue);
        center.gateway("help", "email", queue, {{"settings", {{"own_addresses", {"help@shop.example"}}}}});
    }
    spawned_server::environment environment() const {
        return {{"SWITCHBOARD_DATABASE_URL", center.server.database_url()},
                {"SWITCHBOARD_MAIL_LMTP_LISTEN", fmt::format("127.0.0.1:{}", lmtp_port)},
                {"SWITCHBOARD_LOG_LEVEL", "warn"}};
    }

    contact_center center;
    const std::uint16_t lmtp_port = free_port();
};

TEST_F(a_small_machine, serves_while_a_thousand_chat_sockets_are_silent) {
    const spawned_server server{{"serve"}, environment(), 1024};
    std::deque<raw_socket> silent;
    int let_in = 0;
    for (int i = 0; i < 1000; ++i) {
        auto& s = silent.emplace_back(server.port());
        let_in += knock(s) == 101;
    }
    EXPECT_EQ(let_in, 100);
    EXPECT_EQ(send_request(server.port(), "POST", "/api/v1/intake/help", "From: a@example.com\r\n\r\nhi\r\n",
                           {center.intake.identity.front(), {"Content-Type", "message/rfc822"}})
                  .status,
              201);
    mail_client relay{lmtp_port};
    relay.greet();
    EXPECT_THAT(relay.deliver("a@example.com", {"help@shop.example"}, "Subject: hi\r\n\r\nhi\r\n"),
                testing::ElementsAre(testing::StartsWith("250 ")));
}

TEST_F(a_small_machine, does_not_start_when_it_cannot_hold_what_it_was_told_to) {
    std::string command = "ulimit -n 1024; SWITCHBOARD_SERVER_MAX_CONNECTIONS=5000";
    for (const auto& [name, value] : environment()) command += fmt::format(" {}='{}'", name, value);
    const auto said = output_of(command + " exec " + spawned_server::program() + " serve 2>&1");
    EXPECT_THAT(said, testing::AllOf(HasSubstr("server.max_connections is 5000"), HasSubstr("the limit is 1024")));
}

} // namespace
} // namespace switchboard::test
