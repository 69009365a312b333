#include "support/contact_center.hpp"

#include <switchboard/model/audit_entry.hpp>
#include <switchboard/store/audit.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

/// The audit of the door: a row, a line and a counter for each thing that happens there, and no flood of them.
namespace switchboard::test {
namespace {

using nlohmann::json;

class security_record : public testing::Test {
protected:
    contact_center center{[](config& c) {
        c.security_rows_a_minute = 5;
        c.sign_in_wrong_by_address = 30;
    }};

    int sign_in(const std::string& login, const std::string& password) const {
        return center.server.stranger().post("/api/v1/session", {{"login", login}, {"password", password}}).status;
    }
    std::int64_t rows(const std::string& where) const {
        return center.number("SELECT count(*) FROM audit_entry WHERE " + where);
    }
    std::int64_t times(const std::string& where) const {
        return center.number("SELECT coalesce(sum(times), 0) FROM audit_entry WHERE " + where);
    }
};

TEST_F(security_record, knows_the_same_kinds_as_the_database) {
    const auto check = center.sql("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = "
                                  "'audit_entry_what_check'");
    std::set<std::string> in_database, in_code;
    for (std::size_t at = 0; (at = check.find('\'', at)) != check.npos;) {
        const auto end = check.find('\'', at + 1);
        in_database.insert(check.substr(at + 1, end - at - 1));
        at = end + 1;
    }
    for (std::size_t i = 0; i < count_of_audit_kinds(); ++i) in_code.emplace(name_of(static_cast<audit_kind>(i)));
    EXPECT_EQ(in_database, in_code);
}

TEST_F(security_record, tells_every_deed_once) {
    const auto user =
        center.admin
            .post("/api/v1/users",
                  {{"login", "grace"}, {"name", "Grace"}, {"roles", an_agent}, {"password", running_server::password}})
            .json()["id"]
            .get<std::int64_t>();
    const auto about = [&](const std::string& kind) {
        return "what = '" + kind + "' AND user_id = " + std::to_string(user);
    };
    const auto grace = center.server.person("grace"), elsewhere = center.server.person("grace");
    EXPECT_EQ(
        grace.patch("/api/v1/me", {{"password", "a wholly new one"}, {"current_password", running_server::password}})
            .status,
        200);
    EXPECT_EQ(grace.remove("/api/v1/session").status, 204);
    const auto path = "/api/v1/users/" + std::to_string(user);
    EXPECT_EQ(center.admin.patch(path, {{"password", "given by an admin"}}).status, 200);
    EXPECT_EQ(center.admin.patch(path, {{"active", false}}).status, 200);
    EXPECT_EQ(center.admin.patch(path, {{"active", false}}).status, 200) << "again, which is no deed";
    EXPECT_EQ(rows(about("made") + " AND noun = 'user'"), 1);
    EXPECT_EQ(rows(about("signed_in") + " AND address = '127.0.0.1' AND session_id IS NOT NULL"), 2);
    EXPECT_EQ(rows(about("password_changed")), 1);
    EXPECT_EQ(rows(about("session_ended") + " AND details->>'why' = 'password changed'"), 1);
    EXPECT_EQ(rows(about("signed_out")), 1);
    EXPECT_EQ(rows(about("password_reset") + " AND actor_id <> user_id"), 1);
    EXPECT_EQ(rows(about("changed") + " AND changes->'active'->>'after' = 'false'"), 1);

    const auto token = center.admin.post("/api/v1/tokens", {{"name", "t"}, {"scopes", {"read"}}}).json()["id"];
    for (int i = 0; i < 2; ++i) center.admin.remove("/api/v1/tokens/" + std::to_string(token.get<int>()));
    const auto about_token = " AND noun = 'token' AND noun_id = " + std::to_string(token.get<int>());
    EXPECT_EQ(rows("what = 'made'" + about_token), 1);
    EXPECT_EQ(rows("what = 'changed' AND changes ? 'revoked_at'" + about_token), 1);
}

TEST_F(security_record, counts_failures_and_refusals) {
    for (int i = 0; i < 12; ++i) sign_in("admin", "guess");
    eventually([&] { return times("what IN ('sign_in_failed', 'sign_in_refused') AND login = 'admin'") == 12; },
               "twelve tries");
    EXPECT_EQ(times("what = 'sign_in_failed' AND address = '127.0.0.1' AND user_id IS NOT NULL"), 10);
    EXPECT_LE(rows("login = 'admin'"), 4) << "one a minute of each kind";
    const auto metrics = center.server.operators().get("/metrics").body;
    EXPECT_THAT(metrics, testing::HasSubstr("switchboard_security_events_total{kind=\"sign_in_failed\"}"));
    EXPECT_THAT(metrics, testing::HasSubstr("switchboard_security_events_total{kind=\"signed_in\"}"));
}

TEST_F(security_record, keeps_the_number_of_a_flood_and_no_more) {
    for (int i = 0; i < 25; ++i) EXPECT_EQ(sign_in("login" + std::to_string(i), "guess"), 401);
    eventually([&] { return times("what = 'sign_in_failed'") == 25; }, "all are counted");
    EXPECT_LE(rows("what = 'sign_in_failed'"), 2 * (5 + 1)) << "five and a rest in each of two minutes at most";
    EXPECT_GE(times("what = 'sign_in_failed' AND details->>'rest' = 'true'"), 15);
}

TEST_F(security_record, tells_which_bounds_were_hit) {
    const auto queue = center.queue("Website");
    center.gateway("site", "widget", queue);
    const auto ask = [&] { return center.server.stranger().post("/api/v1/chat/site/sessions").status; };
    eventually([&] { return ask() == 429; }, "too many chats of one address");
    const auto told = "what = 'bound_hit' AND details->>'bound' = 'chat_sessions' AND address = '127.0.0.1'";
    eventually([&] { return rows(told) > 0; }, "it is told, and whose it was");
}

TEST_F(security_record, forgets_what_is_too_old) {
    center.sql("INSERT INTO audit_entry (what, at) SELECT 'signed_in', now() - interval '401 days' FROM "
               "generate_series(1, 7)");
    center.sql("INSERT INTO audit_entry (what, at) VALUES ('signed_in', now() - interval '399 days')");
    store::database db{center.server.database_url()};
    store::audit audit{db};
    boost::asio::io_context io;
    const auto forget = [&](std::int64_t most) {
        auto gone = boost::asio::co_spawn(io, audit.forget(std::chrono::days{400}, most), boost::asio::use_future);
        io.restart();
        io.run();
        return gone.get();
    };
    EXPECT_EQ(forget(5), 5);
    EXPECT_EQ(forget(5), 2);
    EXPECT_EQ(rows("at < now() - interval '300 days'"), 1);
}

} // namespace
} // namespace switchboard::test
