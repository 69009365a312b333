#include "unit/engine/small_center.hpp"

namespace switchboard::routing {
namespace {

/// The customer of every ticket knows agent 1, who is on call 99; agent 2 is free.
class holds : public small_center {
protected:
    void SetUp() override {
        sign_in(agent(1));
        occupy(1, 99);
        sign_in(agent(2));
    }
    waiting_ticket known(ticket_id id, seconds hold = seconds{60}) {
        auto t = ticket(id);
        t.affinity = {1};
        t.hold_until = now_ + hold;
        return t;
    }
};

TEST_F(holds, keep_a_ticket_for_the_agent_whom_the_customer_knows) {
    arrive(known(10));
    EXPECT_TRUE(engine_.is_waiting(10));
    EXPECT_EQ(engine_.explain(10, now_)->held_for, 1);
    pass(seconds{59});
    release(99, 1);
    EXPECT_EQ(offered(10), 1);
    EXPECT_TRUE(said<make_offer>().at(0).facts.by_affinity);
}

TEST_F(holds, end_after_their_time) {
    arrive(known(10));
    pass(seconds{60});
    EXPECT_EQ(offered(10), 2);
}

TEST_F(holds, are_skipped_when_the_agent_is_away_and_end_when_the_agent_leaves) {
    arrive(known(10));
    engine_.presence(1, {}, now_, out_);
    EXPECT_EQ(offered(10), 2);
    sign_in(agent(3));
    arrive(known(11));
    EXPECT_EQ(offered(11), 3);
}

TEST_F(holds, do_not_let_a_ticket_jump_the_queue) {
    occupy(2, 98);
    call(10);
    pass(seconds{1});
    arrive(known(11));
    release(99, 1);
    EXPECT_EQ(offered(10), 1);
    EXPECT_TRUE(engine_.is_waiting(11));
    EXPECT_EQ(engine_.counts(1).waiting, 1u);
}

TEST_F(holds, go_to_the_next_known_agent_when_the_first_declines) {
    release(99, 1);
    auto t = known(10);
    t.affinity = {1, 2};
    arrive(t);
    ASSERT_EQ(offered(10), 1);
    decline(10, 1);
    EXPECT_EQ(offered(10), 2);
}

class fan_out : public small_center {
protected:
    void SetUp() override {
        put(queue_config{.id = 1, .fan_out = 2});
        for (agent_id a = 1; a <= 3; ++a) sign_in(agent(a));
        call(10);
        ASSERT_EQ(said<make_offer>().size(), 2u);
    }
};

TEST_F(fan_out, offers_to_the_best_k_at_once_and_takes_the_capacity_of_each) {
    EXPECT_EQ(said<make_offer>().at(0).agent, 1);
    EXPECT_EQ(said<make_offer>().at(1).agent, 2);
    EXPECT_EQ(said<make_offer>().at(1).version, said<make_offer>().at(0).version + 1);
    EXPECT_EQ(said<make_offer>().at(1).facts.sibling, 1);
    call(11);
    EXPECT_EQ(offered(11), 3); // alone: the two others are rung
    EXPECT_EQ(engine_.counts(1).offered, 2u);
}

TEST_F(fan_out, gives_it_to_the_first_who_accepts) {
    accept(10, 2);
    const auto ended = said<end_offer>().at(0);
    EXPECT_EQ(ended.agent, 1);
    EXPECT_EQ(ended.reason, end_reason::sibling_won);
    EXPECT_FALSE(ended.waits_again);
    EXPECT_EQ(engine_.agent(2)->items.size(), 1u);
    call(11);
    call(12);
    EXPECT_EQ(offered(11), 1); // whose place in the idle order is the old one
}

TEST_F(fan_out, rings_at_the_next_when_one_declines_and_waits_again_when_all_have) {
    out_.clear();
    decline(10, 1);
    ASSERT_EQ(said<make_offer>().size(), 1u);
    EXPECT_EQ(said<make_offer>()[0].agent, 3);
    EXPECT_EQ(said<make_offer>()[0].facts.sibling, 1);
    decline(10, 2);
    EXPECT_EQ(offered(10), 3);
    EXPECT_FALSE(engine_.is_waiting(10));
    out_.clear();
    decline(10, 3);
    EXPECT_TRUE(said<make_offer>().empty()); // nobody else is left, and they said no
    EXPECT_TRUE(engine_.is_waiting(10));
}

TEST_F(fan_out, rings_at_who_comes_while_it_rings_unless_something_waits) {
    decline(10, 2);
    engine_.presence(3, {}, now_, out_); // it rings at one alone
    auto t = ticket(11);
    t.skills = {{1, 1, {}}};
    arrive(t); // and this one waits for somebody with a skill
    out_.clear();
    auto skilled = agent(4);
    skilled.skills = {{1, 5}};
    sign_in(skilled);
    EXPECT_EQ(offered(11), 4) << "what waits comes first";
    EXPECT_EQ(said<make_offer>().size(), 1u);
    sign_in(agent(5));
    EXPECT_EQ(said<make_offer>().back().ticket, 10);
    EXPECT_EQ(said<make_offer>().back().agent, 5);
}

TEST_F(fan_out, ends_every_offer_of_a_caller_who_hangs_up) {
    engine_.gone(10, now_, out_);
    EXPECT_EQ(said<end_offer>().size(), 2u);
    EXPECT_EQ(engine_.counts(1).offered, 0u);
}

} // namespace
} // namespace switchboard::routing
