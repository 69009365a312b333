#include "support/contact_center.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

/// Authority ends when it ends: on both of two nodes, over HTTP and on the live feed, within two seconds.
namespace switchboard::test {
namespace {

using nlohmann::json;
using steady = std::chrono::steady_clock;

/// A visitor's new chat, once the node has heard of the gateway.
json begin_chat(const running_server& server) {
    http_answer answer;
    const auto ask = [&] { return server.stranger().post("/api/v1/chat/site/sessions", {{"name", "Ada"}}); };
    eventually([&] { return (answer = ask()).status == 201; }, "the node knows the gateway");
    return answer.json();
}

class authority_ends : public testing::Test {
protected:
    static void SetUpTestSuite() {
        center = std::make_unique<contact_center>();
        other = std::make_unique<running_server>(nullptr, center->server);
    }
    static void TearDownTestSuite() {
        other.reset();
        center.reset();
    }

    /// Somebody's feed on the other node, open and live, and a request there, so that the node remembers who asks.
    static websocket_client feed_elsewhere(const client& who) {
        EXPECT_NE(there(who).get("/api/v1/queues").status, 401);
        websocket_client feed{other->port(), "/api/v1/live", who.identity};
        feed.send({{"type", "hello"}, {"after", nullptr}});
        feed.until("welcome");
        return feed;
    }
    static client there(const client& who) {
        auto same = other->stranger();
        same.identity = who.identity;
        return same;
    }

    /// The feed closes with 4401, and requests there are refused, within two seconds of now.
    static void expect_end(websocket_client& feed, const client& who) {
        const auto began = steady::now();
        while (feed.next()) {
        }
        EXPECT_EQ(feed.close_code(), 4401);
        EXPECT_LT(steady::now() - began, std::chrono::seconds{2});
        EXPECT_EQ(there(who).get("/api/v1/queues").status, 401);
        EXPECT_EQ(upgrade_answer(other->port(), "/api/v1/live", who.identity), 401);
    }

    static std::int64_t id_of(const client& who) {
        return who.get("/api/v1/session").json()["user"]["id"].get<std::int64_t>();
    }
    /// Somebody of this test alone.
    static client somebody(const std::string& login) {
        center->admin.post(
            "/api/v1/users",
            {{"login", login}, {"name", login}, {"roles", an_agent}, {"password", running_server::password}});
        return center->server.person(login);
    }

    static inline std::unique_ptr<contact_center> center;
    static inline std::unique_ptr<running_server> other;
};

TEST_F(authority_ends, with_signing_out) {
    const auto who = somebody("out");
    auto feed = feed_elsewhere(who);
    ASSERT_EQ(who.remove("/api/v1/session").status, 204);
    expect_end(feed, who);
}

TEST_F(authority_ends, with_a_new_password_everywhere_but_here) {
    const auto who = somebody("changer");
    const auto elsewhere = center->server.person("changer");
    auto feed = feed_elsewhere(elsewhere), kept = feed_elsewhere(who);
    ASSERT_EQ(
        who.patch("/api/v1/me", {{"password", "a wholly new one"}, {"current_password", running_server::password}})
            .status,
        200);
    expect_end(feed, elsewhere);
    EXPECT_EQ(there(who).get("/api/v1/queues").status, 200);
    ASSERT_EQ(center->admin.post("/api/v1/skills", {{"name", "still told"}}).status, 201);
    kept.until("config.changed");
}

TEST_F(authority_ends, with_an_admins_reset) {
    const auto who = somebody("reset");
    auto feed = feed_elsewhere(who);
    ASSERT_EQ(
        center->admin.patch("/api/v1/users/" + std::to_string(id_of(who)), {{"password", "given by an admin"}}).status,
        200);
    expect_end(feed, who);
}

TEST_F(authority_ends, with_the_person) {
    const auto who = somebody("leaver");
    auto feed = feed_elsewhere(who);
    ASSERT_EQ(center->admin.patch("/api/v1/users/" + std::to_string(id_of(who)), {{"active", false}}).status, 200);
    expect_end(feed, who);
}

TEST_F(authority_ends, with_a_session_that_is_idle_too_long) {
    const auto who = somebody("idle");
    auto feed = feed_elsewhere(who);
    center->sql("UPDATE session SET expires_at = now() WHERE user_id = " + std::to_string(id_of(who)));
    expect_end(feed, who);
}

TEST_F(authority_ends, with_the_token) {
    const auto made = center->admin.post("/api/v1/tokens", {{"name", "t"}, {"scopes", {"read"}}}).json();
    auto machine = center->server.stranger();
    machine.identity = {{"Authorization", "Bearer " + made["token"].get<std::string>()}};
    auto feed = feed_elsewhere(machine);
    ASSERT_EQ(center->admin.remove("/api/v1/tokens/" + std::to_string(made["id"].get<int>())).status, 204);
    expect_end(feed, machine);
}

TEST_F(authority_ends, with_a_tokens_time) {
    const auto refused = center->admin.post(
        "/api/v1/tokens", {{"name", "t"}, {"scopes", {"read"}}, {"expires_at", "2020-01-01T00:00:00Z"}});
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.json()["errors"][0]["field"], "expires_at");

    const auto made =
        center->admin
            .post("/api/v1/tokens", {{"name", "t"}, {"scopes", {"read"}}, {"expires_at", "2099-01-01T00:00:00Z"}})
            .json();
    EXPECT_THAT(made["expires_at"].get<std::string>(), testing::StartsWith("2099-01-01"));
    auto machine = center->server.stranger();
    machine.identity = {{"Authorization", "Bearer " + made["token"].get<std::string>()}};
    auto feed = feed_elsewhere(machine);
    center->sql("UPDATE token SET expires_at = now() WHERE id = " + std::to_string(made["id"].get<int>()));
    expect_end(feed, machine);
}

TEST_F(authority_ends, one_by_one_and_all_together) {
    const auto desk = somebody("grace");
    const auto phone = center->server.person("grace"), tablet = center->server.person("grace");
    const auto list = desk.get("/api/v1/me/sessions", {{"User-Agent", "unused"}}).json()["items"];
    ASSERT_EQ(list.size(), 3U) << list.dump();
    EXPECT_FALSE(list[0]["current"]);
    EXPECT_TRUE(list[2]["current"]) << "the newest first";
    EXPECT_EQ(list[0]["address"], "127.0.0.1");
    EXPECT_TRUE(list[0].contains("user_agent") && list[0].contains("created_at") && list[0].contains("last_seen_at"));

    const auto id = [](const json& s) { return std::to_string(s["id"].get<int>()); };
    EXPECT_EQ(somebody("mallory").remove("/api/v1/me/sessions/" + id(list[0])).status, 404) << "only one's own";
    auto feed = feed_elsewhere(tablet), second = feed_elsewhere(phone);
    EXPECT_EQ(desk.remove("/api/v1/me/sessions/" + id(list[0])).status, 204);
    expect_end(feed, tablet);
    EXPECT_EQ(phone.get("/api/v1/queues").status, 200);

    EXPECT_EQ(desk.remove("/api/v1/me/sessions").status, 204);
    expect_end(second, phone);
    EXPECT_EQ(desk.get("/api/v1/me/sessions").json()["items"].size(), 1U);
}

TEST_F(authority_ends, at_the_latest_after_a_sessions_whole_life) {
    const auto who = somebody("busy");
    const auto mine = " WHERE user_id = " + std::to_string(id_of(who));
    EXPECT_EQ(center->sql("SELECT ends_at - created_at" + std::string{" FROM session"} + mine), "7 days");
    // It is seen again after a while, near its end: it slides no further.
    center->sql("UPDATE session SET last_seen_at = now() - interval '2 minutes', expires_at = now() + interval "
                "'1 minute', ends_at = now() + interval '1 hour'" +
                mine);
    EXPECT_EQ(there(who).get("/api/v1/queues").status, 200);
    EXPECT_EQ(center->sql("SELECT expires_at = ends_at FROM session" + mine), "t");
    EXPECT_EQ(center->sql("SELECT last_seen_at > now() - interval '10 seconds' FROM session" + mine), "t");
}

TEST_F(authority_ends, before_a_person_has_too_many) {
    const auto first = somebody("script");
    const auto user = std::to_string(id_of(first));
    center->sql("INSERT INTO session (token_hash, user_id, csrf_token, expires_at, last_seen_at) SELECT 'x' || i, " +
                user + ", '', now() + interval '1 hour', now() + interval '1 minute' FROM generate_series(1, 49) i");
    const auto newest = center->server.person("script");
    EXPECT_EQ(newest.get("/api/v1/me/sessions").json()["items"].size(), 50U);
    EXPECT_EQ(there(first).get("/api/v1/queues").status, 401) << "the one that rested longest";
}

TEST_F(authority_ends, with_a_chat_sessions_time) {
    const auto queue = center->queue("Website");
    center->gateway("site", "widget", queue);
    begin_chat(center->server);
    const auto begun = begin_chat(*other);
    const json hello{{"type", "hello"}, {"session", begun["session"]}, {"token", begun["token"]}, {"last_seq", 0}};
    websocket_client visitor{other->port(), "/api/v1/chat/site/live"};
    visitor.send(hello);
    visitor.until("welcome");
    visitor.send({{"type", "message"},
                  {"client_msg_id", "00000000-0000-4000-8000-000000000001"},
                  {"text", "Is anybody there?"}});
    visitor.until("ack");

    const auto session = "'" + begun["session"].get<std::string>() + "'";
    const auto age = [&](const std::string& hours) {
        center->sql("UPDATE contact SET received_at = now() - interval '" + hours +
                    " hours' WHERE thread_key = " + session);
        center->sql("UPDATE chat_session SET created_at = now() - interval '100 hours' WHERE id = " + session);
    };
    age("71"); // the newest message counts, not the beginning
    websocket_client again{center->server.port(), "/api/v1/chat/site/live"};
    again.send(hello);
    again.until("welcome");

    age("73");
    websocket_client late{center->server.port(), "/api/v1/chat/site/live"};
    late.send(hello);
    while (late.next()) {
    }
    EXPECT_EQ(late.close_code(), 1008);
    EXPECT_THAT(late.seen.back()["detail"].get<std::string>(), testing::HasSubstr("no such session"))
        << "on which the widget begins a new one";
}

TEST(chat_session, that_expires_while_it_is_open_is_closed) {
    contact_center center{[](config& c) { c.chat_session_hours = 1; }};
    const auto queue = center.queue("Website");
    center.gateway("site", "widget", queue);
    const auto begun = begin_chat(center.server);
    const auto session = "'" + begun["session"].get<std::string>() + "'";
    center.sql("UPDATE chat_session SET created_at = now() - interval '3597 seconds' WHERE id = " + session);
    websocket_client visitor{center.server.port(), "/api/v1/chat/site/live"};
    visitor.send({{"type", "hello"}, {"session", begun["session"]}, {"token", begun["token"]}, {"last_seq", 0}});
    visitor.until("welcome");
    while (visitor.next()) {
    }
    EXPECT_EQ(visitor.close_code(), 1008);
}

} // namespace
} // namespace switchboard::test
