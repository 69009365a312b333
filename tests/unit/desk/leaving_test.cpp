#include "unit/desk/at_hand.hpp"

#include <switchboard/desk/by_itself.hpp>

namespace switchboard::desk {
namespace {

using events::ticket_change;
using store::leaving;
using testing::Contains;

ticket_at_hand on_the_line(left_action as) {
    auto at = ringing("phone");
    at.queue.left_action = as;
    at.calls.emplace().number = "+493012345678";
    return at;
}

} // namespace

TEST(customers_who_hang_up, are_called_back_where_their_queue_says_so) {
    auto at = on_the_line(left_action::call_back);
    auto c = end_of_waiting(at, leaving::hung_up);
    EXPECT_EQ(c.callback->now_is.phone, "+493012345678");
    EXPECT_EQ(c.callback->now_is.requested_by, "queue");
    EXPECT_EQ(c.row.state, ticket_state::waiting);
    EXPECT_TRUE(c.row.left_message) << "nobody is on the line any more";
    EXPECT_TRUE(c.was_missed);
    EXPECT_EQ(c.ends_offers, "the caller hung up");
    EXPECT_EQ(c.told->became, left_action::call_back);
    EXPECT_EQ(c.told->released, std::nullopt);
    at.calls->number = {};
    c = end_of_waiting(at, leaving::hung_up);
    EXPECT_FALSE(c.callback);
    EXPECT_EQ(c.told->became, left_action::stay) << "nobody knows where";
}

TEST(customers_who_hang_up, keep_the_callback_that_they_were_promised) {
    auto at = on_the_line(left_action::call_back);
    at.callback = open_callback(noon + 1h);
    const auto c = end_of_waiting(at, leaving::hung_up);
    EXPECT_FALSE(c.callback);
    EXPECT_EQ(c.told->became, left_action::call_back);
}

TEST(customers_who_hang_up, end_their_ticket_where_their_queue_says_so) {
    auto at = on_the_line(left_action::close);
    at.callback = open_callback(noon + 1h);
    const auto c = end_of_waiting(at, leaving::hung_up);
    EXPECT_EQ(c.row.state, ticket_state::solved);
    EXPECT_EQ(c.row.solved_at, noon);
    EXPECT_EQ(c.callback->now_is.state, "cancelled");
    EXPECT_EQ(c.told->became, left_action::close);
}

TEST(customers_who_have_talked, need_no_call_whatever_their_queue_says) {
    const auto c = end_of_waiting(on_the_line(left_action::call_back), leaving::call_over);
    EXPECT_FALSE(c.callback);
    EXPECT_FALSE(c.was_missed);
    EXPECT_EQ(c.row.state, ticket_state::waiting);
    EXPECT_THAT(told(c.promise), Contains("first_answer met"));
}

TEST(customers_who_leave, change_nothing_of_what_somebody_has_in_hand) {
    auto at = in_hand("chat");
    at.calls.emplace();
    const auto c = end_of_waiting(at, leaving::chat_closed);
    EXPECT_EQ(c.row.version, at.ticket.version);
    EXPECT_EQ(c.ends_offers, std::nullopt);
    EXPECT_EQ(c.told->change, ticket_change::customer_left);
    EXPECT_EQ(c.told->cause, "the visitor closed the chat");
}

TEST(customers_who_were_answered_after_all, need_not_be_called_back) {
    auto at = waiting("phone");
    EXPECT_FALSE(late_answer(at));
    at.callback = open_callback(noon);
    EXPECT_FALSE(late_answer(at)) << "an agent has promised it";
    at.callback->requested_by = "queue";
    EXPECT_EQ(late_answer(at)->callback->now_is.state, "cancelled");
    at.callback->state = "dialling";
    EXPECT_FALSE(late_answer(at));
}

TEST(absent_owners, find_what_can_wait_for_them_put_aside) {
    const auto c = absence_of_owner(in_hand(), "went offline", false);
    EXPECT_TRUE(c.parks);
    EXPECT_EQ(c.row.state, ticket_state::parked);
    EXPECT_EQ(c.row.owner_id, ana.user_id);
    EXPECT_EQ(c.told->change, ticket_change::put_aside);
    EXPECT_EQ(c.told->cause, "its agent went offline");
}

TEST(absent_owners, are_the_first_to_be_asked_for_what_could_not) {
    const auto c = absence_of_owner(in_hand("chat"), "lost the connection", true);
    EXPECT_EQ(c.row.state, ticket_state::waiting);
    EXPECT_EQ(c.row.owner_id, std::nullopt);
    EXPECT_EQ(c.row.preferred_agent_id, ana.user_id);
    EXPECT_EQ(c.returned, "its agent lost the connection");
    EXPECT_EQ(c.told->released, ana.user_id);
    EXPECT_EQ(c.told->change, ticket_change::returned);
}

TEST(absent_owners, leave_what_is_on_hold_there_until_its_time) {
    auto at = in_hand();
    at.ticket.state = ticket_state::held;
    at.ticket.held_until = noon;
    at.ticket.offers.clear();
    const auto c = absence_of_owner(at, "was switched off", true);
    EXPECT_EQ(c.row.state, ticket_state::held);
    EXPECT_EQ(c.row.held_until, noon);
    EXPECT_EQ(c.row.owner_id, std::nullopt);
    EXPECT_EQ(c.row.preferred_agent_id, ana.user_id);
    EXPECT_EQ(c.told->change, ticket_change::returned);
    EXPECT_EQ(c.returned, std::nullopt) << "it does not wait in its queue yet";
}

} // namespace switchboard::desk
