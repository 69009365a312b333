#include "intake/clues.hpp"
#include "unit/intake/plan_fixture.hpp"

#include <algorithm>

namespace switchboard::intake {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

using email_threads = planning;
using phone_threads = planning;
using chat_threads = planning;

TEST_F(email_threads, follow_our_signed_address_before_anything_else) {
    known(600);
    known(601);
    answers.messages.emplace("first", store::known_message{mail_gateway, 601});
    auto c = mail("m1");
    c.mail.in_reply_to = {"first"};
    add(mail_gateway, c).reply_tokens = {600};
    EXPECT_THAT(questions().tickets, ElementsAre(600));
    EXPECT_EQ(planned().receipts[0].ticket_id, 600);
}

TEST_F(email_threads, follow_in_reply_to_and_then_references_from_the_right) {
    known(600);
    known(601);
    known(602);
    answers.messages.emplace("a", store::known_message{mail_gateway, 600});
    answers.messages.emplace("b", store::known_message{mail_gateway, 601});
    answers.messages.emplace("c", store::known_message{mail_gateway, 602});
    auto reply = mail("m1");
    reply.mail.in_reply_to = {"unknown", "a"};
    reply.mail.references = {"b", "c"};
    add(mail_gateway, reply);
    auto reference = mail("m2");
    reference.mail.references = {"b", "c", "unknown"};
    add(mail_gateway, reference);
    EXPECT_THAT(questions().message_ids, ElementsAre("a", "b", "c", "unknown"));
    const auto w = planned();
    EXPECT_EQ(w.receipts[0].ticket_id, 600);
    EXPECT_EQ(w.receipts[1].ticket_id, 602);
}

TEST_F(email_threads, follow_a_message_of_the_same_group) {
    add(mail_gateway, mail("m1"));
    auto c = mail("m2", "colleague@example.com");
    c.mail.in_reply_to = {"m1"};
    add(mail_gateway, c);
    const auto w = planned();
    EXPECT_THAT(w.tickets, SizeIs(1));
    EXPECT_EQ(w.receipts[1].ticket_id, w.receipts[0].ticket_id);
    EXPECT_THAT(w.ticket_changes, IsEmpty()) << "a ticket that is new is written as it ends";
    EXPECT_EQ(w.tickets[0].summary.version, 2);
}

TEST_F(email_threads, prefer_the_ticket_of_their_own_mailbox) {
    known(600);
    known(601);
    answers.messages.emplace("both", store::known_message{second_mailbox, 601});
    answers.messages.emplace("both", store::known_message{mail_gateway, 600});
    auto c = mail("m1");
    c.mail.in_reply_to = {"both"};
    add(mail_gateway, c);
    EXPECT_EQ(planned().receipts[0].ticket_id, 600);
}

TEST_F(email_threads, believe_a_number_in_the_subject_of_the_customer_and_of_participants_only) {
    known(600);
    known_customer("email", "ada@example.com");
    answers.participants.emplace(600, "colleague@example.com");
    for (const auto* from : {"ada@example.com", "colleague@example.com", "stranger@example.com"}) {
        auto c = mail(std::string{"m-"} + from, from);
        c.mail.subject_token = "600";
        c.mail.vouched = true;
        add(mail_gateway, c);
    }
    EXPECT_THAT(questions().participants, SizeIs(3));
    const auto w = planned();
    EXPECT_EQ(w.receipts[0].ticket_id, 600);
    EXPECT_EQ(w.receipts[1].ticket_id, 600);
    EXPECT_NE(w.receipts[2].ticket_id, 600);
    EXPECT_EQ(w.tickets[0].related_ticket_id, 600) << "for a person to look at";
}

TEST_F(email_threads, ignore_a_number_that_is_no_ticket) {
    for (const auto* token : {"999", "0", "-5", "99999999999999999999999", "12x"}) {
        auto c = mail(token);
        c.mail.subject_token = token;
        add(mail_gateway, c);
    }
    EXPECT_THAT(questions().tickets, ElementsAre(999));
    for (const auto& t : planned().tickets) EXPECT_EQ(t.related_ticket_id, std::nullopt);
}

TEST_F(email_threads, are_new_for_every_other_mail_of_the_same_customer) {
    known(600);
    known_customer("email", "ada@example.com");
    add(mail_gateway, mail("m1"));
    EXPECT_THAT(questions().callers, IsEmpty());
    EXPECT_NE(planned().receipts[0].ticket_id, 600);
}

TEST_F(email_threads, take_a_bounce_to_the_ticket_of_what_bounced_and_never_wake_it) {
    known(600, "solved");
    answers.messages.emplace("ours", store::known_message{mail_gateway, 600});
    auto c = mail("b1", "mailer-daemon@example.com");
    c.flags = {"machine", "bounce"};
    c.mail.references = {"ours"};
    add(mail_gateway, c);
    const auto w = planned();
    EXPECT_EQ(w.receipts[0].outcome, "bounce");
    EXPECT_EQ(w.receipts[0].ticket_id, 600);
    EXPECT_EQ(w.ticket_changes.at(600).after.summary.state, "solved");
}

class mail_clues : public planning {
protected:
    static inbound_contact letter(const std::string& id, const std::string& from, const std::vector<std::string>& to,
                                  const std::string& answers = {}) {
        auto c = mail(id, from);
        c.mail.believed = true;
        for (const auto& address : to) c.to.push_back({"email", address, ""});
        if (!answers.empty()) c.mail.in_reply_to = {answers};
        return c;
    }
    /// The ticket of each mail of the group, as its place among those that were opened; -1 = one that was known.
    std::vector<int> tickets() {
        const auto w = planned();
        std::vector<int> out;
        for (const auto& receipt : w.receipts) {
            const auto at =
                std::ranges::find(w.tickets, *receipt.ticket_id, [](const auto& t) { return t.summary.id; });
            out.push_back(at == w.tickets.end() ? -1 : static_cast<int>(at - w.tickets.begin()));
        }
        return out;
    }
    static constexpr auto us = "support@example.com", ada = "ada@one.example", bob = "bob@two.example",
                          eve = "eve@evil.example";

private:
    void SetUp() override { config.own_addresses = {us}; }
};

TEST_F(mail_clues, bring_the_answers_to_a_mail_that_never_came_into_one_ticket_and_it_too_when_it_comes) {
    add(mail_gateway, letter("b", bob, {ada, us}, "unseen"));
    add(mail_gateway, letter("c", ada, {bob, us}, "unseen"));
    add(mail_gateway, letter("unseen", ada, {bob, us}));
    EXPECT_THAT(tickets(), ElementsAre(0, 0, 0));
    EXPECT_THAT(planned().clues, ElementsAre(testing::Pair("<unseen>", planned().receipts[0].ticket_id)))
        << "once, and for nothing that is here";
}

TEST_F(mail_clues, count_for_who_writes_to_the_writer_as_well) {
    add(mail_gateway, letter("c", ada, {us}, "unseen"));
    add(mail_gateway, letter("b", bob, {ada, us}, "unseen"));
    EXPECT_THAT(tickets(), ElementsAre(0, 0));
}

TEST_F(mail_clues, are_none_to_people_who_do_not_take_part) {
    add(mail_gateway, letter("1", ada, {us}, "newsletter"));
    add(mail_gateway, letter("2", bob, {us}, "newsletter"));
    EXPECT_THAT(tickets(), ElementsAre(0, 1)) << "thousands may answer one letter";
}

TEST_F(mail_clues, are_none_where_a_trusted_host_does_not_believe_the_sender) {
    add(mail_gateway, letter("1", ada, {us}, "unseen"));
    auto forged = letter("2", ada, {us}, "unseen");
    forged.mail.believed = false;
    add(mail_gateway, forged);
    EXPECT_THAT(tickets(), ElementsAre(0, 1));
    forged.mail.conversation = "AQ==";
    EXPECT_THAT(clues_of(forged), IsEmpty());
}

TEST_F(mail_clues, of_outlook_bring_the_mails_of_a_conversation_together) {
    for (const auto& [id, from] : {std::pair{"1", ada}, {"2", ada}, {"3", eve}}) {
        auto c = letter(id, from, {us});
        c.mail.conversation = "AQHb";
        add(mail_gateway, c);
    }
    EXPECT_THAT(tickets(), ElementsAre(0, 0, 1));
}

TEST_F(mail_clues, are_asked_for_with_all_who_may_take_part_but_ourselves) {
    auto c = letter("1", ada, {us, bob}, "unseen");
    c.mail.conversation = "AQHb";
    add(mail_gateway, c);
    std::vector<store::clue_of> wanted;
    for (const auto* clue : {"<1>", "<unseen>", "conversation AQHb"})
        wanted.insert(wanted.end(), {{clue, ada, true}, {clue, bob, false}});
    EXPECT_THAT(questions().clues, testing::UnorderedElementsAreArray(wanted));
}

TEST_F(mail_clues, found_in_the_database_lead_to_the_newest_ticket_but_after_a_known_message) {
    known(600);
    known(601);
    known(602);
    for (const auto ticket : {600, 601}) answers.clues.emplace(store::clue_of{"<unseen>", ada, true}, ticket);
    answers.messages.emplace("seen", store::known_message{mail_gateway, 602});
    add(mail_gateway, letter("1", ada, {us}, "unseen"));
    auto both = letter("2", ada, {us}, "unseen");
    both.mail.references = {"seen"};
    add(mail_gateway, both);
    const auto w = planned();
    EXPECT_EQ(w.receipts[0].ticket_id, 601);
    EXPECT_EQ(w.receipts[1].ticket_id, 602);
    EXPECT_THAT(w.clues, ElementsAre(testing::Pair("<unseen>", 602))) << "the other has left it already";
}

TEST_F(mail_clues, leave_two_mailboxes_of_two_queues_their_own_copies) {
    config.mailboxes = 2;
    auto c = letter("1", ada, {us}, "");
    c.mail.conversation = "AQHb";
    add(mail_gateway, c);
    add(second_mailbox, c);
    EXPECT_THAT(tickets(), ElementsAre(0, 1));
}

TEST_F(phone_threads, join_the_callers_open_ticket_of_the_same_queue_within_its_window) {
    known_customer("tel", "+4930123456");
    known(600).summary.last_contact_at = noon - 59min;
    add(phone_gateway, call("c1"));
    EXPECT_THAT(questions().callers, SizeIs(1));
    EXPECT_EQ(planned().receipts[0].ticket_id, 600);
}

TEST_F(phone_threads, are_new_past_the_window_in_another_queue_or_when_it_is_solved) {
    known_customer("tel", "+4930123456");
    known(600).summary.last_contact_at = noon - 61min;
    known(601).summary.queue = {billing, "Billing"};
    known(602, "solved");
    add(phone_gateway, call("c1"));
    const auto w = planned();
    EXPECT_THAT(w.tickets, SizeIs(1));
    EXPECT_THAT(w.ticket_changes, IsEmpty());
}

TEST_F(phone_threads, of_two_open_tickets_take_the_one_touched_last) {
    known_customer("tel", "+4930123456");
    known(600).summary.last_contact_at = noon - 10min;
    known(601).summary.last_contact_at = noon - 20min;
    add(phone_gateway, call("c1"));
    EXPECT_EQ(planned().receipts[0].ticket_id, 600);
}

TEST_F(phone_threads, of_two_calls_in_a_group_share_a_ticket) {
    add(phone_gateway, call("c1"));
    add(phone_gateway, call("c2"));
    EXPECT_THAT(planned().tickets, SizeIs(1));
}

TEST_F(phone_threads, of_withheld_numbers_are_each_their_own_but_for_the_legs_of_one_call) {
    add(phone_gateway, call("c1", ""));
    add(phone_gateway, call("c2", ""));
    auto leg = call("c1", "");
    leg.external_id = "c1-b";
    add(phone_gateway, leg);
    const auto w = planned();
    EXPECT_THAT(w.tickets, SizeIs(2));
    EXPECT_EQ(w.receipts[2].ticket_id, w.receipts[0].ticket_id);
}

TEST_F(chat_threads, stay_on_their_sessions_ticket) {
    auto& t = known(600, "active");
    t.gateway_id = chat_gateway;
    t.thread_key = "s1";
    t.summary.last_contact_at = noon - 48h; // however long an open chat was silent
    add(chat_gateway, message("s1", "1"));
    add(chat_gateway, message("s2", "1"));
    const auto w = planned();
    EXPECT_EQ(w.receipts[0].ticket_id, 600);
    EXPECT_NE(w.receipts[1].ticket_id, 600);
}

TEST_F(chat_threads, wake_a_ticket_solved_lately_and_open_a_new_one_after_long) {
    auto& recent = known(600, "solved");
    recent.gateway_id = chat_gateway;
    recent.thread_key = "s1";
    auto& old = known(601, "solved");
    old.gateway_id = chat_gateway;
    old.thread_key = "s2";
    old.summary.last_contact_at = noon - 2h;
    add(chat_gateway, message("s1", "1"));
    add(chat_gateway, message("s2", "1"));
    const auto w = planned();
    EXPECT_EQ(w.receipts[0].ticket_id, 600);
    EXPECT_TRUE(w.contacts[0].reopened);
    EXPECT_NE(w.receipts[1].ticket_id, 601);
}

TEST_F(chat_threads, are_known_by_gateway_and_session_together) {
    auto& t = known(600, "active");
    t.gateway_id = widget_gateway;
    t.thread_key = "s1";
    add(chat_gateway, message("s1", "1"));
    EXPECT_NE(planned().receipts[0].ticket_id, 600);
}

TEST_F(chat_threads, ask_for_a_lock_so_that_two_nodes_open_one_ticket) {
    add(chat_gateway, message("s1", "1"));
    add(chat_gateway, message("s1", "2"));
    add(mail_gateway, mail("m1"));
    EXPECT_THAT(questions().locks, SizeIs(1));
}

} // namespace
} // namespace switchboard::intake
