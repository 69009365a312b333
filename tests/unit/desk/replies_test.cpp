#include "unit/desk/at_hand.hpp"

namespace switchboard::desk {
namespace {

using events::taking;
using events::ticket_change;
using store::reply_change;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

const party ada{"email", "ada@example.com", "Ada"};

/// Ada has written by mail.
ticket_at_hand answerable(ticket_at_hand at = in_hand()) {
    auto& a = at.answers.emplace();
    a.author = "Ana";
    a.target.kind = "email";
    a.target.gateway_id = 1;
    a.target.from = {"Shop", "help@shop.example"};
    a.target.to = {ada};
    a.target.mail.message_id = "m1@example.com";
    return at;
}

ticket_at_hand sent(ticket_at_hand at = in_hand()) {
    at.reply = store::reply_at_hand{.id = 77, .author_id = ana.user_id, .sent_at = noon - 5min, .is_queued = true};
    at.terms = hourly("queue 10 v1");
    return at;
}

/// Solved by the reply that is to be taken back.
ticket_at_hand solved_with_it() {
    auto at = sent(solved());
    auto p = sla::promise::read(at.ticket.sla);
    p.answered({}, noon - 5min, "replied");
    p.solved({}, noon - 5min);
    at.ticket.sla = p.text();
    at.taker = free_agent(ana, at);
    return at;
}

} // namespace

TEST(replies, go_to_whom_they_answer_and_are_the_first_answer) {
    const auto c = decide_reply(answerable(), ana, {.text = "Hello"});
    ASSERT_TRUE(c) << why(c);
    EXPECT_THAT(c->reply->target.to, ElementsAre(ada));
    EXPECT_EQ(c->reply->head.in_reply_to, "m1@example.com");
    EXPECT_THAT(c->reply->head.subject, HasSubstr("A question"));
    EXPECT_EQ(c->row.first_reply_at, noon);
    EXPECT_EQ(c->row.last_contact_at, noon);
    EXPECT_THAT(told(c->promise), Contains("first_answer met"));
    EXPECT_FALSE(c->told);
}

TEST(replies, keep_the_time_of_the_first) {
    auto at = answerable();
    at.ticket.first_reply_at = noon - 20min;
    EXPECT_EQ(decide_reply(at, ana, {.text = "Again"})->row.first_reply_at, noon - 20min);
}

TEST(replies, need_somebody_to_go_to) {
    auto at = answerable();
    at.answers->target.to.clear();
    EXPECT_EQ(why(decide_reply(at, ana, {.text = "x"})),
              "invalid to: no person has written here: name whom the answer goes to");
    const party bob{"email", "bob@example.com", ""};
    EXPECT_THAT(decide_reply(at, ana, {.text = "x", .to = {bob}})->reply->target.to, ElementsAre(bob));
    at.answers->target = {};
    at.ticket.gateway_id = {};
    EXPECT_EQ(why(decide_reply(at, ana, {.text = "x"})), "conflict: this ticket has no contact that could be answered");
}

TEST(replies, go_by_mail_to_a_visitor_who_has_left_his_address) {
    auto at = answerable(in_hand("chat"));
    const auto mail = at.answers->target;
    at.answers->target.kind = "chat";
    EXPECT_TRUE(decide_reply(at, ana, {.text = "x"})->reply->is_chat());
    EXPECT_EQ(why(decide_reply(at, ana, {.text = "x", .by_mail = true})),
              "invalid channel: no visitor has left an address that we could mail to");
    at.answers->by_mail = mail;
    EXPECT_TRUE(decide_reply(at, ana, {.text = "x", .by_mail = true})->reply->is_mail());
}

TEST(replies, are_made_of_the_draft_that_was_shown_with_files_of_it_alone) {
    auto at = answerable();
    EXPECT_THAT(why(decide_reply(at, ana, {.text = "x", .draft_version = 4})), HasSubstr("stale: the draft was sent"));
    at.draft_version = 4;
    at.answers->draft_files = {1, 2};
    const auto c = decide_reply(at, ana, {.text = "x", .draft_files = {2}, .draft_version = 4});
    ASSERT_TRUE(c) << why(c);
    EXPECT_EQ(c->ends_draft, "reply");
    for (const auto& files : std::vector<std::vector<std::int64_t>>{{3}, {1, 1}})
        EXPECT_EQ(why(decide_reply(at, ana, {.text = "x", .draft_files = files, .draft_version = 4})),
                  "invalid draft_files: names a file that your draft has not");
}

TEST(replies, may_solve_the_ticket_with_the_same_commit) {
    const auto c = decide_reply(answerable(), ana, {.text = "Done", .solve = "resolved"});
    ASSERT_TRUE(c) << why(c);
    EXPECT_EQ(c->row.state, ticket_state::solved);
    EXPECT_EQ(c->told->change, ticket_change::solved);
    EXPECT_THAT(told(c->promise), testing::IsSupersetOf({"first_answer met", "solution met"}));
    EXPECT_THAT(why(decide_reply(answerable(), ana, {.text = "Done", .solve = "lost"})),
                HasSubstr("invalid solve: must be one of resolved, follow_up"));
}

TEST(replies_taken_back, are_their_authors_alone_and_have_not_left) {
    EXPECT_EQ(why(decide_undo(sent(), ben)), "not_found: you have sent no such reply");
    auto at = sent();
    at.reply->is_queued = false;
    EXPECT_EQ(why(decide_undo(at, ana)), "conflict: it is too late: the reply is on its way");
}

TEST(replies_taken_back, were_no_answer) {
    auto at = sent();
    auto p = sla::promise::read(at.ticket.sla);
    p.answered({}, noon - 5min, "replied");
    at.ticket.sla = p.text();
    const auto c = decide_undo(at, ana);
    ASSERT_TRUE(c) << why(c);
    EXPECT_EQ(c->sent->what, reply_change::kind::taken_back);
    EXPECT_EQ(c->row.due_at, noon + 30min) << "as it was promised";
    EXPECT_EQ(c->row.state, ticket_state::active);
    EXPECT_FALSE(c->told);
}

TEST(replies_taken_back, give_the_ticket_that_they_solved_back_to_its_owner_beyond_his_room) {
    auto at = solved_with_it();
    fill(*at.taker);
    const auto c = decide_undo(at, ana);
    ASSERT_TRUE(c) << why(c);
    EXPECT_EQ(c->row.state, ticket_state::active);
    EXPECT_EQ(c->row.solved_at, std::nullopt);
    EXPECT_EQ(c->row.enqueue_at, at.ticket.enqueue_at) << "it is no new wait";
    EXPECT_EQ(c->row.due_at, noon + 30min);
    EXPECT_TRUE(c->handed->past_capacity);
    EXPECT_TRUE(c->told->past_capacity);
    EXPECT_EQ(c->told->change, ticket_change::reopened);
}

TEST(replies_taken_back, keep_no_promise_to_come_back) {
    using kind = store::follow_up_change::kind;
    auto at = sent();
    follow_up kept;
    kept.id = 5;
    kept.state = "done";
    kept.outcome = "kept";
    kept.due_at = noon - 1min;
    kept.ended_at = noon - 5min;
    kept.contact_id = 77;
    auto next = kept;
    next.id = 6;
    next.state = "open";
    next.outcome = {}, next.ended_at = {}, next.contact_id = {};
    at.kept_by_reply = {{kept, next}};
    const auto c = decide_undo(at, ana);
    ASSERT_TRUE(c) << why(c);
    ASSERT_EQ(c->taken_back.size(), 2u);
    const auto& again = c->taken_back[0];
    EXPECT_EQ(again.what, kind::reopened);
    EXPECT_EQ(again.now_is.state, "open") << "as it was: its time comes by itself";
    EXPECT_EQ(again.now_is.outcome, std::nullopt);
    EXPECT_EQ(again.now_is.contact_id, std::nullopt);
    EXPECT_EQ(again.now_is.version, 2);
    EXPECT_EQ(c->taken_back[1].what, kind::dropped);
    EXPECT_EQ(c->taken_back[1].now_is.id, 6);
    EXPECT_EQ(c->taken_back[1].now_is.state, "dropped");
    EXPECT_EQ(c->taken_back[1].now_is.outcome, std::nullopt) << "nobody has broken it";
    EXPECT_THAT(told(c->promise), testing::IsSupersetOf({"follow_up resumed", "follow_up withdrawn"}));
}

TEST(replies_taken_back, leave_a_ticket_that_was_solved_at_another_time) {
    auto at = solved_with_it();
    at.ticket.solved_at = noon - 1min;
    EXPECT_EQ(decide_undo(at, ana)->row.state, ticket_state::solved);
}

TEST(replies_taken_back, do_not_bring_a_ticket_back_to_whom_a_licence_keeps_from_it) {
    auto at = solved_with_it();
    at.taker->uncovered_licence = "Insurance (EU)";
    EXPECT_THAT(why(decide_undo(at, ana)), HasSubstr("does not hold a valid Insurance (EU) any more"));
}

TEST(replies_taken_back, leave_a_ticket_to_others_whose_owner_may_have_none_any_more) {
    for (bool taker::* lost : {&taker::takes_work, &taker::active}) {
        auto at = solved_with_it();
        (*at.taker).*lost = false;
        at.taker->uncovered_licence = "Insurance (EU)"; // is asked of whose it becomes
        const auto c = decide_undo(at, ana);
        ASSERT_TRUE(c) << why(c);
        EXPECT_EQ(c->row.state, ticket_state::waiting);
        EXPECT_EQ(c->row.owner_id, std::nullopt);
        EXPECT_FALSE(c->handed);
    }
}

TEST(replies_sent_again, have_failed_before) {
    EXPECT_EQ(why(decide_retry(sent(), ben)), "conflict: only a reply that failed can be sent again");
    EXPECT_EQ(why(decide_retry(sent(), stranger)), "not_found: there is no such reply");
    auto at = sent();
    at.reply->has_failed = true;
    EXPECT_EQ(decide_retry(at, ben)->sent->what, reply_change::kind::sent_again) << "whoever sees the ticket may";
}

TEST(identities, are_kept_as_the_visitor_says_them) {
    const visitor_claim claim{"Ada@example.com", ada};
    auto at = in_hand("chat");
    auto& known = at.identity.emplace();
    EXPECT_THAT(why(decide_identity(at, ana, claim)), HasSubstr("conflict: the visitor does not say so any more"));
    known.visitor.emplace().email = "Ada@example.com";
    const auto c = decide_identity(at, ana, claim);
    ASSERT_TRUE(c) << why(c);
    EXPECT_EQ(c->keeps_identity, ada);
    EXPECT_EQ(c->told->identity->value, ada.value);
    known.is_colleagues = true;
    EXPECT_EQ(why(decide_identity(at, ana, claim)), "conflict: ada@example.com is the address of a colleague");
    known.is_colleagues = false;
    known.customer_id = 3;
    EXPECT_EQ(why(decide_identity(at, ana, claim)), "conflict: ada@example.com is another customer's already");
    known.customer_id = at.ticket.customer_id;
    EXPECT_FALSE(decide_identity(at, ana, claim)->keeps_identity) << "it was known";
    at.ticket.customer_id = {};
    EXPECT_EQ(why(decide_identity(at, ana, claim)), "conflict: this ticket has no customer");
}

} // namespace switchboard::desk
