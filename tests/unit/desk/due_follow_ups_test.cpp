#include "unit/desk/at_hand.hpp"

#include <switchboard/desk/by_itself.hpp>

namespace switchboard::desk {
namespace {

using events::ticket_change;
using testing::Contains;
using testing::Not;

/// Due now, and Ana would have the ticket again.
ticket_at_hand due(ticket_at_hand at) {
    at = promised(noon, std::move(at));
    at.taker = free_agent(ana, at);
    return at;
}

} // namespace

TEST(due_follow_ups, bring_a_solved_ticket_back_to_its_agent) {
    const auto c = turn_of_follow_up(due(solved()));
    EXPECT_EQ(c.follow_up->what, store::follow_up_change::kind::due);
    EXPECT_EQ(c.follow_up->now_is.state, "due");
    EXPECT_EQ(c.row.state, ticket_state::active);
    EXPECT_EQ(c.row.solved_at, std::nullopt);
    EXPECT_EQ(c.handed->agent_id, ana.user_id);
    EXPECT_EQ(c.told->change, ticket_change::reopened);
    EXPECT_EQ(c.told->cause, "a follow-up is due");
    EXPECT_THAT(told(c.promise), Contains("first_answer started"));
}

TEST(due_follow_ups, wait_in_the_queue_when_the_agent_is_not_ready) {
    for (auto at : {due(solved()), due(on_hold())}) {
        at.taker->is_ready = false;
        const auto c = turn_of_follow_up(at);
        EXPECT_EQ(c.row.state, ticket_state::waiting);
        EXPECT_EQ(c.row.owner_id, std::nullopt);
        EXPECT_EQ(c.row.preferred_agent_id, ana.user_id) << "and she is asked first";
        EXPECT_FALSE(c.handed);
        EXPECT_EQ(c.told->cause, "a follow-up is due; Ana is not ready for it, so it waits in the queue");
    }
}

TEST(due_follow_ups, go_to_who_promised_where_nobody_had_the_ticket_last) {
    auto at = due(solved());
    at.ticket.owner_id = at.ticket.preferred_agent_id = {};
    at.taker->is_ready = false;
    EXPECT_EQ(turn_of_follow_up(at).row.preferred_agent_id, ana.user_id);
}

TEST(due_follow_ups, end_a_hold) {
    const auto c = turn_of_follow_up(due(on_hold()));
    EXPECT_EQ(c.row.state, ticket_state::active);
    EXPECT_EQ(c.row.held_until, std::nullopt);
    EXPECT_EQ(c.told->change, ticket_change::resumed);
    EXPECT_THAT(told(c.promise), Contains("first_answer resumed"));
}

TEST(due_follow_ups, leave_a_ticket_alone_that_is_to_be_called_back) {
    auto at = due(on_hold("phone"));
    at.callback = open_callback(noon + 1h);
    const auto c = turn_of_follow_up(at);
    EXPECT_EQ(c.row.state, ticket_state::held);
    EXPECT_EQ(c.row.version, at.ticket.version);
    EXPECT_EQ(c.follow_up->now_is.state, "due");
}

TEST(due_follow_ups, take_what_is_put_aside_from_who_is_not_there) {
    auto at = due(in_hand());
    at.ticket.state = ticket_state::parked;
    at.ticket.offers.front().state = offer_state::parked;
    EXPECT_EQ(turn_of_follow_up(at).row.state, ticket_state::parked) << "she is back, and takes it up again";
    at.taker->is_ready = false;
    const auto c = turn_of_follow_up(at);
    EXPECT_EQ(c.row.state, ticket_state::waiting);
    EXPECT_EQ(c.row.preferred_agent_id, ana.user_id);
    EXPECT_EQ(c.told->change, ticket_change::returned);
    EXPECT_TRUE(c.returned);
}

TEST(due_follow_ups, leave_what_is_at_work_or_waits_where_it_is) {
    for (const auto& at : {promised(noon), promised(noon, waiting())}) {
        const auto c = turn_of_follow_up(at);
        EXPECT_EQ(c.row.version, at.ticket.version);
        EXPECT_EQ(c.follow_up->now_is.state, "due");
        EXPECT_FALSE(c.told);
    }
}

TEST(due_follow_ups, do_not_make_a_call_of_what_was_one) {
    const auto c = turn_of_follow_up(due(solved("phone")));
    EXPECT_EQ(c.row.state, ticket_state::waiting) << "nobody is on the line";
    EXPECT_TRUE(c.row.left_message);
    EXPECT_EQ(c.row.preferred_agent_id, ana.user_id);
    EXPECT_THAT(told(c.promise), Not(Contains("first_answer met")));
}

TEST(due_follow_ups, end_the_wrap_up_of_the_same_ticket) {
    auto at = due(solved("chat"));
    at.ticket.wraps_up = {ana.user_id};
    fill(*at.taker);
    at.taker->in_hand.back().is_its_wrapup = true;
    const auto c = turn_of_follow_up(at);
    EXPECT_EQ(c.ends_wrapup_of, ana.user_id);
    EXPECT_EQ(c.handed->agent_id, ana.user_id);
    EXPECT_EQ(c.told->released, ana.user_id);
}

} // namespace switchboard::desk
