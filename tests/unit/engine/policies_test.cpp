#include "unit/engine/small_center.hpp"

namespace switchboard::routing {
namespace {

constexpr skill_id french = 1, tax = 2;

class agent_policies : public small_center {
protected:
    void use(agent_policy p) { put(queue_config{.id = 1, .policy = p}); }
    static agent_config skilled(agent_id id, int french_level, int tax_level, int grade = 9) {
        auto a = agent(id);
        a.skills = {{french, french_level}, {tax, tax_level}};
        a.grade = grade;
        return a;
    }
    void question(ticket_id id, int difficulty = 0) {
        auto t = ticket(id);
        t.skills = {{french, 2, {}}, {tax, 1, {}}};
        t.difficulty = difficulty;
        arrive(t);
    }
};

TEST_F(agent_policies, best_skill_asks_the_highest_sum_of_levels_that_count) {
    use(agent_policy::best_skill);
    sign_in(skilled(1, 9, 1));
    sign_in(skilled(2, 6, 6));
    question(10);
    EXPECT_EQ(offered(10), 2);
    EXPECT_LT(said<make_offer>().at(0).facts.score, (1u << 20) - 10); // twelve points
    auto only_french = ticket(11);
    only_french.skills = {{french, 2, {}}};
    engine_.gone(10, now_, out_);
    arrive(only_french);
    EXPECT_EQ(offered(11), 1);
}

TEST_F(agent_policies, least_overqualified_leaves_experts_free_for_hard_questions) {
    use(agent_policy::least_overqualified);
    sign_in(skilled(1, 5, 5, 9));
    sign_in(skilled(2, 9, 9, 3));
    sign_in(skilled(3, 3, 3, 3)); // as junior as 2, and closer to what is asked
    question(10);
    EXPECT_EQ(offered(10), 3);
    question(11, 3);
    EXPECT_EQ(offered(11), 2);
    question(12, 4);
    EXPECT_EQ(offered(12), 1);
}

TEST_F(agent_policies, least_loaded_counts_units_in_use_not_idle_time) {
    put(queue_config{.id = 1, .policy = agent_policy::least_loaded});
    sign_in(agent(1));
    sign_in(agent(2));
    for (ticket_id t = 10; t < 13; ++t) arrive(ticket(t, channel::chat));
    EXPECT_EQ(engine_.agent(1)->offered, 2u);
    EXPECT_EQ(engine_.agent(2)->offered, 1u);
    arrive(ticket(13, channel::chat));
    EXPECT_EQ(engine_.agent(2)->offered, 2u);
    engine_.gone(10, now_, out_);
    engine_.gone(12, now_, out_);
    arrive(ticket(14, channel::chat));
    arrive(ticket(15, channel::chat)); // agent 1 had none: gets both
    EXPECT_EQ(engine_.agent(1)->offered, 2u);
}

TEST_F(agent_policies, round_robin_goes_round_however_long_the_calls_are) {
    use(agent_policy::round_robin);
    for (agent_id a = 1; a <= 3; ++a) sign_in(agent(a));
    std::vector<agent_id> asked;
    for (ticket_id t = 10; t < 16; ++t) {
        call(t);
        asked.push_back(offered(t).value());
        engine_.gone(t, now_, out_); // agents keep their place in the idle order, not in the round
    }
    EXPECT_EQ(asked, (std::vector<agent_id>{1, 2, 3, 1, 2, 3}));
}

TEST_F(agent_policies, fewest_today_counts_what_was_begun_and_forgets_it_on_a_new_day) {
    use(agent_policy::fewest_today);
    sign_in(agent(1));
    sign_in(agent(2));
    const auto serve = [&](ticket_id t) {
        call(t);
        const auto who = offered(t).value();
        accept(t, who);
        release(t, who);
        return who;
    };
    ASSERT_TRUE(engine_.restore_today(1, 2));
    EXPECT_EQ(serve(10), 2);
    EXPECT_EQ(serve(11), 2);
    EXPECT_EQ(serve(12), 1); // two each: 1 is idle longer
    EXPECT_EQ(serve(13), 2);
    EXPECT_EQ(serve(14), 1); // three each
    engine_.new_day(now_, out_);
    EXPECT_EQ(serve(15), 2); // none each: again by idle time
}

TEST_F(agent_policies, membership_rank_comes_before_every_policy) {
    use(agent_policy::best_skill);
    auto expert = skilled(1, 9, 9);
    expert.memberships[0].rank = 1;
    sign_in(expert);
    sign_in(skilled(2, 2, 1));
    question(10);
    EXPECT_EQ(offered(10), 2);
}

/// Two queues of calls for one busy agent; says from which queue each next call came.
class ratio : public small_center {
protected:
    void SetUp() override {
        put(queue_config{.id = 1, .order = order_mode::fqr, .fqr_share = .25});
        put(queue_config{.id = 2, .order = order_mode::fqr, .fqr_share = .75});
        sign_in({.id = 1, .memberships = {{.queue = 1}, {.queue = 2}}});
        occupy(1, 99);
    }
    void wait(ticket_id id, queue_id queue, int tier = 0) {
        auto t = ticket(id);
        t.queue = queue;
        t.tier = tier;
        arrive(t);
        pass(seconds{1});
    }
    queue_id next() {
        out_.clear();
        release(busy_with_, 1);
        const auto o = said<make_offer>().at(0);
        busy_with_ = o.ticket;
        accept(busy_with_, 1);
        return o.queue;
    }
    ticket_id busy_with_ = 99;
};

TEST_F(ratio, serves_the_queue_that_is_furthest_above_its_share) {
    for (ticket_id t = 10; t < 14; ++t) wait(t, 2);
    for (ticket_id t = 20; t < 24; ++t) wait(t, 1);
    // 4 and 4 wait where 2 and 6 should: from queue 1, although all of queue 2 is older.
    EXPECT_EQ(next(), 1);
    EXPECT_EQ(next(), 1); // 3 of 7 against 1.75
    EXPECT_EQ(next(), 1); // 2 of 6 against 1.5
    EXPECT_EQ(next(), 2); // 1 of 5 against 1.25: below its share
}

TEST_F(ratio, comes_after_the_tier) {
    for (ticket_id t = 10; t < 14; ++t) wait(t, 1, 1);
    wait(20, 2, 0);
    EXPECT_EQ(next(), 2);
}

class due_first : public small_center {
protected:
    void SetUp() override {
        put(queue_config{.id = 1, .order = order_mode::edf, .due_in = seconds{600}});
        sign_in(agent(1));
        occupy(1, 99);
    }
};

TEST_F(due_first, takes_what_is_due_first_and_priority_as_time) {
    auto relaxed = ticket(10), urgent = ticket(11), important = ticket(12), plain = ticket(13);
    relaxed.due_at = now_ + seconds{900};
    urgent.due_at = now_ + seconds{300};
    important.due_at = now_ + seconds{900};
    important.priority = 9; // nine minutes: counts as due in six
    for (const auto& t : {relaxed, urgent, important, plain}) arrive(t);
    std::vector<ticket_id> served;
    for (ticket_id with = 99; served.size() < 4;) {
        out_.clear();
        release(with, 1);
        with = said<make_offer>().at(0).ticket;
        served.push_back(with);
        accept(with, 1);
    }
    EXPECT_EQ(served, (std::vector<ticket_id>{11, 12, 13, 10}));
}

} // namespace
} // namespace switchboard::routing
