#include "support/contact_center.hpp"

#include <gtest/gtest.h>

#include <future>
#include <optional>

/// A queue that offers each ticket to two at once: the first who accepts has it.
namespace switchboard::test {
namespace {

using nlohmann::json;

class fan_out : public testing::Test {
protected:
    static void short_lease(config& c) { c.routing_lease = 1; }

    contact_center center{short_lease};
    const std::int64_t queue = center.queue("Support", {{"ring_s", 600}, {"cool_s", 3600}, {"fan_out", 2}});
    seat ana, ben;

    fan_out() : ana{center.agent("ana", {queue})}, ben{center.agent("ben", {queue})} {
        center.gateway("line", "phone", queue);
    }
    void all_ready() {
        ana.ready();
        ben.ready();
        while (ben.live.until("presence.changed")["data"]["presence"]["agent_id"] != ben.id) {
        } // routing has heard of it too: a call that comes first rings at those who are there then
    }
    std::string state(std::int64_t ticket) const {
        return center.sql("SELECT state FROM ticket WHERE id = " + std::to_string(ticket));
    }
    /// What is in anybody's hands, of items and of units.
    std::string load() const { return center.sql("SELECT sum(used) FROM agent_load WHERE channel IN ('phone', '*')"); }
};

TEST_F(fan_out, rings_at_both_and_is_the_first_ones) {
    all_ready();
    const auto ticket = center.call("line");
    const auto to_ana = ana.offered(), to_ben = ben.offered();
    EXPECT_EQ(to_ana["ticket"]["id"], ticket);
    EXPECT_EQ(to_ben["ticket"]["id"], ticket);
    EXPECT_EQ(load(), "202") << "it takes room with both";

    EXPECT_EQ(ben.accept(to_ben).status, 200);
    const auto ended = ana.live.until("offer.rescinded")["data"];
    EXPECT_EQ(ended["offer_id"], to_ana["id"]);
    EXPECT_EQ(ended["reason"], "somebody else was quicker");
    EXPECT_EQ(ended["ticket"]["owner"]["id"], ben.id);
    const auto late = ana.accept(to_ana);
    EXPECT_EQ(late.status, 409);
    EXPECT_EQ(late.json()["detail"], "taken");
    EXPECT_EQ(ben.accept(to_ben).status, 200) << "a repeat is harmless";
    EXPECT_EQ(load(), "101");

    // Ana is free for the next, which rings at her alone.
    const auto next = center.call("line", "+4930777777");
    EXPECT_EQ(ana.offered()["ticket"]["id"], next);
    EXPECT_EQ(center.sql("SELECT count(*) FROM offer WHERE ticket_id = " + std::to_string(next)), "1");
}

TEST_F(fan_out, says_why_it_rang_at_both) {
    all_ready();
    const auto ticket = center.call("line");
    ana.offered();
    ben.offered();
    const auto story = center.admin.get("/api/v1/tickets/" + std::to_string(ticket) + "/routing").json();
    ASSERT_EQ(story["decisions"].size(), 2) << story.dump(1);
    EXPECT_TRUE(story["decisions"][1]["words"].get<std::string>().ends_with("at the same time.")) << story.dump(1);
}

TEST_F(fan_out, waits_again_when_both_have_declined) {
    all_ready();
    const auto ticket = center.call("line");
    const auto to_ana = ana.offered(), to_ben = ben.offered();
    EXPECT_EQ(ana.decline(to_ana).status, 200);
    EXPECT_EQ(state(ticket), "offered") << "Ben may still take it";
    EXPECT_EQ(load(), "101");
    EXPECT_EQ(ben.decline(to_ben).status, 200);
    EXPECT_EQ(state(ticket), "waiting");
    auto carl = center.agent("carl", {queue});
    carl.ready();
    EXPECT_EQ(carl.offered()["ticket"]["id"], ticket) << "and rings at who has not refused it";
    EXPECT_EQ(center.sql("SELECT count(*) FROM offer WHERE state = 'offered'"), "1") << "not at the two who have";
}

TEST_F(fan_out, rings_at_nobody_when_a_supervisor_gives_it_away) {
    all_ready();
    auto carl = center.agent("carl", {queue});
    const auto boss = center.sign_in("supervisor");
    const auto ticket = center.call("line");
    ana.offered();
    const auto to_ben = ben.offered();
    EXPECT_EQ(boss.act(ticket, "assign", {{"agent_id", carl.id}, {"reason", "knows the case"}}).status, 200);
    ben.live.until(
        [&](const json& f) { return f["type"] == "offer.rescinded" && f["data"]["offer_id"] == to_ben["id"]; });
    EXPECT_EQ(ben.accept(to_ben).status, 409);
    EXPECT_EQ(load(), "101") << "Carl's";
    EXPECT_EQ(center.sql("SELECT count(*) FROM offer WHERE state = 'offered'"), "0");
}

TEST_F(fan_out, has_one_owner_however_close_they_are) {
    all_ready();
    for (int round = 0; round < 10; ++round) {
        const auto ticket = center.call("line", "+49307000" + std::to_string(100 + round));
        const auto to_ana = ana.offered(), to_ben = ben.offered();
        auto other = std::async(std::launch::async, [&] { return ben.accept(to_ben).status; });
        const auto one = ana.accept(to_ana).status, two = other.get();
        EXPECT_EQ(one + two, 200 + 409);
        auto& owner = one == 200 ? ana : ben;
        (one == 200 ? ben : ana).live.until("offer.rescinded");
        EXPECT_EQ(load(), "101");
        EXPECT_EQ(owner.act(ticket, "solve", {{"disposition", "resolved"}}).status, 200);
        EXPECT_EQ(owner.act(ticket, "wrapup-done").status, 200);
    }
}

TEST_F(fan_out, is_taken_over_by_a_new_leader_as_it_stands) {
    running_server second{short_lease, center.server};
    all_ready();
    const auto ticket = center.call("line");
    const auto to_ana = ana.offered(), to_ben = ben.offered();
    const auto epoch = center.number("SELECT epoch FROM shard_lease");
    auto resume = center.server.pause();
    eventually([&] { return center.number("SELECT epoch FROM shard_lease") > epoch; }, "another takes over");
    resume.set_value();
    EXPECT_EQ(ana.decline(to_ana).status, 200);
    EXPECT_EQ(state(ticket), "offered");
    EXPECT_EQ(ben.accept(to_ben).status, 200);
    EXPECT_EQ(center.sql("SELECT count(*) FROM offer"), "2") << "nothing was offered anew";
    EXPECT_EQ(ben.ticket(ticket)["owner"]["id"], ben.id);
}

TEST_F(fan_out, is_bounded) {
    const auto answer = center.admin.patch("/api/v1/queues/" + std::to_string(queue), json{{"fan_out", 17}});
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(answer.json()["errors"][0]["field"], "fan_out");
}

} // namespace
} // namespace switchboard::test
