#include "support/contact_center.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

/// What rings at a desk, what does not, and what the desk is told of it.
namespace switchboard::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class ringing : public testing::Test {
protected:
    contact_center center{[](config& c) { c.routing_lease = 1; }};
    std::int64_t support = center.queue("Support", {{"ring_s", 600}, {"cool_s", 3600}, {"wrapup_s", 0}});

    ringing() {
        center.gateway("mail", "email", support);
        center.gateway("web", "chat", support);
        center.gateway("pbx", "phone", support);
    }
    std::string state(std::int64_t ticket) const {
        return center.sql("SELECT state FROM ticket WHERE id = " + std::to_string(ticket));
    }
    void becomes(std::int64_t ticket, const std::string& wanted) const {
        eventually([&] { return state(ticket) == wanted; }, std::to_string(ticket) + " is " + wanted);
    }
    static void solve(const seat& who, std::int64_t ticket) {
        ASSERT_EQ(who.act(ticket, "solve", {{"disposition", "resolved"}}).status, 200);
    }
    static json reasons(const client& who, std::int64_t ticket) {
        return who.get("/api/v1/tickets/" + std::to_string(ticket) + "/routing").json();
    }
};

TEST_F(ringing, at_an_agent_with_a_mail_in_hand_are_chats_and_calls) {
    EXPECT_EQ(center.sql("SELECT interruptible FROM queue WHERE name = 'Support'"), "t") << "nobody said otherwise";
    auto ana = center.agent("ana", {support});
    ana.ready();
    const auto mail = center.mail("mail");
    ASSERT_EQ(ana.take()["id"], mail);
    const auto chat = center.chat("web", "s1");
    ASSERT_EQ(ana.take()["id"], chat);
    becomes(mail, "parked");
    EXPECT_EQ(ana.ticket(mail)["owner"]["id"], ana.id);
    solve(ana, chat);
    becomes(mail, "active");
    const auto call = center.call("pbx");
    ASSERT_EQ(ana.take()["id"], call);
    becomes(mail, "parked");
    solve(ana, call);
    becomes(mail, "active");
    solve(ana, mail);
    EXPECT_EQ(center.sql("SELECT sum(used) FROM agent_load WHERE agent_id = " + std::to_string(ana.id)), "0");
}

TEST_F(ringing, keeps_to_a_queue_that_says_its_mail_may_not_be_put_aside) {
    ASSERT_EQ(center.admin.patch("/api/v1/queues/" + std::to_string(support), {{"interruptible", false}}).status, 200);
    auto ana = center.agent("ana", {support});
    auto ben = center.agent("ben", {support});
    ana.ready();
    const auto mail = center.mail("mail");
    ASSERT_EQ(ana.take()["id"], mail);
    const auto call = center.call("pbx");
    ben.ready();
    EXPECT_EQ(ben.take()["id"], call);
    EXPECT_EQ(state(mail), "active");
}

TEST_F(ringing, of_mail_is_one_at_a_time_when_an_agent_logs_in_to_four) {
    std::vector<std::int64_t> mails;
    for (int i = 0; i < 4; ++i) mails.push_back(center.mail("mail", std::to_string(i) + "@example.com"));
    auto ana = center.agent("ana", {support});
    ana.ready();
    const auto first = ana.offered();
    EXPECT_EQ(first["ticket"]["id"], mails[0]);
    const auto chat = center.chat("web", "s1");
    EXPECT_EQ(ana.take()["id"], chat) << "the next thing that rings; the other mails do not";
    solve(ana, chat);
    EXPECT_EQ(ana.offered()["ticket"]["id"], mails[0]) << "it was taken back for the chat and comes first again";
    EXPECT_EQ(ana.work()["offers"].size(), 1);
    const auto why = reasons(ana.http, mails[1]);
    EXPECT_THAT(why["words"].dump(), HasSubstr("could take it, but another offer rings there first."));
    EXPECT_EQ(why["waiting"]["excluded"],
              json::array({{{"reason", "ringing"}, {"agents", 1}, {"which", json::array()}}}));
}

TEST_F(ringing, does_not_begin_again_at_the_only_agent_who_declined) {
    auto ana = center.agent("ana", {support});
    ana.ready();
    const auto mail = center.mail("mail");
    ASSERT_EQ(ana.decline(ana.offered()).status, 200);
    const auto other = center.mail("mail", "bob@example.com");
    EXPECT_EQ(ana.take()["id"], other) << "another question may be asked";
    EXPECT_EQ(state(mail), "waiting");

    const auto of = [&](const json& explanation, const char* source) {
        EXPECT_EQ(explanation["waiting"]["source"], source);
        EXPECT_THAT(explanation["words"].dump(), HasSubstr("ana declined it "));
        EXPECT_THAT(explanation["words"].dump(), HasSubstr(" and is asked again in "));
        const auto almost = explanation["waiting"]["almost"];
        ASSERT_EQ(almost.size(), 1);
        EXPECT_FALSE(almost[0]["asked_again_at"].is_null());
        EXPECT_FALSE(almost[0]["declined_at"].is_null());
    };
    of(reasons(ana.http, mail), "live");
    running_server heir{[](config& c) { c.routing_lease = 1; }, center.server};
    of(reasons(heir.person("admin"), mail), "database");

    auto ben = center.agent("ben", {support});
    ben.ready();
    EXPECT_EQ(ben.take()["id"], mail) << "who has not refused it is asked";
}

TEST_F(ringing, tells_the_desk_why_nothing_comes) {
    auto ana = center.agent("ana", {support},
                            {{"channels", json::array({{{"channel", "phone"}, {"capacity", 1}, {"weight", 100}}})}});
    const auto now_is = [&] { return ana.work()["availability"]["state"]; };
    EXPECT_EQ(now_is(), "offline");
    ana.ready();
    EXPECT_EQ(now_is(), "ready");
    EXPECT_TRUE(ana.work()["availability"]["until"].is_null());
    const auto call = center.call("pbx");
    ASSERT_EQ(ana.decline(ana.offered()).status, 200);
    EXPECT_EQ(now_is(), "cooling");
    EXPECT_FALSE(ana.work()["availability"]["until"].is_null());
    ASSERT_EQ(ana.act(call, "claim").status, 200);
    EXPECT_EQ(now_is(), "full");
    ASSERT_EQ(center.admin.patch("/api/v1/queues/" + std::to_string(support), {{"wrapup_s", 600}}).status, 200);
    solve(ana, call);
    EXPECT_EQ(now_is(), "wrap_up");
    EXPECT_FALSE(ana.work()["availability"]["until"].is_null());
    ASSERT_EQ(ana.act(call, "wrapup-done").status, 200);
    EXPECT_EQ(now_is(), "ready");
    ana.presence({{"state", "not_ready"}, {"reason", "lunch"}});
    EXPECT_EQ(now_is(), "not_ready");
}

} // namespace
} // namespace switchboard::test
