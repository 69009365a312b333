#include "support/contact_center.hpp"

#include "store/routing_sets.hpp"
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
using store::routing_write;
using kind = routing_write::kind;
using testing::ElementsAre;

routing_write write(kind what, std::int64_t ticket, std::int64_t agent, std::int64_t version = 1) {
    routing_write w;
    w.what = what;
    w.ticket = ticket;
    w.agent = agent;
    w.version = version;
    w.channel = "email";
    w.ring_s = 600;
    w.weight = 10;
    if (what == kind::end)
        w.detail = "rescinded";
    else
        w.detail = "{}";
    return w;
}

TEST(passes, write_all_offers_at_once) {
    const auto passes =
        store::passes_of({write(kind::offer, 1, 7), write(kind::offer, 2, 7), write(kind::offer, 3, 8)});
    ASSERT_EQ(passes.size(), 1);
    EXPECT_THAT(passes[0].offers, ElementsAre(0, 1, 2));
}

TEST(passes, give_back_before_they_take_and_keep_the_order_of_a_ticket) {
    const auto passes = store::passes_of({write(kind::offer, 1, 7), write(kind::end, 2, 8), write(kind::offer, 2, 7),
                                          write(kind::end, 1, 7), write(kind::offer, 1, 8), write(kind::offer, 3, 7)});
    ASSERT_EQ(passes.size(), 2);
    EXPECT_THAT(passes[0].ends, ElementsAre(1));
    EXPECT_THAT(passes[0].offers, ElementsAre(0, 2)) << "the second after its end";
    EXPECT_THAT(passes[1].ends, ElementsAre(3)) << "the offer that it ends is made before";
    EXPECT_THAT(passes[1].offers, ElementsAre(4, 5)) << "7 has room for 3 only when 1 was taken back";
}

/// A center whose leader decides nothing, since nobody is ready: the test is the leader.
class decisions : public testing::Test {
protected:
    contact_center center;
    const std::int64_t queue = center.queue("Support");
    seat ana, ben;
    std::vector<std::int64_t> mails;

    decisions() : ana{center.agent("ana", {queue})}, ben{center.agent("ben", {queue})} {
        center.gateway("mail", "email", queue);
        for (int i = 0; i < 8; ++i) mails.push_back(center.mail("mail", "c" + std::to_string(i) + "@example.com"));
    }

    std::vector<bool> commit(std::vector<routing_write> writes) {
        center.sql("INSERT INTO presence (agent_id, state) SELECT id, 'ready' FROM users WHERE roles = '[2]' "
                   "ON CONFLICT (agent_id) DO UPDATE SET state = 'ready'"); // which the leader is not told
        store::database db{center.server.database_url(), {.connections = 1}};
        store::routing rows{db};
        asio::io_context io;
        const auto epoch = center.number("SELECT epoch FROM shard_lease");
        auto done = asio::co_spawn(io, rows.commit(epoch, std::move(writes)), asio::use_future);
        io.run();
        const auto what = done.get();
        EXPECT_FALSE(what.fenced);
        return what.made_true;
    }
    std::string used(const seat& s, const std::string& channel = "email") const {
        return center.sql("SELECT used FROM agent_load WHERE agent_id = " + std::to_string(s.id) + " AND channel = '" +
                          channel + "'");
    }
    std::string ticket(std::int64_t id) const {
        return center.sql("SELECT state || ' ' || version FROM ticket WHERE id = " + std::to_string(id));
    }
    std::string offers(const std::string& where) const {
        return center.sql("SELECT count(*) FROM offer WHERE " + where);
    }
};

TEST_F(decisions, stand_when_their_neighbours_are_refused) {
    ASSERT_EQ(ticket(mails[1]), "waiting 1");
    center.sql("UPDATE ticket SET version = 2 WHERE id = " + std::to_string(mails[1]));
    const auto done = commit({write(kind::offer, mails[0], ana.id), write(kind::offer, mails[1], ana.id),
                              write(kind::offer, 999'999'999, ben.id), write(kind::offer, mails[2], 999'999'999),
                              write(kind::offer, mails[3], ben.id)});
    EXPECT_THAT(done, ElementsAre(true, false, false, false, true));
    EXPECT_EQ(ticket(mails[0]), "offered 2");
    EXPECT_EQ(ticket(mails[1]), "waiting 2") << "it had moved on";
    EXPECT_EQ(ticket(mails[2]), "waiting 1") << "there is no such agent";
    EXPECT_EQ(used(ana), "1");
    EXPECT_EQ(used(ana, "*"), "10");
    EXPECT_EQ(offers("true"), "2");
    EXPECT_EQ(center.sql("SELECT count(*) FROM event WHERE type = 'offer.created'"), "2");
}

TEST_F(decisions, fill_an_agent_and_no_more) {
    std::vector<routing_write> five; // of three
    for (int i = 0; i < 5; ++i) five.push_back(write(kind::offer, mails[static_cast<std::size_t>(i)], ana.id));
    EXPECT_THAT(commit(five), ElementsAre(true, true, true, false, false));
    EXPECT_EQ(used(ana), "3");
    EXPECT_EQ(used(ana, "*"), "30");
    EXPECT_EQ(offers("agent_id = " + std::to_string(ana.id)), "3");
    EXPECT_EQ(ticket(mails[4]), "waiting 1");
}

TEST_F(decisions, move_an_offer_from_one_agent_to_another_in_one_commit) {
    ASSERT_THAT(commit({write(kind::offer, mails[0], ana.id)}), ElementsAre(true));
    EXPECT_THAT(commit({write(kind::end, mails[0], ana.id, 2), write(kind::offer, mails[0], ben.id, 3),
                        write(kind::offer, mails[1], ana.id), write(kind::end, mails[2], ana.id)}),
                ElementsAre(true, true, true, false));
    EXPECT_EQ(ticket(mails[0]), "offered 4");
    EXPECT_EQ(used(ana), "1");
    EXPECT_EQ(used(ben), "1");
    EXPECT_EQ(center.sql("SELECT string_agg(type, ' ' ORDER BY id) FROM event WHERE ticket_id = " +
                         std::to_string(mails[0]) + " AND type LIKE 'offer.%'"),
              "offer.created offer.rescinded offer.created");
    EXPECT_EQ(
        center.sql(
            "SELECT string_agg(kind || ' ' || agent_id, ', ' ORDER BY id) FROM routing_decision WHERE ticket_id = " +
            std::to_string(mails[0])),
        "offered " + std::to_string(ana.id) + ", ended " + std::to_string(ana.id) + ", offered " +
            std::to_string(ben.id));
}

TEST_F(decisions, say_the_ticket_as_it_is_after_them) {
    const auto spanish = center.skill("Spanish");
    center.sql("UPDATE ticket SET skills = '[{\"skill_id\": " + std::to_string(spanish) +
               ", \"min\": 3}]' WHERE id = " + std::to_string(mails[0]));
    ASSERT_THAT(commit({write(kind::offer, mails[0], ana.id)}), ElementsAre(true));
    const auto told = json::parse(center.sql("SELECT data FROM event WHERE type = 'offer.created'"))["offer"];
    EXPECT_EQ(told["why"]["skills"], json::array({"Spanish"}));
    const auto& t = told["ticket"];
    EXPECT_EQ(std::to_string(t["version"].get<int>()) + t["state"].get<std::string>(), "2offered");
    auto now_is = ana.ticket(mails[0]);
    for (const auto& [key, value] : t.items()) EXPECT_EQ(value, now_is[key]) << key;
}

TEST_F(decisions, that_a_constraint_forbids_take_nobody_with_them) {
    // A second owner: the ticket says that it waits while an offer of it is active.
    center.sql("INSERT INTO offer (ticket_id, agent_id, queue_id, channel, state, epoch, expires_at) VALUES (" +
               std::to_string(mails[0]) + ", " + std::to_string(ben.id) + ", " + std::to_string(queue) +
               ", 'email', 'active', 1, now())");
    EXPECT_THAT(commit({write(kind::offer, mails[0], ana.id), write(kind::offer, mails[1], ana.id)}),
                ElementsAre(false, true));
    EXPECT_EQ(used(ana), "1");
    EXPECT_EQ(ticket(mails[0]), "waiting 1");
}

TEST_F(decisions, about_steps_and_places_are_kept_for_the_next_leader) {
    auto step = write(kind::step, mails[0], 0);
    step.step = 2;
    step.facts = R"({"cause":"time"})";
    auto away = write(kind::put_off, mails[1], 0);
    away.detail = "blocked";
    const auto other = center.queue("Other");
    auto over = write(kind::overflow, mails[2], 0);
    over.queue = other;
    over.detail = "overflowed";
    EXPECT_THAT(commit({step, away, over}), ElementsAre(true, true, true));
    EXPECT_EQ(center.sql("SELECT routing_step FROM ticket WHERE id = " + std::to_string(mails[0])), "2");
    EXPECT_EQ(ticket(mails[0]), "waiting 1");
    EXPECT_EQ(ticket(mails[1]), "held 2");
    EXPECT_EQ(center.sql("SELECT queue_id || ' ' || overflowed FROM ticket WHERE id = " + std::to_string(mails[2])),
              std::to_string(other) + " true");
    EXPECT_THAT(commit({over}), ElementsAre(false)) << "once";
}

} // namespace
} // namespace switchboard::test
