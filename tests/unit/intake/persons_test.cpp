// Who must see a mail, and which contact it is, where the normalizer alone cannot tell.

#include "unit/intake/plan_fixture.hpp"

#include "intake/letters.hpp"

namespace switchboard::intake {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

using persons = planning;
using letters = planning;

inbound_contact relayed(std::string id) {
    auto c = mail(std::move(id));
    c.mail.machine = c.mail.person_if_answer = true;
    c.flags = {"machine"};
    return c;
}

TEST_F(persons, stand_behind_the_signs_of_a_machine_where_they_answer) {
    known(600, "solved");
    answers.messages.emplace("ours", store::known_message{mail_gateway, 600, 500, true});
    auto c = relayed("m1");
    c.mail.in_reply_to = {"ours"};
    add(mail_gateway, c);
    const auto w = planned();
    EXPECT_TRUE(w.contacts[0].reopened);
    EXPECT_TRUE(w.contacts[0].person);
    EXPECT_NE(w.ticket_changes.at(600).after.summary.due_at, std::nullopt);
    EXPECT_THAT(w.acknowledgements, IsEmpty());
}

TEST_F(persons, do_not_where_nothing_is_answered) {
    known(600, "solved");
    answers.messages.emplace("ours", store::known_message{mail_gateway, 600, 500, true});
    add(mail_gateway, relayed("m1"));
    auto surely = relayed("m2");
    surely.mail.person_if_answer = false;
    surely.mail.in_reply_to = {"ours"};
    add(mail_gateway, surely);
    const auto w = planned();
    EXPECT_EQ(w.tickets[0].summary.due_at, std::nullopt);
    EXPECT_EQ(w.tickets[0].summary.state, "waiting") << "and yet somebody sees it";
    EXPECT_FALSE(w.contacts[1].reopened);
    EXPECT_FALSE(w.contacts[1].person);
}

TEST_F(persons, for_whom_nobody_vouches_do_not_take_part_by_a_number) {
    known(600);
    known_customer("email", "ada@example.com");
    auto c = mail("m1");
    c.mail.subject_token = "600";
    add(mail_gateway, c);
    const auto w = planned();
    EXPECT_NE(w.receipts[0].ticket_id, 600);
    EXPECT_EQ(w.tickets[0].related_ticket_id, 600);
    EXPECT_EQ(w.tickets[0].related_why, "named");
}

TEST_F(persons, of_a_form_are_as_many_customers) {
    auto c = mail("m1");
    c.mail.more_senders = {{"email", "bob@example.com", "Bob"}};
    add(mail_gateway, c);
    EXPECT_EQ(questions().new_customers, 2u);
    const auto w = planned();
    ASSERT_THAT(w.customers, SizeIs(2));
    EXPECT_EQ(w.customers[1].who.value, "bob@example.com");
    EXPECT_EQ(w.tickets[0].summary.customer->id, w.customers[0].id);
}

TEST_F(persons, are_not_we_ourselves) {
    auto c = mail("m1", "support@example.com");
    c.mail.own_sender = true;
    add(mail_gateway, c);
    const auto w = planned();
    EXPECT_THAT(w.customers, IsEmpty());
    EXPECT_EQ(w.tickets[0].summary.state, "waiting") << "nothing lies solved that nobody saw";
}

TEST_F(persons, who_pass_a_mail_on_leave_a_note) {
    auto c = mail("m1");
    c.mail.forwarded_by = {"email", "Amira@example.com", "Amira"};
    c.mail.forward_note = "For you.";
    add(mail_gateway, c);
    c.mail.message_id = c.external_id = "m2";
    c.mail.vouched = true;
    add(mail_gateway, c);
    const auto w = planned();
    ASSERT_THAT(w.notes, SizeIs(2));
    EXPECT_EQ(w.notes[0].ticket_id, w.receipts[0].ticket_id);
    EXPECT_EQ(w.notes[0].address, "") << "anybody can write a sender";
    EXPECT_THAT(w.notes[0].text, testing::HasSubstr("Nobody has checked"));
    EXPECT_EQ(w.notes[1].address, "amira@example.com");
    EXPECT_EQ(w.notes[1].text, "Amira <Amira@example.com> passed this mail on.\n\nFor you.");
}

inbound_contact letter(const std::string& words, std::string hash) {
    auto c = mail("m1");
    c.occurred_at = noon;
    c.text = words;
    c.mail.letter_hash = std::move(hash);
    return c;
}

TEST(one_letter, is_another_when_it_brings_a_file_that_the_first_had_not) {
    store::known_letter bare{"a", timestamp{std::chrono::seconds{100}}, "The roof leaks.", {}}, with_photo = bare;
    with_photo.hash = "b";
    with_photo.files = {"photo"};
    EXPECT_FALSE(is_one_letter(bare, with_photo));
    EXPECT_TRUE(is_one_letter(with_photo, bare)) << "a list has taken the photo off";
}

TEST(one_letter, is_told_by_its_moment_and_its_words) {
    const auto of = [](const std::string& words, std::string hash = "a") {
        return letter_of(letter(words, std::move(hash)));
    };
    const auto plain = of("The roof leaks.");
    EXPECT_TRUE(is_one_letter(plain, of("anything", "a"))) << "the same bytes";
    EXPECT_TRUE(is_one_letter(plain, of("The  roof\nleaks.\n\n____\nteam mailing list", "b")));
    EXPECT_TRUE(is_one_letter(of("[EXTERNAL]\nThe roof leaks.", "b"), plain));
    EXPECT_FALSE(is_one_letter(plain, of("The door leaks.", "b")));
    EXPECT_FALSE(is_one_letter(plain, of("", "b")));
    EXPECT_TRUE(is_one_letter(of("", "a"), of("", "b")));
    auto later = of("The roof leaks.", "b");
    later.date = noon + 1s;
    EXPECT_FALSE(is_one_letter(plain, later)) << "a program that gives each mail one Message-ID";
    later.date.reset();
    EXPECT_FALSE(is_one_letter(plain, later));
}

TEST_F(letters, that_come_by_a_list_too_are_one_contact) {
    add(mail_gateway, letter("The roof leaks.", "a"));
    add(mail_gateway, letter("The roof leaks.\n--\nteam", "b"));
    const auto w = planned();
    EXPECT_THAT(w.contacts, SizeIs(1));
    EXPECT_EQ(w.receipts[1].contact_id, w.receipts[0].contact_id);
    EXPECT_TRUE(w.receipts[1].duplicate);
    ASSERT_THAT(w.deliveries_again, SizeIs(1));
    EXPECT_EQ(w.deliveries_again[0].contact_id, w.receipts[0].contact_id);
}

TEST_F(letters, to_two_mailboxes_of_one_queue_are_one_contact) {
    config.mailboxes = 2;
    config.gateways.at(second_mailbox).queue_id = support;
    EXPECT_THAT(questions().locks, IsEmpty());
    add(mail_gateway, letter("The wall is wet.", "a"));
    add(second_mailbox, letter("The wall is wet.", "a"));
    EXPECT_THAT(questions().locks, ElementsAre("mail m1")) << "another node may be taking the other in";
    const auto w = planned();
    EXPECT_THAT(w.contacts, SizeIs(1));
    EXPECT_EQ(w.receipts[1].ticket_id, w.receipts[0].ticket_id);
}

TEST_F(letters, to_mailboxes_of_two_queues_make_tickets_that_show_each_other) {
    config.mailboxes = 2;
    add(mail_gateway, letter("The wall is wet.", "a"));
    add(second_mailbox, letter("The wall is wet.", "a"));
    const auto w = planned();
    ASSERT_THAT(w.tickets, SizeIs(2));
    EXPECT_EQ(w.tickets[1].related_ticket_id, w.tickets[0].summary.id);
    EXPECT_EQ(w.tickets[1].related_why, "copy");
}

TEST_F(letters, that_we_sent_and_that_come_back_are_there_already) {
    known(600, "solved");
    answers.messages.emplace("m1", store::known_message{mail_gateway, 600, 500, true});
    auto c = letter("Hello.", "a");
    c.direction = "out";
    add(mail_gateway, c).ours = true;
    EXPECT_THAT(questions().message_ids, ElementsAre("m1"));
    const auto w = planned();
    EXPECT_THAT(w.contacts, IsEmpty());
    EXPECT_EQ(w.receipts[0].contact_id, 500);
    EXPECT_EQ(w.receipts[0].ticket_id, 600);
}

} // namespace
} // namespace switchboard::intake
