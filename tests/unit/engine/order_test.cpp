#include "unit/engine/small_center.hpp"

#include <algorithm>
#include <map>
#include <random>

namespace switchboard::routing {
namespace {

/// One busy agent; whoever is offered next shows the order of the tickets.
class order_of_tickets : public small_center {
protected:
    void SetUp() override {
        sign_in(agent(1));
        occupy(1, 99);
    }
    void wait(ticket_id id, int tier, int priority) {
        auto t = ticket(id);
        t.tier = tier;
        t.priority = priority;
        arrive(t);
        pass(seconds{1});
    }
    /// Ends one ticket after the other and says which ones came.
    std::vector<ticket_id> served() {
        std::vector<ticket_id> ids;
        for (ticket_id busy_with = 99;;) {
            out_.clear();
            release(busy_with, 1);
            const auto offers = said<make_offer>();
            if (offers.empty()) return ids;
            busy_with = offers.at(0).ticket;
            ids.push_back(busy_with);
            accept(busy_with, 1);
        }
    }
};

TEST_F(order_of_tickets, the_oldest_is_first) {
    wait(12, 0, 0);
    wait(11, 0, 9);
    wait(10, 0, 0);
    EXPECT_EQ(served(), (std::vector<ticket_id>{12, 11, 10}));
}

TEST_F(order_of_tickets, a_tier_comes_before_all_later_tiers) {
    wait(10, 1, 0);
    wait(11, 0, 0);
    wait(12, 2, 0);
    EXPECT_EQ(served(), (std::vector<ticket_id>{11, 10, 12}));
}

TEST_F(order_of_tickets, a_new_tier_counts_while_it_is_offered_once_the_offer_has_ended) {
    wait(10, 1, 0);
    wait(11, 1, 0);
    release(99, 1);
    ASSERT_EQ(offered(10), 1);
    EXPECT_TRUE(engine_.reorder(10, 2, 0, {}, 7));
    EXPECT_EQ(offered(10), 1) << "the offer stands";
    EXPECT_FALSE(engine_.reorder(11, 2, 0, {}, 7)) << "what waits is told whole";
    sign_in(agent(2), {});
    engine_.presence(1, {}, now_, out_);
    ASSERT_EQ(offered(10), std::nullopt);
    out_.clear();
    engine_.presence(2, all_channels, now_, out_);
    EXPECT_EQ(offered(11), 2);
}

TEST_F(order_of_tickets, aging_counts_a_priority_as_time_and_no_more) {
    put(queue_config{.id = 1, .order = order_mode::aging, .boost = queue_config::linear_boost(seconds{60})});
    wait(10, 0, 0);
    wait(11, 0, 1);
    pass(seconds{60});
    wait(12, 0, 1); // came more than a minute after 10: its boost is not enough
    EXPECT_EQ(served(), (std::vector<ticket_id>{11, 10, 12}));
}

TEST_F(order_of_tickets, a_change_of_order_applies_to_those_who_wait_already) {
    wait(10, 0, 0);
    wait(11, 0, 1);
    put(queue_config{.id = 1, .order = order_mode::aging});
    EXPECT_EQ(served(), (std::vector<ticket_id>{11, 10}));
}

TEST_F(order_of_tickets, of_two_at_the_same_moment_the_lower_number_is_first) {
    call(11);
    call(10);
    EXPECT_EQ(served(), (std::vector<ticket_id>{10, 11}));
}

TEST_F(order_of_tickets, holds_in_a_long_queue_that_many_leave) {
    std::mt19937 random(1);
    std::map<timestamp, ticket_id> left;
    for (ticket_id id = 1000; id < 2000; ++id) {
        auto t = ticket(id);
        t.enqueued_at = now_ + std::chrono::microseconds{random()};
        arrive(t);
        left[t.enqueued_at] = id;
    }
    std::vector<ticket_id> expected, leaving;
    for (const auto& [at, id] : left) (random() % 3 == 0 ? expected : leaving).push_back(id);
    std::ranges::shuffle(leaving, random);
    for (const auto id : leaving) EXPECT_TRUE(engine_.gone(id, now_, out_));
    EXPECT_EQ(served(), expected);
}

TEST_F(order_of_tickets, one_that_comes_back_has_its_old_place) {
    sign_in(agent(2)); // there, but busy
    occupy(2, 98);
    wait(10, 0, 0);
    wait(11, 0, 0);
    release(99, 1);
    ASSERT_EQ(offered(10), 1);
    decline(10, 1); // 11 is next for this agent, but 10 is still the oldest
    ASSERT_EQ(offered(11), 1);
    accept(11, 1);
    pass(seconds{30});
    wait(12, 0, 0);
    release(11, 1);
    EXPECT_EQ(offered(10), 1);
}

using order_of_agents = small_center;

TEST_F(order_of_agents, the_longest_idle_is_asked_first) {
    for (agent_id a = 1; a <= 3; ++a) sign_in(agent(a));
    call(10);
    EXPECT_EQ(offered(10), 1);
    accept(10, 1);
    release(10, 1); // now the last in the row
    call(11);
    call(12);
    call(13);
    EXPECT_EQ(offered(11), 2);
    EXPECT_EQ(offered(12), 3);
    EXPECT_EQ(offered(13), 1);
}

TEST_F(order_of_agents, a_lower_rank_comes_before_idle_time) {
    sign_in({.id = 1, .memberships = {{.queue = 1, .rank = 1}}});
    sign_in({.id = 2, .memberships = {{.queue = 1, .rank = 0}}});
    call(10);
    EXPECT_EQ(offered(10), 2);
}

TEST_F(order_of_agents, the_agent_whom_the_customer_knows_comes_before_all) {
    sign_in({.id = 1, .memberships = {{.queue = 1, .rank = 0}}});
    sign_in({.id = 2, .memberships = {{.queue = 1, .rank = 5}}});
    auto t = ticket(10);
    t.affinity = {2};
    arrive(t);
    EXPECT_EQ(offered(10), 2);
    EXPECT_TRUE(said<make_offer>().at(0).facts.by_affinity);
}

TEST_F(order_of_agents, an_idle_agent_comes_before_one_who_works_already) {
    sign_in(agent(1));
    arrive(ticket(10, channel::chat));
    accept(10, 1);
    sign_in(agent(2));
    arrive(ticket(11, channel::chat));
    arrive(ticket(12, channel::chat));
    EXPECT_EQ(offered(11), 2);
    EXPECT_EQ(offered(12), 1); // both have one now; agent 1 got theirs earlier
}

TEST_F(order_of_agents, a_caller_who_hangs_up_does_not_cost_the_agent_the_place) {
    sign_in(agent(1));
    sign_in(agent(2));
    call(10);
    ASSERT_EQ(offered(10), 1);
    engine_.gone(10, now_, out_);
    call(11);
    EXPECT_EQ(offered(11), 1);
}

} // namespace
} // namespace switchboard::routing
