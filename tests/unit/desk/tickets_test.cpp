#include "unit/desk/at_hand.hpp"

namespace switchboard::desk {
namespace {

using events::ticket_change;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

ticket_at_hand to_billing(ticket_at_hand at) {
    at.target.emplace();
    at.target->id = billing;
    at.target->name = "Billing";
    at.terms = hourly("queue 20 v1");
    return at;
}

std::string refused(const viewer& who, const ticket_at_hand& at, ticket_action a) {
    const auto no = obstacle_to(a, who, at.ticket);
    return no ? why(std::unexpected{*no}) : "";
}

} // namespace

TEST(who_may_act, works_on_his_own_ticket_or_stands_in_for_its_owner) {
    EXPECT_EQ(refused(ana, in_hand(), ticket_action::solve), "");
    EXPECT_EQ(refused(boss, in_hand(), ticket_action::solve), "");
    EXPECT_EQ(refused(ben, in_hand(), ticket_action::solve),
              "forbidden: only the ticket's owner or a supervisor can solve this ticket");
    EXPECT_EQ(refused(stranger, in_hand(), ticket_action::solve), "not_found: there is no such ticket");
    EXPECT_EQ(refused(ana, solved(), ticket_action::solve), "conflict: you cannot solve a ticket that is solved");
}

TEST(who_may_act, sees_what_is_offered_to_him_in_a_queue_of_others) {
    auto at = ringing();
    EXPECT_EQ(refused(stranger, at, ticket_action::note), "not_found: there is no such ticket");
    at.ticket.offers[1].agent_id = stranger.user_id;
    EXPECT_EQ(refused(stranger, at, ticket_action::note), "");
}

TEST(notes, are_left_and_change_nothing_else) {
    const auto c = decide_note(in_hand(), ben, "he called", {});
    ASSERT_TRUE(c) << why(c);
    EXPECT_EQ(c->note, "he called");
    EXPECT_EQ(c->by, ben.user_id);
    EXPECT_EQ(c->row.version, in_hand().ticket.version);
    EXPECT_EQ(c->ends_draft, "");
    EXPECT_FALSE(c->told);
}

TEST(notes, end_the_draft_that_was_shown_and_no_other) {
    auto at = in_hand();
    EXPECT_EQ(why(decide_note(at, ana, "x", 4)), "stale: the draft was sent or discarded elsewhere");
    at.draft_version = 5;
    EXPECT_EQ(why(decide_note(at, ana, "x", 4)), "stale: the draft was changed elsewhere");
    EXPECT_EQ(decide_note(at, ana, "x", 5)->ends_draft, "note");
}

TEST(edits, change_what_they_name_and_keep_the_rest) {
    const auto c = decide_edit(in_hand(), ana, {.subject = "Another", .tier = 0});
    ASSERT_TRUE(c) << why(c);
    EXPECT_EQ(c->row.subject, "Another");
    EXPECT_EQ(c->row.tier, 0);
    EXPECT_EQ(c->row.priority, 5);
    EXPECT_EQ(c->row.version, 4);
    EXPECT_EQ(c->told->change, ticket_change::edited);
    EXPECT_THAT(c->promise, IsEmpty());
}

TEST(edits, of_what_somebody_else_has_changed_are_refused) {
    EXPECT_EQ(why(decide_edit(in_hand(), ana, {.expected_version = 2})),
              "stale: the ticket has changed since you read it");
}

TEST(edits, of_the_priority_promise_what_is_promised_to_that) {
    auto at = in_hand();
    at.terms = hourly("queue 10 v1");
    at.terms->by_priority[9] = {"target 5 v1", 600, {}};
    const auto c = decide_edit(at, ana, {.priority = 9});
    EXPECT_THAT(told(c->promise), Contains("first_answer repriced"));
    EXPECT_EQ(c->row.due_at, noon) << "it has used up the shorter time already";
}

TEST(transfers, take_a_ticket_from_its_agent_to_wait_in_the_other_queue) {
    const auto c = decide_transfer(to_billing(in_hand()), ana, billing, "about money");
    ASSERT_TRUE(c) << why(c);
    EXPECT_EQ(c->row.queue_id, billing);
    EXPECT_EQ(c->row.state, ticket_state::waiting);
    EXPECT_EQ(c->row.owner_id, std::nullopt);
    EXPECT_EQ(c->row.preferred_agent_id, std::nullopt);
    EXPECT_EQ(c->row.enqueue_at, in_hand().ticket.enqueue_at) << "it keeps its place";
    EXPECT_EQ(c->ends_offers, "transferred");
    EXPECT_EQ(c->note, "about money");
    EXPECT_EQ(c->told->released, ana.user_id);
    EXPECT_EQ(sla::promise::read(c->row.sla).policy(), "queue 20 v1");
}

TEST(transfers, leave_the_old_queues_skills_and_add_the_new_ones) {
    auto at = to_billing(in_hand());
    at.queue.skills = {{1, 3}};
    at.target->skills = {{2, 5}};
    at.target->licences = {{4, "EU"}};
    at.ticket.skills = R"([{"skill_id": 1, "min": 3}, {"skill_id": 3, "min": 1}])";
    at.ticket.licences = R"([{"licence_id": 4, "jurisdiction": "US"}])";
    const auto c = decide_transfer(at, ana, billing, "");
    EXPECT_EQ(c->row.skills, R"([{"skill_id":2,"min":5},{"skill_id":3,"min":1}])");
    EXPECT_EQ(c->row.licences, R"([{"licence_id":4,"jurisdiction":"US"},{"licence_id":4,"jurisdiction":"EU"}])")
        << "licences only add up";
}

TEST(transfers, go_to_another_queue_that_there_is) {
    EXPECT_EQ(why(decide_transfer(in_hand(), ana, billing, "")), "invalid queue_id: there is no such queue");
    auto at = to_billing(in_hand());
    at.target->id = support;
    EXPECT_EQ(why(decide_transfer(at, ana, support, "")), "invalid queue_id: the ticket is in this queue already");
}

TEST(transfers, of_what_is_called_back_later_wait_for_that_there) {
    auto at = to_billing(on_hold("phone"));
    at.callback = open_callback(noon + 2h);
    const auto c = decide_transfer(at, ana, billing, "");
    EXPECT_EQ(c->row.state, ticket_state::held);
    EXPECT_EQ(c->row.held_until, noon + 2h);
    EXPECT_EQ(c->row.owner_id, std::nullopt);
    at.callback->not_before = noon - 1min;
    EXPECT_EQ(decide_transfer(at, ana, billing, "")->row.state, ticket_state::waiting);
}

TEST(escalations, are_urgent_in_the_queue_for_that) {
    const auto c = decide_escalation(to_billing(in_hand()), ana, "he shouts");
    ASSERT_TRUE(c) << why(c);
    EXPECT_TRUE(c->row.escalated);
    EXPECT_EQ(c->row.priority, 8);
    EXPECT_EQ(c->row.queue_id, billing);
    EXPECT_EQ(c->note, "Escalated: he shouts");
    auto at = to_billing(in_hand());
    at.ticket.priority = 9;
    EXPECT_EQ(decide_escalation(at, ana, "x")->row.priority, 9) << "never less urgent than it was";
    EXPECT_THAT(why(decide_escalation(in_hand(), ana, "x")), HasSubstr("conflict: this queue has no escalation queue"));
}

} // namespace switchboard::desk
