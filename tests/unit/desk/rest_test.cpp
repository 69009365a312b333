#include "unit/desk/at_hand.hpp"

#include <switchboard/desk/by_itself.hpp>

namespace switchboard::desk {
namespace {

using events::taking;
using events::ticket_change;
using testing::Contains;
using testing::ElementsAre;

ticket_at_hand with_taker(ticket_at_hand at, const viewer& who = ana) {
    at.taker = free_agent(who, at);
    return at;
}

} // namespace

TEST(holds, give_the_agents_room_back_and_stop_the_clocks) {
    const auto c = decide_hold(in_hand(), ana, noon + 1h, "until he writes");
    ASSERT_TRUE(c) << why(c);
    EXPECT_EQ(c->row.state, ticket_state::held);
    EXPECT_EQ(c->row.held_until, noon + 1h);
    EXPECT_EQ(c->row.owner_id, ana.user_id) << "it stays his";
    EXPECT_EQ(c->ends_offers, "held");
    EXPECT_EQ(c->told->released, ana.user_id);
    EXPECT_THAT(told(c->promise), Contains("first_answer paused"));
    EXPECT_EQ(c->row.due_at, std::nullopt);
}

TEST(holds, end_in_the_future_at_most_a_year_ahead) {
    for (const auto until : {noon - 1s, noon + std::chrono::days{367}})
        EXPECT_EQ(why(decide_hold(in_hand(), ana, until, "")),
                  "invalid until: must lie in the future, at most a year ahead");
}

TEST(resumed_tickets, are_their_owners_at_once) {
    const auto c = decide_resumption(with_taker(on_hold()), ana);
    ASSERT_TRUE(c) << why(c);
    EXPECT_EQ(c->row.state, ticket_state::active);
    EXPECT_EQ(c->row.held_until, std::nullopt);
    EXPECT_EQ(c->handed->agent_id, ana.user_id);
    EXPECT_EQ(c->handed->how, taking::given_back);
    EXPECT_FALSE(c->handed->past_capacity);
    EXPECT_EQ(c->begun_by, ana.user_id);
    EXPECT_THAT(told(c->promise), Contains("first_answer resumed"));
}

TEST(resumed_tickets, wait_for_their_owner_first_when_somebody_else_resumes_them) {
    const auto c = decide_resumption(on_hold(), boss);
    EXPECT_EQ(c->row.state, ticket_state::waiting);
    EXPECT_EQ(c->row.owner_id, std::nullopt);
    EXPECT_EQ(c->row.preferred_agent_id, ana.user_id);
    EXPECT_FALSE(c->handed);
}

TEST(resumed_tickets, stay_where_they_are_while_their_owner_is_full) {
    auto at = with_taker(on_hold());
    fill(*at.taker);
    EXPECT_EQ(why(decide_resumption(at, ana)), "conflict: you are full: 1 of 1 on the channel email");
}

TEST(resumed_tickets, go_to_others_when_their_owner_may_not_have_them_any_more) {
    auto at = with_taker(on_hold());
    at.taker->uncovered_licence = "Insurance (EU)";
    EXPECT_EQ(decide_resumption(at, ana)->row.state, ticket_state::waiting);
}

TEST(resumed_tickets, were_given_to_their_owner_past_what_the_queue_asks_for_perhaps) {
    auto at = with_taker(on_hold());
    at.taker->is_member = at.taker->has_grade = false;
    at.taker->lacking_skills = "skill Tax";
    EXPECT_TRUE(decide_resumption(at, ana)->handed);
    at.taker->does_channel = false;
    EXPECT_FALSE(decide_resumption(at, ana)->handed);
}

TEST(resumed_tickets, are_called_back_at_once) {
    auto at = on_hold("phone");
    at.callback = open_callback(noon + 1h);
    EXPECT_EQ(decide_resumption(at, boss)->callback->now_is.not_before, noon);
    at.callback->state = "dialling";
    EXPECT_FALSE(decide_resumption(at, boss)->callback);
}

TEST(solved_tickets, end_as_their_queue_says) {
    auto at = in_hand();
    at.callback = open_callback(noon + 1h);
    const auto c = decide_solution(at, ana, "follow_up", "");
    ASSERT_TRUE(c) << why(c);
    EXPECT_EQ(c->row.state, ticket_state::solved);
    EXPECT_EQ(c->row.solved_at, noon);
    EXPECT_EQ(c->row.disposition_name, "Needs follow-up");
    EXPECT_EQ(c->row.owner_id, ana.user_id);
    EXPECT_EQ(c->ends_offers, "solved");
    EXPECT_EQ(c->callback->now_is.state, "cancelled");
    EXPECT_EQ(c->told->released, ana.user_id);
    EXPECT_THAT(told(c->promise), Contains("solution met"));
}

TEST(solved_tickets, name_one_of_the_dispositions_that_are_offered) {
    auto at = in_hand();
    EXPECT_EQ(why(decide_solution(at, ana, "lost", "")),
              "invalid disposition: must be one of resolved, follow_up, as tickets of the queue Support are solved");
    for (auto& d : at.queue.dispositions) d.retired = true;
    EXPECT_EQ(why(decide_solution(at, ana, "resolved", "")),
              "invalid disposition: must be one of none, as tickets of the queue Support are solved");
}

TEST(solved_tickets, leave_their_agent_time_for_wrap_up_after_a_live_contact) {
    auto c = decide_solution(in_hand("chat"), ana, "resolved", "");
    EXPECT_EQ(c->wrapup_s, 60);
    EXPECT_EQ(c->ends_offers, std::nullopt);
    EXPECT_EQ(c->told->released, std::nullopt) << "he has it in hand still";
    c = decide_solution(in_hand("chat"), boss, "resolved", "");
    EXPECT_EQ(c->wrapup_s, 0) << "it was not he who ended it";
    EXPECT_EQ(c->told->released, ana.user_id);
}

TEST(reopened_tickets, are_their_owners_whose_wrap_up_of_them_is_not_in_the_way) {
    auto at = with_taker(solved("chat"));
    at.ticket.wraps_up = {ana.user_id};
    fill(*at.taker);
    at.taker->in_hand.front().is_its_wrapup = true;
    const auto c = decide_reopening(at, ana);
    ASSERT_TRUE(c) << why(c);
    EXPECT_EQ(c->ends_wrapup_of, ana.user_id);
    EXPECT_EQ(c->told->released, ana.user_id);
    EXPECT_EQ(c->handed->agent_id, ana.user_id);
    EXPECT_FALSE(c->handed->past_capacity);
    EXPECT_EQ(c->row.state, ticket_state::active);
    EXPECT_EQ(c->row.solved_at, std::nullopt);
    EXPECT_EQ(c->row.disposition, std::nullopt);
}

TEST(reopened_tickets, begin_to_wait_anew_when_somebody_else_reopens_them) {
    const auto c = decide_reopening(solved(), ben);
    EXPECT_EQ(c->row.state, ticket_state::waiting);
    EXPECT_EQ(c->row.enqueue_at, noon);
    EXPECT_EQ(c->row.preferred_agent_id, ana.user_id);
    EXPECT_EQ(c->row.due_at, noon + 1h);
    EXPECT_FALSE(c->handed);
}

TEST(wrap_ups, end_once_and_may_correct_how_it_was_solved) {
    auto at = solved("chat");
    EXPECT_EQ(why(decide_end_of_wrapup(at, ana, {})), "conflict: this ticket is not in wrap-up");
    at.ticket.wraps_up = {ana.user_id};
    auto c = decide_end_of_wrapup(at, ana, {});
    EXPECT_EQ(c->ends_wrapup_of, ana.user_id);
    EXPECT_EQ(c->row.version, at.ticket.version) << "the ticket stays as it is";
    EXPECT_EQ(c->told->disposition_was, std::nullopt);
    c = decide_end_of_wrapup(at, ana, "follow_up");
    EXPECT_EQ(c->row.disposition_name, "Needs follow-up");
    EXPECT_EQ(c->told->disposition_was, "Resolved");
    EXPECT_EQ(decide_end_of_wrapup(at, ana, "resolved")->told->disposition_was, std::nullopt);
}

TEST(ends_of_holds, give_a_ticket_back_to_an_owner_who_is_ready) {
    const auto c = end_of_hold(with_taker(on_hold()));
    EXPECT_EQ(c.handed->agent_id, ana.user_id);
    EXPECT_EQ(c.handed->reason, "its time has come");
    EXPECT_EQ(c.by, std::nullopt);
    EXPECT_EQ(c.told->change, ticket_change::resumed);
}

TEST(ends_of_holds, say_why_a_ticket_waits_instead) {
    auto at = with_taker(on_hold());
    at.ticket.last_contact_at = noon + 1s;
    at.taker->is_ready = false;
    auto c = end_of_hold(at);
    EXPECT_EQ(c.row.state, ticket_state::waiting);
    EXPECT_EQ(c.row.preferred_agent_id, ana.user_id);
    EXPECT_EQ(c.told->cause, "the customer wrote; Ana is not ready for it, so it waits in the queue");
    at.taker->is_ready = true;
    fill(*at.taker);
    EXPECT_EQ(end_of_hold(at).told->cause, "the customer wrote; Ana has no room for it, so it waits in the queue");
}

TEST(ends_of_holds, pass_over_an_owner_who_may_take_no_tickets_any_more) {
    auto at = with_taker(on_hold());
    at.taker->takes_work = at.taker->is_ready = false;
    const auto c = end_of_hold(at);
    EXPECT_FALSE(c.handed);
    EXPECT_EQ(c.told->cause, "its time has come; Ana may not have it any more, so it waits in the queue");
}

TEST(ends_of_holds, ask_nobody_for_who_is_to_be_called_back) {
    auto at = with_taker(on_hold("phone"));
    at.callback = open_callback(noon);
    const auto c = end_of_hold(at);
    EXPECT_FALSE(c.handed);
    EXPECT_EQ(c.told->cause, "its time has come");
}

} // namespace switchboard::desk
