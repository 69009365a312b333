#include "unit/engine/small_center.hpp"

#include <algorithm>
#include <numeric>

namespace switchboard::routing {
namespace {

constexpr skill_id french = 1;

using explanations = small_center;

TEST_F(explanations, name_who_could_take_a_ticket_and_who_almost_could) {
    auto speaker = agent(1), beginner = agent(2), away = agent(3), stranger = agent(4);
    for (auto* a : {&speaker, &away}) a->skills = {{french, 5}};
    stranger.memberships.clear();
    for (const auto* a : {&speaker, &beginner, &stranger}) sign_in(*a);
    put(away);
    occupy(1, 99);
    auto t = ticket(10);
    t.skills = {{french, 3, {}}};
    arrive(t);

    const auto e = engine_.explain(10, now_).value();
    ASSERT_EQ(e.could.size(), 1u);
    EXPECT_EQ(e.could[0].agent, 1);
    EXPECT_TRUE(e.could[0].reasons.contains(exclusion::busy));
    ASSERT_EQ(e.almost.size(), 2u);
    EXPECT_EQ(e.almost[0].agent, 2);
    EXPECT_TRUE(e.almost[0].reasons.contains(exclusion::skill));
    EXPECT_EQ(e.almost[1].agent, 3);
    EXPECT_TRUE(e.almost[1].reasons.contains(exclusion::not_signed_in));
    const auto count = [&](exclusion x) { return e.excluded[static_cast<std::size_t>(x)]; };
    EXPECT_EQ(count(exclusion::skill), 1u); // agent 2
    EXPECT_EQ(count(exclusion::no_member), 1u) << "agent 4, who lacks the skill too, counts once";
    EXPECT_EQ(std::accumulate(e.excluded.begin(), e.excluded.end(), std::size_t{0}), 4u);
    EXPECT_EQ(count(exclusion::licence), 0u);
    EXPECT_EQ(e.members, 3u);
    const shortfall term{.id = french, .min = 3};
    EXPECT_EQ(e.lacking.at(term), 1u);
    EXPECT_EQ(e.almost[0].lacks, std::vector{term}) << "level 0";
    ASSERT_EQ(e.others.size(), 1u) << "agent 4, for more than one reason";
    EXPECT_FALSE(engine_.explain(99, now_)); // does not wait
}

TEST_F(explanations, know_the_passing_reasons_too) {
    put(queue_config{.id = 2, .reserve = 5});
    sign_in({.id = 1, .memberships = {{.queue = 1}, {.queue = 2, .delay = seconds{60}}}});
    auto mail = ticket(10, channel::email);
    mail.queue = 2;
    mail.refused = {{1, now_ + seconds{120}}};
    arrive(mail);
    const auto first = [&] {
        const auto e = engine_.explain(10, now_).value();
        const auto at = std::ranges::find(e.excluded, 1u);
        return to_string(static_cast<exclusion>(at - e.excluded.begin()));
    };
    EXPECT_EQ(first(), "delay");
    pass(seconds{60});
    EXPECT_EQ(first(), "refused");
    pass(seconds{60});
    EXPECT_EQ(first(), "reserve");
}

TEST_F(explanations, say_who_declined_it_and_until_when_he_is_left_alone) {
    sign_in(agent(1));
    call(10);
    decline(10, 1);
    pass(seconds{20});
    const auto e = engine_.explain(10, now_).value();
    EXPECT_TRUE(e.could.empty());
    ASSERT_EQ(e.almost.size(), 1u);
    EXPECT_EQ(e.almost[0].refused->declined_at, now_ - seconds{20});
    EXPECT_EQ(e.almost[0].refused->until, now_ + seconds{10});
}

TEST_F(explanations, tell_an_agent_at_whom_another_rings_from_one_without_room) {
    sign_in(agent(1));
    sign_in(agent(2));
    occupy(2, 99);
    arrive(ticket(10, channel::email));
    arrive(ticket(11, channel::email));
    const auto e = engine_.explain(11, now_).value();
    ASSERT_EQ(e.could.size(), 2u);
    EXPECT_TRUE(e.could[0].reasons.contains(exclusion::ringing));
    EXPECT_TRUE(e.could[1].reasons.contains(exclusion::busy));
    EXPECT_EQ(e.excluded[static_cast<std::size_t>(exclusion::ringing)], 1u);
    EXPECT_EQ(e.excluded[static_cast<std::size_t>(exclusion::busy)], 1u);
}

TEST_F(explanations, of_an_offer_count_nobody_as_free_who_refused_it) {
    for (agent_id a = 1; a <= 3; ++a) sign_in(agent(a));
    call(10);
    decline(10, 1);
    const auto f = said<make_offer>().at(1).facts;
    EXPECT_EQ(f.free, 3u);
    EXPECT_EQ(f.refused, 1u) << "of the three";
}

TEST_F(explanations, estimate_the_wait_by_those_ahead_and_the_pace_of_their_class) {
    sign_in(agent(1));
    for (ticket_id t = 10; t < 20; ++t) call(t);
    EXPECT_EQ(engine_.explain(19, now_)->ahead, 8u);
    EXPECT_FALSE(engine_.explain(19, now_)->estimated_wait); // nobody has been served yet
    for (ticket_id t = 10; t < 14; ++t) {
        accept(t, 1);
        pass(seconds{180}); // three minutes a call
        release(t, 1);
    }
    accept(14, 1);
    const auto e = engine_.explain(19, now_).value();
    EXPECT_EQ(e.ahead, 4u);
    EXPECT_EQ(e.estimated_wait, seconds{5 * 180});
}

TEST_F(explanations, of_an_offer_hold_the_agents_compared) {
    for (agent_id a = 1; a <= 3; ++a) {
        auto one = agent(a);
        one.memberships[0].rank = static_cast<int>(3 - a);
        sign_in(one);
    }
    sign_in(agent(4), {channel::email});
    call(10);
    const auto f = said<make_offer>().at(0).facts;
    EXPECT_EQ(offered(10), 3);
    EXPECT_TRUE(f.agents_compared);
    EXPECT_EQ(f.signed_in, 3u);
    EXPECT_EQ(f.free, 3u);
    EXPECT_EQ(f.considered, 3u);
    EXPECT_EQ(f.candidates[2].id, 3);
    EXPECT_EQ(f.candidates[2].rank, 0);
}

TEST_F(explanations, of_an_offer_to_an_agent_who_became_free_hold_the_tickets_compared) {
    auto a = agent(1);
    a.skills = {{french, 5}};
    sign_in(a);
    occupy(1, 99);
    call(10);
    pass(seconds{1});
    auto t = ticket(11);
    t.skills = {{french, 3, {}}};
    arrive(t);
    release(99, 1);
    const auto f = said<make_offer>().at(0).facts;
    EXPECT_FALSE(f.agents_compared);
    EXPECT_EQ(f.considered, 2u);
    EXPECT_EQ(f.candidates[0].id, 10);
    EXPECT_EQ(f.candidates[1].id, 11);
    EXPECT_EQ(f.candidates[0].order, f.order_key);
}

} // namespace
} // namespace switchboard::routing
