#include "support/contact_center.hpp"

#include "store/run.hpp"

#include <switchboard/store/routing.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard::test {
namespace {

namespace asio = boost::asio;
using nlohmann::json;

const json one_of_each = json::array({{{"channel", "phone"}, {"capacity", 1}, {"weight", 100}},
                                      {{"channel", "chat"}, {"capacity", 1}, {"weight", 30}},
                                      {{"channel", "email"}, {"capacity", 1}, {"weight", 10}}});

class routing : public testing::Test {
protected:
    contact_center center{[](config& c) { c.routing_lease = 1; }};

    std::string open_offers(std::int64_t ticket) const {
        return center.sql("SELECT count(*) FROM offer WHERE state IN ('offered', 'active') AND ticket_id = " +
                          std::to_string(ticket));
    }
    /// What one ring after the other would do, without waiting for it.
    void let_it_ring_out(std::int64_t offer) const {
        center.sql("UPDATE offer SET expires_at = now() - interval '1 s' WHERE id = " + std::to_string(offer));
    }
};

TEST_F(routing, offers_a_contact_to_who_has_the_skill_and_takes_the_channel) {
    const auto spanish = center.skill("Spanish");
    const auto queue = center.queue("Ventas", {{"skills", {{{"skill_id", spanish}, {"min", 5}}}}});
    center.gateway("pbx", "phone", queue);
    center.gateway("mail", "email", queue);
    const auto speaks = [&](int level) { return json{{"skills", {{{"skill_id", spanish}, {"level", level}}}}}; };
    auto beginner = center.agent("beginner", {queue}, speaks(4));
    auto writer = center.agent("writer", {queue}, speaks(9));
    auto fluent = center.agent("fluent", {queue}, speaks(5));
    auto elsewhere = center.agent("elsewhere", {}, speaks(9));
    beginner.ready();
    elsewhere.ready();
    writer.ready({"email"});
    fluent.ready({"phone"});

    const auto called = center.call("pbx");
    const auto offer = fluent.offered();
    EXPECT_EQ(offer["ticket"]["id"], called);
    EXPECT_EQ(offer["channel"], "phone");
    // The call may be looked at before or after what tells that he is ready.
    EXPECT_THAT(offer["why"]["trigger"], testing::AnyOf("ticket_waiting", "agent_free"));
    const auto wrote = center.mail("mail");
    EXPECT_EQ(writer.offered()["ticket"]["id"], wrote);
    EXPECT_EQ(center.number("SELECT count(*) FROM offer"), 2) << "nobody else was asked";
}

TEST_F(routing, asks_who_has_been_idle_longest) {
    const auto queue = center.queue("Support");
    center.gateway("pbx", "phone", queue);
    auto first = center.agent("first", {queue});
    auto second = center.agent("second", {queue});
    first.ready();
    second.ready();

    const auto one = center.call("pbx", "+4930000001");
    EXPECT_EQ(first.take()["id"], one);
    ASSERT_EQ(first.act(one, "solve", {{"disposition", "resolved"}}).status, 200);
    ASSERT_EQ(first.act(one, "wrapup-done").status, 200);
    const auto two = center.call("pbx", "+4930000002");
    EXPECT_EQ(second.take()["id"], two) << "first has worked, second has not";
    const auto three = center.call("pbx", "+4930000003");
    EXPECT_EQ(first.offered()["ticket"]["id"], three);
}

TEST_F(routing, serves_by_age_and_lets_urgency_be_worth_seconds_where_the_queue_ages) {
    const auto plain = center.queue("Plain");
    const auto aging = center.queue("Aging", {{"order_mode", "aging"}, {"boost_s", 300}});
    center.gateway("plain", "email", plain);
    center.gateway("aging", "email", aging);
    center.rule({{"words", {"urgent"}}}, {{"priority", 7}});
    // Old by an hour, urgent by two steps of five minutes, older than the urgent one by twenty minutes.
    const auto arrives = [&](const char* gateway, const char* subject, int minutes_ago) {
        const auto t = center.mail(gateway, "ada@example.com", subject);
        center.sql("UPDATE ticket SET enqueue_at = now() - make_interval(mins => " + std::to_string(minutes_ago) +
                   "), version = version + 1 WHERE id = " + std::to_string(t));
        return t;
    };
    for (const char* gateway : {"plain", "aging"}) {
        arrives(gateway, "urgent: fire", 1);
        arrives(gateway, "a question", 60);
        arrives(gateway, "another question", 5);
    }
    center.sql("UPDATE shard_lease SET epoch = epoch + 1, expires_at = now()"); // the next leader reads all anew
    const auto order = [&](const char* who, std::int64_t queue) {
        auto agent = center.agent(who, {queue}, {{"channels", one_of_each}});
        agent.ready();
        std::vector<std::string> served;
        for (int i = 0; i < 3; ++i) {
            const auto t = agent.take();
            served.push_back(t["subject"]);
            EXPECT_EQ(agent.act(t["id"], "solve", {{"disposition", "resolved"}}).status, 200);
        }
        return served;
    };
    EXPECT_THAT(order("fay", plain), testing::ElementsAre("a question", "another question", "urgent: fire"));
    EXPECT_THAT(order("amy", aging), testing::ElementsAre("a question", "urgent: fire", "another question"));
}

TEST_F(routing, stops_after_this_one_when_asked) {
    const auto queue = center.queue("Support");
    center.gateway("mail", "email", queue);
    auto agent = center.agent("agent-1", {queue});
    agent.presence({{"state", "ready"}, {"after_current", true}});
    const auto last = center.mail("mail");
    EXPECT_EQ(agent.take()["id"], last);
    EXPECT_EQ(agent.live.until("presence.changed")["data"]["presence"]["state"], "not_ready");
    const auto waits = center.mail("mail", "bob@example.com");
    auto other = center.agent("agent-2", {queue});
    other.ready();
    EXPECT_EQ(other.offered()["ticket"]["id"], waits);
}

TEST_F(routing, takes_an_offer_back_when_the_agent_leaves) {
    const auto queue = center.queue("Support");
    center.gateway("mail", "email", queue);
    auto leaves = center.agent("leaves", {queue});
    leaves.ready();
    const auto ticket = center.mail("mail");
    const auto offer = leaves.offered();
    leaves.presence({{"state", "not_ready"}, {"reason", "lunch"}});
    const auto end = leaves.live.until("offer.rescinded")["data"];
    EXPECT_EQ(end["offer_id"], offer["id"]);
    EXPECT_EQ(leaves.accept(offer).status, 409);
    auto stays = center.agent("stays", {queue});
    stays.ready();
    const auto next = stays.offered();
    EXPECT_EQ(next["ticket"]["id"], ticket);
    EXPECT_EQ(next["ticket"]["enqueue_at"], offer["ticket"]["enqueue_at"]) << "the old place";
}

TEST_F(routing, sets_who_does_not_answer_to_not_ready) {
    const auto queue = center.queue("Support", {{"ring_s", 5}, {"cool_s", 0}});
    center.gateway("pbx", "phone", queue);
    auto away = center.agent("away", {queue});
    away.ready();
    const auto ticket = center.call("pbx");
    const auto offer = away.offered();
    EXPECT_EQ(away.live.until("offer.timed_out")["data"]["offer_id"], offer["id"]); // five seconds by the clock
    EXPECT_EQ(away.work()["presence"]["reason"], "missed offers");
    EXPECT_EQ(away.accept(offer).status, 409);
    EXPECT_EQ(away.work()["presence"]["state"], "not_ready");
    auto there = center.agent("there", {queue});
    there.ready();
    EXPECT_EQ(there.offered()["ticket"]["id"], ticket);
}

TEST_F(routing, refuses_an_acceptance_after_the_time_by_the_databases_clock) {
    const auto queue = center.queue("Support", {{"ring_s", 300}});
    center.gateway("mail", "email", queue);
    auto late = center.agent("late", {queue});
    late.ready();
    center.mail("mail");
    const auto offer = late.offered();
    let_it_ring_out(offer["id"]);
    const auto answer = late.accept(offer);
    EXPECT_EQ(answer.status, 409);
    EXPECT_EQ(answer.json()["detail"], "expired");
}

TEST_F(routing, never_asks_more_of_an_agent_than_the_profile_allows) {
    const auto queue = center.queue("Support", {{"interruptible", false}});
    center.gateway("mail", "email", queue);
    center.gateway("pbx", "phone", queue);
    auto agent = center.agent("busy", {queue},
                              {{"units", 100},
                               {"channels", json::array({{{"channel", "phone"}, {"capacity", 1}, {"weight", 100}},
                                                         {{"channel", "email"}, {"capacity", 2}, {"weight", 10}}})}});
    agent.ready();
    std::vector<std::int64_t> mails;
    for (int i = 0; i < 3; ++i) mails.push_back(center.mail("mail", "c" + std::to_string(i) + "@example.com"));
    const auto call = center.call("pbx");
    EXPECT_EQ(agent.take()["id"], mails[0]);
    EXPECT_EQ(agent.take()["id"], mails[1]);
    // A third mail is beyond the channel, the call beyond the units; the end of one mail frees room for the last mail.
    ASSERT_EQ(agent.act(mails[0], "solve", {{"disposition", "resolved"}}).status, 200);
    EXPECT_EQ(agent.take()["id"], mails[2]);
    EXPECT_EQ(open_offers(call), "0");
    for (const auto t : {mails[1], mails[2]})
        ASSERT_EQ(agent.act(t, "solve", {{"disposition", "resolved"}}).status, 200);
    EXPECT_EQ(agent.take()["id"], call);
    EXPECT_EQ(center.sql("SELECT used FROM agent_load WHERE channel = '*' AND agent_id = " + std::to_string(agent.id)),
              "100");
}

TEST_F(routing, has_one_leader_and_replaces_and_fences_one_that_was_paused) {
    running_server heir{[](config& c) { c.routing_lease = 1; }, center.server};
    const auto leads = [](const running_server& s) {
        return s.operators().get("/readyz").json()["routing"] == "leading";
    };
    const auto offered = [&] { return center.number("SELECT count(*) FROM offer WHERE state = 'offered'"); };
    const auto queue = center.queue("Support", {{"ring_s", 600}, {"fan_out", 2}}); // so that all of it rings at once
    center.gateway("mail", "email", queue);
    auto agent = center.agent("agent-1", {queue},
                              {{"channels", json::array({{{"channel", "email"}, {"capacity", 100}, {"weight", 1}}})}});
    agent.ready();
    const auto write_to = [&](const running_server& s, const std::string& from) {
        auto machine = s.stranger();
        machine.identity = center.intake.identity;
        const auto answer =
            machine.send("POST", "/api/v1/intake/mail", "From: " + from + "\r\nSubject: Hello\r\n\r\nHi.\r\n",
                         {{"Content-Type", "message/rfc822"}});
        EXPECT_EQ(answer.status, 201) << answer.body;
    };
    for (int i = 0; i < 20; ++i) write_to(center.server, "early" + std::to_string(i) + "@example.com");
    eventually([&] { return offered() == 20; }, "the leader offers all");
    EXPECT_TRUE(leads(center.server));
    EXPECT_FALSE(leads(heir));

    const auto epoch = center.number("SELECT epoch FROM shard_lease");
    auto resume = center.server.pause();
    eventually([&] { return center.number("SELECT epoch FROM shard_lease") > epoch; }, "another takes over");
    for (int i = 0; i < 20; ++i) write_to(heir, "late" + std::to_string(i) + "@example.com");
    eventually([&] { return offered() == 40; }, "the new leader offers what is new");
    resume.set_value(); // it believes still that it leads
    for (int i = 0; i < 10; ++i) write_to(center.server, "last" + std::to_string(i) + "@example.com");
    eventually([&] { return offered() == 50; }, "life goes on");
    eventually([&] { return !leads(center.server) && leads(heir); }, "the old leader has noticed");

    EXPECT_EQ(center.number("SELECT count(*) FROM offer"), 50) << "nothing was offered twice";
    EXPECT_EQ(center.number("SELECT count(DISTINCT ticket_id) FROM offer"), 50);
    EXPECT_EQ(
        center.number("SELECT used FROM agent_load WHERE channel = 'email' AND agent_id = " + std::to_string(agent.id)),
        50);
}

TEST_F(routing, is_led_by_another_at_once_when_the_leader_ends_in_order) {
    auto first = std::make_unique<running_server>([](config& c) { c.routing_lease = 60; });
    running_server second{[](config& c) { c.routing_lease = 60; }, *first};
    const auto leads = [](const running_server& s) {
        return s.operators().get("/readyz").json()["routing"] == "leading";
    };
    eventually([&] { return leads(*first); }, "the first leads");
    EXPECT_FALSE(leads(second));
    first->stop();
    eventually([&] { return leads(second); }, "the second leads, long before the lease is over");
}

TEST_F(routing, writes_nothing_for_a_leader_whose_time_is_over) {
    const auto queue = center.queue("Support");
    center.gateway("mail", "email", queue);
    auto agent = center.agent("agent-1", {queue});
    const auto ticket = center.mail("mail");
    center.sql("INSERT INTO presence (agent_id, state) SELECT id, 'ready' FROM users WHERE roles = '[2]' "
               "ON CONFLICT (agent_id) DO UPDATE SET state = 'ready'"); // which the leader is not told
    store::database db{center.server.database_url(), {.connections = 1}};
    store::routing rows{db};
    const auto commit = [&](std::int64_t epoch) {
        store::routing_write w;
        w.ticket = ticket;
        w.agent = agent.id;
        w.version = center.number("SELECT version FROM ticket");
        w.channel = "email";
        w.ring_s = 60;
        asio::io_context io;
        auto done = asio::co_spawn(io, rows.commit(epoch, {w}), asio::use_future);
        io.run();
        return done.get();
    };
    const auto events = center.number("SELECT count(*) FROM event");
    const auto epoch = center.number("SELECT epoch FROM shard_lease");
    EXPECT_TRUE(commit(epoch - 1).fenced);
    EXPECT_EQ(center.number("SELECT count(*) FROM offer"), 0);
    EXPECT_EQ(center.number("SELECT count(*) FROM event"), events);
    const auto current = commit(epoch);
    EXPECT_FALSE(current.fenced);
    EXPECT_THAT(current.made_true, testing::ElementsAre(true)) << "the same write, in time";
}

TEST(the_database, refuses_more_than_an_agent_can_take_and_two_owners_of_a_ticket) {
    contact_center center;
    const auto queue = center.queue("Support");
    center.gateway("mail", "email", queue);
    auto agent = center.agent("agent-1", {queue});
    auto other = center.agent("agent-2", {queue});
    const auto me = std::to_string(agent.id), ticket = std::to_string(center.mail("mail"));
    EXPECT_THROW(center.sql("UPDATE agent_load SET used = capacity + 1 WHERE channel = 'email' AND agent_id = " + me),
                 pqxx::check_violation);
    EXPECT_THROW(center.sql("UPDATE agent_load SET used = -1 WHERE channel = 'email' AND agent_id = " + me),
                 pqxx::check_violation);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(center.sql("SELECT take_load(" + me + ", 'email', 10)"), "t");
    EXPECT_EQ(center.sql("SELECT take_load(" + me + ", 'email', 10)"), "f") << "the fourth of three";
    EXPECT_EQ(center.sql("SELECT take_load(" + me + ", 'phone', 300)"), "f") << "the units are used up";
    EXPECT_EQ(center.sql("SELECT used FROM agent_load WHERE channel = 'phone' AND agent_id = " + me), "0")
        << "nothing taken";

    const auto offer_to = [&](const seat& s, const std::string& state, const std::string& exclusive) {
        center.sql(
            "INSERT INTO offer (ticket_id, agent_id, queue_id, channel, state, exclusive, epoch, expires_at) VALUES (" +
            ticket + ", " + std::to_string(s.id) + ", " + std::to_string(queue) + ", 'email', '" + state + "', " +
            exclusive + ", 1, now() + interval '1 min')");
    };
    offer_to(agent, "offered", "true");
    EXPECT_THROW(offer_to(other, "offered", "true"), pqxx::unique_violation);
    EXPECT_THROW(offer_to(other, "active", "true"), pqxx::unique_violation);
    center.sql("UPDATE offer SET state = 'active', exclusive = false");
    EXPECT_THROW(offer_to(other, "active", "false"), pqxx::unique_violation) << "a fan-out has one winner too";
}

} // namespace
} // namespace switchboard::test
