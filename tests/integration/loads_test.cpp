#include "support/granted.hpp"
#include "support/quiet_center.hpp"

#include "store/routing_sets.hpp"

#include <switchboard/desk/by_itself.hpp>
#include <switchboard/desk/callbacks.hpp>
#include <switchboard/store/agents.hpp>
#include <switchboard/store/users.hpp>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <thread>

/// Each statement that takes or gives load, while another session changes the same load: it waits, and counts what the
/// other did.
namespace switchboard::test {
namespace {

using kind = store::routing_write::kind;
using testing::ElementsAre;
using testing::SizeIs;

class loads : public testing::Test {
protected:
    quiet_center center;
    const std::int64_t boss = center.supervisor(), ana = center.agent("ana"), ben = center.agent("ben");
    const viewer supervisor = center.eyes(boss);
    std::int64_t mail = center.ticket();
    bool has_waited = false;

    viewer agent(std::int64_t id) const { return {id, agents_grants(), {center.queue, center.other_queue}}; }
    void offer(std::int64_t ticket, std::int64_t to, bool alone = true) {
        ASSERT_THAT(center.commit({center.offer(ticket, to, alone)}), ElementsAre(true));
    }
    std::int64_t offer_of(std::int64_t ticket, std::int64_t to) const {
        return center.number(
            fmt::format("SELECT max(id) FROM offer WHERE ticket_id = {} AND agent_id = {}", ticket, to));
    }
    void accept(std::int64_t ticket, std::int64_t by) {
        offer(ticket, by);
        ASSERT_TRUE(center.now(center.desk.accept(offer_of(ticket, by), by)));
    }

    /// Somebody else gives the agent another mail and commits as soon as `act` waits for that.
    void beside_another(std::int64_t agent, const std::function<void()>& act) {
        const auto another = center.ticket();
        pqxx::connection c{center.database.url()};
        pqxx::work tx{c};
        tx.exec(fmt::format("SELECT take_load({}, 'email', 10)", agent));
        tx.exec(
            fmt::format("INSERT INTO offer (ticket_id, agent_id, queue_id, channel, weight, state, epoch, expires_at) "
                        "VALUES ({}, {}, {}, 'email', 10, 'active', 1, now())",
                        another, agent, center.queue));
        auto done = std::async(std::launch::async, act);
        const auto waits = [&] {
            return center.sql("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM "
                              "pg_stat_activity WHERE datname = current_database())") != "0";
        };
        while (!has_waited && done.wait_for(std::chrono::milliseconds{1}) == std::future_status::timeout)
            has_waited = waits();
        tx.commit();
        done.get();
        EXPECT_TRUE(has_waited) << "it does not take the same lock";
        EXPECT_EQ(center.wrong_loads(), "");
    }
};

TEST_F(loads, are_exact_after_an_offer) {
    beside_another(ana, [this] { offer(mail, ana); });
}

TEST_F(loads, are_exact_after_an_offer_that_has_ended) {
    offer(mail, ana);
    beside_another(ana, [this] { EXPECT_THAT(center.commit({center.end(mail, ana)}), ElementsAre(true)); });
}

TEST_F(loads, are_exact_after_offers_that_move_in_one_commit) {
    offer(mail, ana);
    const auto second = center.ticket();
    offer(second, ben);
    beside_another(ben, [&] {
        EXPECT_THAT(center.commit({center.end(second, ben), center.end(mail, ana), center.offer(center.ticket(), ben)}),
                    ElementsAre(true, true, true));
    });
}

TEST_F(loads, are_exact_after_parking_and_taking_up) {
    accept(mail, ana);
    beside_another(ana, [this] { EXPECT_THAT(center.commit({center.of(kind::park, mail, ana)}), ElementsAre(true)); });
    has_waited = false;
    beside_another(ana,
                   [this] { EXPECT_THAT(center.commit({center.of(kind::resume, mail, ana)}), ElementsAre(true)); });
}

TEST_F(loads, are_exact_after_a_refusal) {
    offer(mail, ana);
    beside_another(ana, [this] { EXPECT_TRUE(center.now(center.desk.decline(offer_of(mail, ana), ana, "lunch"))); });
}

TEST_F(loads, are_exact_after_one_of_several_was_quicker) {
    offer(mail, ben, false);
    offer(mail, ana, false);
    beside_another(ben, [this] { EXPECT_TRUE(center.now(center.desk.accept(offer_of(mail, ana), ana))); });
}

TEST_F(loads, are_exact_after_an_assignment) {
    accept(mail, ben);
    beside_another(ana, [this] { EXPECT_TRUE(center.now(center.desk.assign(mail, supervisor, ana, "knows it"))); });
    has_waited = false;
    beside_another(ana, [this] { EXPECT_TRUE(center.now(center.desk.assign(mail, supervisor, ben, "knows it"))); });
}

TEST_F(loads, are_exact_after_an_assignment_past_the_capacity) {
    center.sql(fmt::format("UPDATE agent_load SET capacity = 1 WHERE agent_id = {} AND channel = 'email'", ana));
    beside_another(ana, [this] { EXPECT_TRUE(center.now(center.desk.assign(mail, supervisor, ana, "urgent"))); });
    EXPECT_EQ(center.sql(fmt::format("SELECT used || ' of ' || capacity || ' and ' || extra FROM agent_load WHERE "
                                     "channel = 'email' AND agent_id = {}",
                                     ana)),
              "2 of 1 and 1");
}

TEST_F(loads, are_exact_after_somebody_took_a_ticket) {
    beside_another(ana, [this] { EXPECT_TRUE(center.now(center.desk.claim(mail, agent(ana)))); });
}

TEST_F(loads, are_exact_after_a_transfer) {
    accept(mail, ana);
    beside_another(ana,
                   [this] { EXPECT_TRUE(center.now(center.desk.transfer(mail, agent(ana), center.other_queue, ""))); });
}

TEST_F(loads, are_exact_after_a_hold) {
    accept(mail, ana);
    const auto later =
        std::chrono::time_point_cast<timestamp::duration>(std::chrono::system_clock::now()) + std::chrono::hours{1};
    beside_another(ana, [&] { EXPECT_TRUE(center.now(center.desk.hold(mail, agent(ana), later, ""))); });
}

TEST_F(loads, are_exact_after_a_ticket_is_solved) {
    accept(mail, ana);
    beside_another(ana, [this] { EXPECT_TRUE(center.now(center.desk.solve(mail, agent(ana), "resolved", ""))); });
}

TEST_F(loads, are_exact_after_wrap_up) {
    for (const bool by_hand : {true, false}) {
        const auto call = center.ticket("phone");
        accept(call, ana);
        ASSERT_TRUE(center.now(center.desk.solve(call, agent(ana), "resolved", "")));
        has_waited = by_hand ? false : true; // the sweep passes over what somebody holds
        beside_another(ana, [&] {
            if (by_hand) {
                EXPECT_TRUE(center.now(center.desk.end_wrapup(call, agent(ana), {})));
                return;
            }
            center.sql("UPDATE offer SET expires_at = now() WHERE state = 'wrapup'");
            while (center.now(center.routing.sweep(center.epoch, desk::rules_of_the_clock(), 0)).wrapups == 0)
                std::this_thread::yield();
        });
    }
}

TEST_F(loads, are_exact_after_a_callback_was_promised) {
    desk::callbacks callbacks{center.db};
    const auto call = center.ticket("phone");
    accept(call, ana);
    desk::callback_wish wish;
    wish.phone = "+493012345678";
    beside_another(ana, [&] { EXPECT_TRUE(center.now(callbacks.schedule(call, {agent(ana), false, {}, {}}, wish))); });
}

TEST_F(loads, are_exact_after_capacities_have_changed) {
    store::agents agents{center.db};
    store::users users{center.db};
    store::agent_change terms;
    terms.channels = std::vector<agent_channel>{{"email", 1, 10}};
    beside_another(ana, [&] { EXPECT_TRUE(center.now(agents.put(ana, terms, {}, {}))); });
    has_waited = false;
    center.sql(
        "INSERT INTO users (login, name, roles, password_hash) VALUES ('admin', 'Admin', '[6]', 'x')"); // somebody must
                                                                                                        // remain
    patch<user> units;
    units.set<&user::units>(5);
    beside_another(ben, [&] { EXPECT_TRUE(center.now(users.change(ben, units, {}, {}, {}))); });
}

/// The statement alone: what it did before, when it locked the loads itself, was to lose the one that it waited for.
TEST_F(loads, that_a_statement_waited_for_do_not_drop_out_of_it) {
    offer(mail, ana);
    const auto second = center.ticket();
    offer(second, ben);
    beside_another(ben, [&] {
        EXPECT_THAT(center.commit({center.end(mail, ana), center.end(second, ben)}), ElementsAre(true, true));
    });
    EXPECT_EQ(center.sql(fmt::format("SELECT used FROM agent_load WHERE agent_id = {} AND channel = 'email'", ben)),
              "1")
        << "the other's";
}

/// As a node does that was stopped in the middle of a transaction.
TEST_F(loads, and_tickets_that_somebody_holds_delay_only_what_needs_them) {
    const auto second = center.ticket(), third = center.ticket();
    offer(mail, ana);
    for (const auto& held : {fmt::format("SELECT FROM ticket WHERE id = {} FOR UPDATE", second),
                             fmt::format("SELECT FROM agent_load WHERE agent_id = {} FOR UPDATE", ana)}) {
        pqxx::connection c{center.database.url()};
        pqxx::work holder{c};
        holder.exec(held);
        const bool ticket_is_held = held.contains("ticket");
        const std::vector writes{center.end(mail, ana), center.offer(mail, ben), center.offer(second, ben),
                                 center.offer(third, ben)};
        for (const bool may_wait : {true, false}) {
            const auto done = center.now(center.routing.commit(center.epoch, writes, may_wait));
            if (ticket_is_held)
                EXPECT_THAT(done.busy, ElementsAre(false, false, true, false));
            else
                EXPECT_THAT(done.busy, ElementsAre(true, true, false, false)) << "the second follows the first";
            EXPECT_FALSE(done.fenced);
        }
        holder.commit();
        EXPECT_EQ(center.wrong_loads(), "");
        EXPECT_EQ(center.sql(fmt::format("SELECT state FROM ticket WHERE id = {}", third)), "offered");
    }
}

TEST_F(loads, that_have_leaked_are_mended_once_and_said) {
    offer(mail, ana);
    accept(center.ticket(), ben);
    EXPECT_THAT(center.now(center.routing.mend_loads(center.epoch)), SizeIs(0));
    center.sql(
        fmt::format("UPDATE agent_load SET used = used + 3, extra = 2 WHERE agent_id = {} AND channel = 'email'", ana));
    center.sql(fmt::format("UPDATE agent_load SET used = 0 WHERE agent_id = {}", ben));
    const auto mended = center.now(center.routing.mend_loads(center.epoch));
    ASSERT_THAT(mended, SizeIs(3)) << "e-mails of Ana; units and e-mails of Ben";
    EXPECT_EQ(mended[0].agent, ana);
    EXPECT_EQ(mended[0].channel, "email");
    EXPECT_EQ(mended[0].was, 4);
    EXPECT_EQ(mended[0].is, 1);
    EXPECT_EQ(center.wrong_loads(), "");
    EXPECT_THAT(center.now(center.routing.mend_loads(center.epoch)), SizeIs(0));
    EXPECT_THAT(center.now(center.routing.mend_loads(center.epoch - 1)), SizeIs(0))
        << "whoever lost the lease mends nothing";
}

} // namespace
} // namespace switchboard::test
