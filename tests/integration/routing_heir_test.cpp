#include "support/contact_center.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <optional>

/// What a new leader must know of those who wait for work: it reads it from the rows.
namespace switchboard::test {
namespace {

class heir : public testing::Test {
protected:
    static void short_lease(config& c) { c.routing_lease = 1; }

    contact_center center{short_lease};
    running_server second{short_lease, center.server};
    std::optional<seat> ana, ben;

    std::int64_t open_center(const std::string& policy) {
        const auto queue = center.queue("Support", {{"ring_s", 600}, {"agent_policy", policy}});
        center.gateway("mail", "email", queue);
        ana.emplace(center.agent("ana", {queue}, one_at_a_time()));
        ben.emplace(center.agent("ben", {queue}, one_at_a_time()));
        eventually([&] { return leads(center.server); }, "somebody leads");
        return queue;
    }
    static nlohmann::json one_at_a_time() {
        return {{"channels", nlohmann::json::array({{{"channel", "email"}, {"capacity", 1}, {"weight", 10}}})}};
    }
    static bool leads(const running_server& s) { return s.operators().get("/readyz").json()["routing"] == "leading"; }

    /// Works one mail through while nobody else is there.
    void works(seat& who) {
        who.ready();
        center.mail("mail", "c" + std::to_string(++mails_) + "@example.com");
        const auto ticket = who.take()["id"].get<std::int64_t>();
        EXPECT_EQ(who.act(ticket, "solve", {{"disposition", "resolved"}}).status, 200);
    }

    /// The leader sleeps until the other has taken over; then a mail comes. Who is offered it?
    std::int64_t first_choice_of_the_heir() {
        const auto epoch = center.number("SELECT epoch FROM shard_lease");
        auto resume = center.server.pause();
        eventually([&] { return center.number("SELECT epoch FROM shard_lease") > epoch && leads(second); },
                   "another takes over");
        auto machine = second.stranger();
        machine.identity = center.intake.identity;
        EXPECT_EQ(machine
                      .send("POST", "/api/v1/intake/mail", "From: last@example.com\r\nSubject: Hello\r\n\r\nHi.\r\n",
                            {{"Content-Type", "message/rfc822"}})
                      .status,
                  201);
        eventually([&] { return center.number("SELECT count(*) FROM offer WHERE state = 'offered'") == 1; },
                   "it is offered");
        resume.set_value();
        return center.number("SELECT agent_id FROM offer WHERE state = 'offered'");
    }

private:
    int mails_ = 0;
};

TEST_F(heir, knows_who_has_been_idle_for_longest) {
    open_center("longest_idle");
    ana->ready();
    works(*ana); // Ben is not there yet
    ben->ready();
    EXPECT_LT(ana->id, ben->id);
    // Ana ends another mail after Ben has begun to wait.
    ben->presence({{"state", "not_ready"}});
    center.mail("mail", "again@example.com");
    const auto ticket = ana->take()["id"].get<std::int64_t>();
    ben->ready();
    EXPECT_EQ(ana->act(ticket, "solve", {{"disposition", "resolved"}}).status, 200);
    EXPECT_EQ(first_choice_of_the_heir(), ben->id) << "the rows come with Ana first";
}

TEST_F(heir, knows_who_has_begun_the_fewest_today) {
    open_center("fewest_today");
    works(*ana);
    works(*ana);
    ana->presence({{"state", "not_ready"}});
    works(*ben); // the last to have worked
    ana->presence({{"state", "ready"}});
    center.sql("UPDATE presence SET since = now() - interval '1 hour' WHERE agent_id = " + std::to_string(ana->id));
    center.sql("UPDATE offer SET ended_at = now() - interval '30 minutes', answered_at = now() - interval '31 minutes' "
               "WHERE agent_id = " +
               std::to_string(ana->id));
    if (center.number("SELECT count(*) FROM offer WHERE answered_at < date_trunc('day', now())") > 0)
        GTEST_SKIP() << "half an hour ago was yesterday";
    EXPECT_EQ(first_choice_of_the_heir(), ben->id) << "Ana has been idle for longer, and has begun two";
}

TEST_F(heir, takes_over_what_waits_with_its_terms_and_its_order) {
    const auto french = center.skill("French");
    const auto insurance = center.licence("Insurance");
    const auto queue =
        center.queue("Support", {{"ring_s", 600},
                                 {"skills", {{{"skill_id", french}, {"min", 3}}}},
                                 {"licences", {{{"licence_id", insurance}, {"jurisdiction", "back\\slash"}}}}});
    center.gateway("mail", "email", queue);
    auto profile = one_at_a_time();
    ben.emplace(center.agent("ben", {queue}, profile));
    profile["skills"] = {{{"skill_id", french}, {"level", 4}}};
    profile["licences"] = {{{"licence_id", insurance},
                            {"jurisdictions", {"back\\slash"}},
                            {"valid_from", "2020-01-01T00:00:00Z"},
                            {"valid_until", "2100-01-01T00:00:00Z"},
                            {"state", "active"}}};
    ana.emplace(center.agent("ana", {queue}, profile));
    const auto first = center.mail("mail", "first@example.com");
    center.mail("mail", "second@example.com");

    const auto epoch = center.number("SELECT epoch FROM shard_lease");
    auto resume = center.server.pause();
    eventually([&] { return center.number("SELECT epoch FROM shard_lease") > epoch && leads(second); },
               "another takes over");
    resume.set_value();
    ben->ready();
    ana->ready();
    eventually([&] { return center.number("SELECT count(*) FROM offer WHERE state = 'offered'") == 1; },
               "one is offered");
    EXPECT_EQ(center.number("SELECT ticket_id FROM offer WHERE state = 'offered'"), first);
    EXPECT_EQ(center.number("SELECT agent_id FROM offer WHERE state = 'offered'"), ana->id) << "Ben knows no French";
}

TEST_F(heir, mends_a_load_that_has_leaked) {
    open_center("longest_idle");
    ana->ready();
    const auto me = std::to_string(ana->id);
    center.sql("UPDATE agent_load SET used = capacity WHERE channel = 'email' AND agent_id = " + me);
    const auto mended = [&] { return second.operators().get("/metrics").body; };
    EXPECT_EQ(first_choice_of_the_heir(), ana->id) << "her load alone stood in the way";
    EXPECT_EQ(center.sql("SELECT used FROM agent_load WHERE channel = 'email' AND agent_id = " + me), "1");
    EXPECT_THAT(mended(), testing::HasSubstr("switchboard_loads_mended_total 1"));
}

TEST_F(heir, leaves_alone_whom_a_step_has_promised_a_call) {
    const nlohmann::json steps{{{"after_s", 0}, {"changes", {{{"what", "callback"}}}}}};
    const auto queue = center.queue("Support", {{"ring_s", 600}, {"steps", steps}});
    center.gateway("line", "phone", queue);
    ana.emplace(center.agent("ana", {queue}));
    const auto ticket = std::to_string(center.call("line"));
    const auto state = [&] { return center.sql("SELECT state FROM ticket WHERE id = " + ticket); };
    const auto promises = [&] {
        return center.sql("SELECT count(*) FROM event WHERE type = 'ticket.changed' AND data->>'change' = 'callback'");
    };
    eventually([&] { return state() == "held"; }, "the caller is turned away");
    EXPECT_EQ(center.sql("SELECT routing_step FROM ticket WHERE id = " + ticket), "1");

    const auto epoch = center.number("SELECT epoch FROM shard_lease");
    auto resume = center.server.pause();
    eventually([&] { return center.number("SELECT epoch FROM shard_lease") > epoch && leads(second); },
               "another takes over");
    EXPECT_EQ(state(), "held");
    center.sql("UPDATE ticket SET held_until = now() WHERE id = " + ticket +
               "; UPDATE callback SET not_before = now()");
    eventually([&] { return state() == "waiting"; }, "the time has come");
    resume.set_value();
    ana->ready();
    eventually([&] { return state() == "offered"; }, "somebody is to call back");
    EXPECT_EQ(promises(), "1");
}

} // namespace
} // namespace switchboard::test
