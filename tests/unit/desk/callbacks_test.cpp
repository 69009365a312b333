#include "unit/desk/at_hand.hpp"

#include <switchboard/desk/by_itself.hpp>

namespace switchboard::desk {
namespace {

using events::ticket_change;
using testing::Contains;

const callback_asker by_ana{ana, false, {}, {}},
    by_machine{{0, grants::everything(), {}}, true, std::vector<std::int64_t>{1}, {}};

ticket_at_hand callable(ticket_at_hand at = in_hand("phone")) {
    at.calls.emplace().number = "+493012345678";
    at.calls->gateway = 1;
    return at;
}

ticket_at_hand called_back(ticket_at_hand at = in_hand("phone")) {
    at = callable(std::move(at));
    at.callback = open_callback(noon);
    return at;
}

} // namespace

TEST(callbacks, are_promised_for_later_and_the_ticket_rests_until_then) {
    const auto c = decide_callback(callable(), by_ana, {.not_before = noon + 1h, .note = "about it"});
    ASSERT_TRUE(c) << why(c);
    EXPECT_EQ(c->callback->now_is.id, 0);
    EXPECT_EQ(c->callback->now_is.phone, "+493012345678") << "the customer's";
    EXPECT_EQ(c->callback->now_is.requested_by, "agent");
    EXPECT_EQ(c->row.state, ticket_state::held);
    EXPECT_EQ(c->row.held_until, noon + 1h);
    EXPECT_EQ(c->ends_offers, "to be called back");
    EXPECT_EQ(c->told->released, ana.user_id);
    EXPECT_EQ(c->told->callback->not_before, noon + 1h);
    EXPECT_THAT(told(c->promise), Contains("first_answer paused"));
}

TEST(callbacks, that_are_due_wait_for_who_had_the_ticket) {
    const auto c = decide_callback(callable(), by_ana, {});
    EXPECT_EQ(c->row.state, ticket_state::waiting);
    EXPECT_EQ(c->row.preferred_agent_id, ana.user_id);
    EXPECT_EQ(c->row.owner_id, std::nullopt);
}

TEST(callbacks, by_a_gateway_rest_even_when_they_are_due) {
    const callback_wish dials{.mode = "customer_first"};
    EXPECT_EQ(decide_callback(callable(), by_ana, dials)->row.state, ticket_state::held);
    EXPECT_EQ(why(decide_callback(callable(in_hand()), by_ana, dials)),
              "invalid mode: customer_first is for tickets of the channel phone");
    auto at = callable();
    at.calls->gateway = {};
    EXPECT_EQ(why(decide_callback(at, by_ana, dials)),
              "invalid mode: customer_first needs a phone gateway with a dial_url");
}

TEST(callbacks, need_a_number_and_a_window_and_are_one_at_a_time) {
    auto at = callable();
    at.calls->number = {};
    EXPECT_EQ(why(decide_callback(at, by_ana, {})), "invalid phone: is needed: no number of this customer is known");
    EXPECT_EQ(why(decide_callback(callable(), by_ana, {.not_after = noon - 1h})),
              "invalid not_after: must lie in the future");
    EXPECT_EQ(why(decide_callback(called_back(), by_ana, {})),
              "conflict: a callback is open already: say how it went, or cancel it first");
}

TEST(callbacks, are_asked_for_by_machines_of_the_tickets_gateway_alone) {
    const auto c = decide_callback(callable(), by_machine, {});
    ASSERT_TRUE(c) << why(c);
    EXPECT_EQ(c->callback->now_is.requested_by, "customer");
    EXPECT_EQ(c->by, std::nullopt);
    auto at = callable();
    at.ticket.gateway_id = 2;
    EXPECT_EQ(why(decide_callback(at, by_machine, {})), "not_found: there is no such ticket");
}

TEST(callbacks, taken_back_leave_the_ticket_as_ordinary_work) {
    EXPECT_EQ(why(decide_cancellation(callable(), by_ana)), "conflict: no callback is open for this ticket");
    auto c = decide_cancellation(called_back(on_hold("phone")), by_ana);
    EXPECT_EQ(c->callback->now_is.state, "cancelled");
    EXPECT_EQ(c->callback->now_is.ended_at, noon);
    EXPECT_EQ(c->row.state, ticket_state::waiting);
    EXPECT_EQ(decide_cancellation(called_back(), by_ana)->row.state, ticket_state::active) << "somebody has it";
}

TEST(attempts, that_reached_the_customer_are_the_answer) {
    const auto c = decide_attempt(called_back(), by_ana, "answered", "he is glad");
    ASSERT_TRUE(c) << why(c);
    EXPECT_EQ(c->callback->now_is.state, "done");
    EXPECT_TRUE(c->callback->was_tried);
    EXPECT_EQ(c->callback->now_is.attempts.back().note, "he is glad");
    EXPECT_EQ(c->callback->now_is.attempts.back().agent->id, ana.user_id);
    EXPECT_EQ(c->row.state, ticket_state::active);
    EXPECT_EQ(c->told->change, ticket_change::callback_done);
    EXPECT_THAT(told(c->promise), Contains("first_answer met"));
}

TEST(attempts, that_did_not_are_made_again_until_none_is_left) {
    auto at = called_back();
    auto c = decide_attempt(at, by_ana, "busy", "");
    EXPECT_EQ(c->callback->now_is.state, "scheduled");
    EXPECT_EQ(c->row.state, ticket_state::held);
    EXPECT_EQ(c->row.held_until, noon + 900s);
    EXPECT_EQ(c->ends_offers, "calls again later");
    EXPECT_EQ(c->told->change, ticket_change::callback_again);
    at.callback->attempts_allowed = 1;
    c = decide_attempt(at, by_ana, "busy", "");
    EXPECT_EQ(c->callback->now_is.state, "failed");
    EXPECT_EQ(c->row.state, ticket_state::active) << "he has it still, and may write";
    EXPECT_EQ(c->told->change, ticket_change::callback_failed);
}

TEST(attempts, of_a_gateway_take_the_ticket_from_nobody) {
    auto at = called_back();
    at.callback->state = "dialling";
    EXPECT_EQ(why(decide_attempt(at, by_ana, "busy", "")), "conflict: the gateway is dialling for this callback");
    EXPECT_EQ(why(decide_dialled(at, 301, by_machine, "busy")), "conflict: no call of this callback is under way");
    at.calls->dials_already = 1;
    auto c = decide_dialled(at, 301, by_machine, "busy");
    EXPECT_EQ(c->row.state, ticket_state::active);
    EXPECT_EQ(c->ends_offers, std::nullopt);
    at.calls->dials_already = 2;
    EXPECT_EQ(why(decide_dialled(at, 301, by_machine, "busy")), "not_found: there is no such callback");
}

TEST(attempts, of_a_gateway_that_were_answered_bring_the_caller_onto_the_line) {
    auto at = called_back(on_hold("phone"));
    at.ticket.left_message = true;
    at.callback->state = "dialling";
    at.calls->dials_already = 1;
    const auto c = decide_dialled(at, 301, by_machine, "answered");
    EXPECT_EQ(c->row.state, ticket_state::waiting);
    EXPECT_FALSE(c->row.left_message);
    EXPECT_EQ(c->callback->now_is.state, "done");
}

TEST(windows, that_end_before_anybody_called_leave_the_ticket_to_who_writes) {
    const auto c = end_of_window(called_back(on_hold("phone")));
    EXPECT_EQ(c.callback->now_is.state, "missed");
    EXPECT_EQ(c.row.state, ticket_state::waiting);
    EXPECT_EQ(c.told->change, ticket_change::callback_missed);
}

TEST(turns_to_dial, are_a_gateways_while_there_is_one) {
    auto at = called_back(on_hold("phone"));
    auto c = turn_to_dial(at);
    EXPECT_EQ(c.callback->dialled_by, 1);
    EXPECT_EQ(c.callback->now_is.state, "dialling");
    EXPECT_EQ(c.row.held_until, noon + longest_dial);
    at.calls->gateway = {};
    c = turn_to_dial(at);
    EXPECT_EQ(c.callback->dialled_by, std::nullopt);
    EXPECT_EQ(c.callback->now_is.attempts.back().note, "no gateway dials any more");
}

} // namespace switchboard::desk
