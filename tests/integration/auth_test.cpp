#include "support/running_server.hpp"

#include <switchboard/util/hash.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard::test {
namespace {

class auth : public testing::Test {
protected:
    static void SetUpTestSuite() {
        // The bounds of addresses and of all are in auth_budget.cpp; here many guess from one.
        server = std::make_unique<running_server>([](config& c) { c.sign_in_wrong_by_address = 1000; });
    }
    static void TearDownTestSuite() { server.reset(); }
    static inline std::unique_ptr<running_server> server;
};

TEST_F(auth, signs_in_and_out) {
    const auto agent = server->person("agent");
    const auto session = agent.get("/api/v1/session");
    EXPECT_EQ(session.status, 200);
    EXPECT_EQ(session.json()["user"]["login"], "agent");
    EXPECT_EQ(session.json()["user"]["roles"], an_agent);

    EXPECT_EQ(agent.remove("/api/v1/session").status, 204);
    EXPECT_EQ(agent.get("/api/v1/session").status, 401);
}

TEST_F(auth, gives_a_cookie_that_scripts_cannot_read) {
    const auto answer =
        server->stranger().post("/api/v1/session", {{"login", "AGENT"}, {"password", running_server::password}});
    EXPECT_THAT(answer.header("set-cookie"),
                testing::AllOf(testing::HasSubstr("HttpOnly"), testing::HasSubstr("SameSite=Lax"),
                               testing::HasSubstr("Path=/")));
}

TEST_F(auth, says_the_same_of_a_wrong_login_and_a_wrong_password) {
    const auto wrong_password = server->stranger().post("/api/v1/session", {{"login", "agent"}, {"password", "no"}});
    const auto wrong_login = server->stranger().post("/api/v1/session", {{"login", "nobody"}, {"password", "no"}});
    EXPECT_EQ(wrong_password.status, 401);
    EXPECT_EQ(wrong_login.status, 401);
    EXPECT_EQ(wrong_password.json()["detail"], wrong_login.json()["detail"]);
}

TEST_F(auth, stops_guessing_after_ten_wrong_passwords) {
    const auto guess = [&](const char* login) {
        return server->stranger().post("/api/v1/session", {{"login", login}, {"password", "guess"}}).status;
    };
    for (int i = 0; i < 10; ++i) EXPECT_EQ(guess("victim"), 401) << i;
    const auto refused = server->stranger().post("/api/v1/session", {{"login", "Victim"}, {"password", "guess"}});
    EXPECT_EQ(refused.status, 429);
    const auto wait = std::stoi(refused.header("retry-after"));
    EXPECT_GT(wait, 0);
    EXPECT_LE(wait, 30) << "one is forgotten each half minute";
    EXPECT_EQ(guess("somebody else"), 401);
}

TEST_F(auth, asks_for_the_csrf_token) {
    auto admin = server->person("admin");
    const auto token = admin.identity.back();
    admin.identity.pop_back();
    EXPECT_EQ(admin.get("/api/v1/skills").status, 200);
    EXPECT_EQ(admin.post("/api/v1/skills", {{"name", "csrf"}}).status, 403);
    EXPECT_EQ(admin.post("/api/v1/skills", {{"name", "csrf"}}, {{"X-CSRF-Token", std::string(32, '0')}}).status, 403);
    EXPECT_EQ(admin.post("/api/v1/skills", {{"name", "csrf"}}, {token}).status, 201);
}

TEST_F(auth, takes_a_token_only_while_it_is_good) {
    const auto admin = server->person("admin");
    const auto made = admin.post("/api/v1/tokens", {{"name", "short"}, {"scopes", {"read"}}}).json();
    auto machine = server->stranger();
    machine.identity = {{"Authorization", "Bearer " + made["token"].get<std::string>()}};
    EXPECT_EQ(machine.get("/api/v1/queues").status, 200);
    // Some machines can only sign in by login and password: the token is the password, whatever the login.
    machine.identity = {{"Authorization", "Basic " + base64("freeswitch:" + made["token"].get<std::string>())}};
    EXPECT_EQ(machine.get("/api/v1/queues").status, 200);
    EXPECT_EQ(admin.remove("/api/v1/tokens/" + std::to_string(made["id"].get<int>())).status, 204);
    EXPECT_EQ(machine.get("/api/v1/queues").status, 401);

    for (const auto* wrong : {"Bearer", "Bearer ", "Bearer sb_nothing", "Basic YWRtaW46YWRtaW4="}) {
        machine.identity = {{"Authorization", wrong}};
        EXPECT_EQ(machine.get("/api/v1/queues").status, 401) << wrong;
    }
    for (const auto& token : admin.get("/api/v1/tokens").json()["items"]) EXPECT_FALSE(token.contains("token"));
}

TEST_F(auth, ends_the_sessions_of_who_leaves) {
    const auto admin = server->person("admin");
    const auto id =
        admin
            .post(
                "/api/v1/users",
                {{"login", "leaver"}, {"name", "Leaver"}, {"roles", an_agent}, {"password", running_server::password}})
            .json()["id"]
            .get<int>();
    const auto leaver = server->person("leaver");
    EXPECT_EQ(leaver.get("/api/v1/me/work").status, 200);
    EXPECT_EQ(admin.patch("/api/v1/users/" + std::to_string(id), {{"active", false}}).status, 200);
    EXPECT_EQ(leaver.get("/api/v1/me/work").status, 401);
    EXPECT_EQ(server->stranger()
                  .post("/api/v1/session", {{"login", "leaver"}, {"password", running_server::password}})
                  .status,
              401);
}

TEST_F(auth, changes_a_password_only_with_the_old_one) {
    const auto admin = server->person("admin");
    admin.post("/api/v1/users",
               {{"login", "changer"}, {"name", "C"}, {"roles", an_agent}, {"password", running_server::password}});
    const auto here = server->person("changer"), elsewhere = server->person("changer");
    EXPECT_EQ(here.patch("/api/v1/me", {{"password", "a wholly new one"}}).status, 422);
    EXPECT_EQ(here.patch("/api/v1/me", {{"password", "a wholly new one"}, {"current_password", "wrong"}}).status, 422);
    EXPECT_EQ(
        here.patch("/api/v1/me", {{"password", "a wholly new one"}, {"current_password", running_server::password}})
            .status,
        200);
    EXPECT_EQ(here.get("/api/v1/session").status, 200);
    EXPECT_EQ(elsewhere.get("/api/v1/session").status, 401) << "other sessions end";
    EXPECT_EQ(
        server->stranger().post("/api/v1/session", {{"login", "changer"}, {"password", "a wholly new one"}}).status,
        200);
}

TEST_F(auth, shows_gateway_secrets_to_nobody) {
    const auto admin = server->person("admin");
    const auto queue = admin.post("/api/v1/queues", {{"name", "Secret keepers"}}).json()["id"];
    const auto made =
        admin.post("/api/v1/gateways", {{"name", "secretive"},
                                        {"kind", "phone"},
                                        {"queue_id", queue},
                                        {"settings", {{"secret", "hush"}, {"timezone", "Europe/Berlin"}}}});
    ASSERT_EQ(made.status, 201) << made.body;
    const auto path = "/api/v1/gateways/" + std::to_string(made.json()["id"].get<int>());
    for (const auto* login : {"admin", "supervisor"}) {
        const auto seen = server->person(login).get(path).json()["settings"];
        EXPECT_EQ(seen["secret"]["set"], true);
        EXPECT_EQ(seen.dump().find("hush"), std::string::npos);
        EXPECT_EQ(seen["timezone"], "Europe/Berlin");
    }
}

} // namespace
} // namespace switchboard::test
