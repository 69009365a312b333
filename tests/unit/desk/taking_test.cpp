#include "unit/desk/at_hand.hpp"

namespace switchboard::desk {
namespace {

using events::taking;
using testing::Contains;

ticket_at_hand for_ben(ticket_at_hand at) {
    at.taker = free_agent(ben, at);
    return at;
}

} // namespace

TEST(assignments, give_a_ticket_to_somebody_past_skill_and_capacity) {
    auto at = for_ben(in_hand());
    fill(*at.taker);
    at.taker->lacking_skills = "skill Tax";
    const auto c = decide_assignment(at, boss, "knows him");
    ASSERT_TRUE(c) << why(c);
    EXPECT_EQ(c->row.owner_id, ben.user_id);
    EXPECT_EQ(c->row.state, ticket_state::active);
    EXPECT_EQ(c->ends_offers, "assigned to Ben");
    EXPECT_EQ(c->handed->how, taking::assigned);
    EXPECT_EQ(c->handed->reason, "knows him");
    EXPECT_EQ(c->handed->past_skill, "skill Tax");
    EXPECT_TRUE(c->handed->past_capacity);
    EXPECT_EQ(c->told->released, ana.user_id);
    EXPECT_EQ(c->begun_by, std::nullopt) << "what a supervisor gives him is not of his own will";
}

TEST(assignments, never_pass_over_a_licence) {
    auto at = for_ben(waiting());
    at.taker->uncovered_licence = "Insurance (EU)";
    EXPECT_EQ(why(decide_assignment(at, boss, "x")),
              "conflict: licence: Ben does not hold a valid Insurance (EU); nobody can be assigned past a licence");
}

TEST(assignments, never_go_to_who_may_take_no_tickets) {
    auto at = for_ben(waiting());
    at.taker->takes_work = false;
    EXPECT_EQ(why(decide_assignment(at, boss, "x")),
              "conflict: role: no role of Ben permits to read and answer tickets; "
              "nobody can be assigned past that");
}

TEST(assignments, need_an_agent_who_has_not_got_it) {
    auto at = in_hand();
    EXPECT_EQ(why(decide_assignment(at, boss, "x")), "invalid agent_id: there is no such agent");
    at.taker = free_agent(ana, at);
    EXPECT_EQ(why(decide_assignment(at, boss, "x")), "conflict: Ana has this ticket already");
    at.taker->active = false;
    EXPECT_EQ(why(decide_assignment(at, boss, "x")), "invalid agent_id: there is no such agent");
}

TEST(assignments, count_the_room_that_the_agents_own_offer_takes_already) {
    auto at = for_ben(ringing());
    at.taker->places->used = 1;
    at.taker->units->used = 100;
    EXPECT_FALSE(decide_assignment(at, boss, "x")->handed->past_capacity);
    at.ticket.offers.pop_back(); // not offered to Ben
    EXPECT_TRUE(decide_assignment(at, boss, "x")->handed->past_capacity);
}

TEST(claims, are_offer_and_acceptance_in_one) {
    const auto c = decide_claim(for_ben(waiting()), ben);
    ASSERT_TRUE(c) << why(c);
    EXPECT_EQ(c->row.owner_id, ben.user_id);
    EXPECT_EQ(c->handed->how, taking::claimed);
    EXPECT_EQ(c->begun_by, ben.user_id);
    EXPECT_FALSE(c->told) << "that it was accepted says it all";
}

TEST(claims, are_of_who_may_take_tickets) {
    auto at = for_ben(waiting());
    at.taker->takes_work = false;
    EXPECT_EQ(why(decide_claim(at, ben)), "conflict: your roles do not permit that you are given tickets");
}

TEST(claims, are_asked_what_routing_asks) {
    auto at = for_ben(waiting());
    at.taker->is_member = false;
    at.taker->lacking_skills = "skill Law, skill Tax";
    EXPECT_EQ(why(decide_claim(at, ben)),
              "conflict: you cannot take this ticket: not a member of the queue, skill Law, skill Tax");
    at = for_ben(waiting("phone"));
    at.taker->in_hand.push_back({.channel = "chat", .weight = 5});
    EXPECT_EQ(why(decide_claim(at, ben)), "conflict: you cannot take this ticket beside the chat that you have");
    at = for_ben(waiting("phone"));
    at.taker->in_hand.push_back({.channel = "email", .weight = 0, .interruptible = true});
    EXPECT_TRUE(decide_claim(at, ben)) << "a call parks what may be interrupted";
    at.taker->uncovered_licence = "Insurance (EU)";
    EXPECT_EQ(why(decide_claim(at, ben)), "conflict: licence: you do not hold a valid Insurance (EU)");
    EXPECT_EQ(why(decide_claim(for_ben(in_hand()), ben)), "conflict: you cannot claim a ticket that is active");
}

TEST(taking_a_call, is_the_first_answer_where_somebody_is_on_the_line) {
    const auto answers = [](ticket_at_hand at) {
        return testing::Value(told(decide_claim(for_ben(std::move(at)), ben)->promise), Contains("first_answer met"));
    };
    EXPECT_TRUE(answers(waiting("phone")));
    EXPECT_FALSE(answers(waiting("email")));
    auto at = waiting("phone");
    at.ticket.left_message = true;
    EXPECT_FALSE(answers(at));
    at = waiting("phone");
    at.callback = open_callback(noon);
    EXPECT_FALSE(answers(at)) << "who is to be called back is not there yet";
}

TEST(offers, are_accepted_by_the_first_and_end_for_the_others) {
    auto at = ringing();
    at.taker = free_agent(ana, at);
    const auto c = decide_acceptance(at, ana.user_id);
    ASSERT_TRUE(c) << why(c);
    EXPECT_EQ(c->row.owner_id, ana.user_id);
    EXPECT_EQ(c->row.state, ticket_state::active);
    EXPECT_EQ(c->answered->offer_id, 501);
    EXPECT_TRUE(c->answered->accepted);
    EXPECT_EQ(c->ends_offers, "somebody else was quicker");
}

TEST(offers, are_not_accepted_too_late_by_others_or_without_a_role_or_a_licence) {
    auto at = ringing();
    at.taker = free_agent(ana, at);
    EXPECT_EQ(why(decide_acceptance(at, ben.user_id)), "not_found: there is no such offer for you");
    at.offer->is_over = true;
    EXPECT_EQ(why(decide_acceptance(at, ana.user_id)), "conflict: expired");
    at.offer->is_over = false;
    at.offer->state = offer_state::rescinded;
    EXPECT_EQ(why(decide_acceptance(at, ana.user_id)), "conflict: rescinded");
    at.ticket.owner_id = ben.user_id;
    EXPECT_EQ(why(decide_acceptance(at, ana.user_id)), "conflict: taken");
    at.offer->state = offer_state::offered;
    at.taker->takes_work = false;
    EXPECT_EQ(why(decide_acceptance(at, ana.user_id)),
              "forbidden: your roles do not permit that you are given tickets");
    at.taker->takes_work = true;
    at.taker->uncovered_licence = "Insurance (EU)";
    EXPECT_EQ(why(decide_acceptance(at, ana.user_id)), "conflict: licence: you do not hold a valid Insurance (EU)");
}

TEST(offers, answered_twice_are_as_they_were) {
    auto at = ringing();
    at.offer->state = offer_state::active;
    const auto accepted = decide_acceptance(at, ana.user_id);
    ASSERT_TRUE(accepted) << why(accepted);
    EXPECT_FALSE(accepted->answered);
    at.offer->state = offer_state::declined;
    const auto declined = decide_refusal(at, ana.user_id, "lunch");
    ASSERT_TRUE(declined) << why(declined);
    EXPECT_FALSE(declined->answered);
}

TEST(offers, that_the_last_one_declines_wait_again) {
    auto at = ringing();
    auto c = decide_refusal(at, ana.user_id, "lunch");
    EXPECT_EQ(c->row.version, at.ticket.version) << "it rings at Ben still";
    EXPECT_FALSE(c->answered->accepted);
    EXPECT_EQ(c->answered->reason, "lunch");
    at.ticket.offers.pop_back();
    EXPECT_EQ(decide_refusal(at, ana.user_id, "lunch")->row.state, ticket_state::waiting);
    at.offer->state = offer_state::timed_out;
    EXPECT_EQ(why(decide_refusal(at, ana.user_id, "lunch")), "conflict: the offer is timed_out already");
}

TEST(presences, wait_for_the_next_ticket_or_hold_at_once) {
    store::presence_at_hand at{.known_reason = ""};
    auto c = decide_presence(at, {.state = presence_state::ready, .after_current = true});
    EXPECT_EQ(c->state, presence_state::ready);
    EXPECT_TRUE(c->after_current);
    at.has_work = true;
    c = decide_presence(at, {.state = presence_state::ready, .after_current = true});
    EXPECT_EQ(c->state, presence_state::not_ready);
    EXPECT_EQ(c->reason, "after this one");
    EXPECT_FALSE(c->after_current);
    at.takes_work = false;
    for (const auto state : {presence_state::ready, presence_state::not_ready})
        EXPECT_EQ(decide_presence(at, {.state = state}).error().detail, no_work_for_you);
    EXPECT_TRUE(decide_presence(at, {.state = presence_state::offline})) << "which is what he is";
    at.takes_work = true;
    at.known_reason.reset();
    const auto no = decide_presence(at, {.state = presence_state::not_ready, .reason = "tea"});
    ASSERT_FALSE(no);
    EXPECT_EQ(no.error().errors.front().field, "reason");
}

} // namespace switchboard::desk
