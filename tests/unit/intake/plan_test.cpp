#include "unit/intake/plan_fixture.hpp"

namespace switchboard::intake {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

using new_contacts = planning;
using repeats = planning;
using customers = planning;
using states = planning;
using quarantine = planning;
using events = planning;
using inputs = planning;

TEST_F(new_contacts, open_a_ticket_that_waits_in_the_gateways_queue) {
    add(mail_gateway, mail("m1"));
    const auto w = planned();
    ASSERT_THAT(w.tickets, SizeIs(1));
    const auto& t = w.tickets[0].summary;
    EXPECT_EQ(t.state, "waiting");
    EXPECT_EQ(t.queue.id, support);
    EXPECT_EQ(t.queue.name, "Support");
    EXPECT_EQ(t.subject, "A question");
    EXPECT_EQ(t.due_at, noon + 600s);
    EXPECT_EQ(w.contacts[0].ticket_id, t.id);
    EXPECT_TRUE(w.contacts[0].new_ticket);
    EXPECT_THAT(w.to_route, ElementsAre(t.id));
    EXPECT_EQ(w.receipts[0].outcome, "ticketed");
    EXPECT_FALSE(w.receipts[0].duplicate);
}

TEST_F(new_contacts, without_a_subject_name_the_ticket_by_their_first_line) {
    auto c = message("s", "1");
    c.text = c.text_reply = "\r\nMy router\tblinks\r\nsince this morning";
    add(chat_gateway, c);
    EXPECT_EQ(planned().tickets[0].summary.subject, "My router blinks");
}

TEST_F(new_contacts, keep_the_senders_clock_unless_it_cannot_be_right) {
    for (const auto& [id, at] : {std::pair{"ok", noon - 48h}, std::pair{"future", noon + 25h},
                                 std::pair{"ancient", timestamp{} - 24h * 365 * 200}}) {
        auto c = mail(id);
        c.occurred_at = at;
        add(mail_gateway, c);
    }
    const auto w = planned();
    EXPECT_EQ(w.contacts[0].occurred_at, noon - 48h);
    EXPECT_EQ(w.contacts[1].occurred_at, noon);
    EXPECT_EQ(w.contacts[2].occurred_at, noon);
}

TEST_F(new_contacts, from_machines_start_no_clock) {
    auto c = mail("m1");
    c.mail.machine = true;
    add(mail_gateway, c);
    EXPECT_EQ(planned().tickets[0].summary.due_at, std::nullopt);
}

TEST_F(new_contacts, of_ours_are_filed_without_waiting_for_anybody) {
    auto c = call("c1", "");
    c.direction = "out";
    c.to = {{"tel", "+4930123456", ""}};
    add(phone_gateway, c);
    const auto w = planned();
    EXPECT_EQ(w.tickets[0].summary.state, "solved");
    EXPECT_EQ(w.tickets[0].summary.solved_at, noon);
    EXPECT_THAT(w.to_route, IsEmpty());
    EXPECT_EQ(w.customers[0].who.value, "+4930123456") << "the customer of our own call is whom we called";
}

TEST_F(repeats, of_what_is_kept_give_the_same_answer_and_no_row) {
    answers.contacts[{mail_gateway, "m1"}] = {500, 600, "ticketed", {}, {}, {}};
    add(mail_gateway, mail("m1"));
    const auto w = planned();
    EXPECT_THAT(w.contacts, IsEmpty());
    EXPECT_THAT(w.tickets, IsEmpty());
    EXPECT_THAT(w.customers, IsEmpty());
    EXPECT_EQ(w.receipts[0].contact_id, 500);
    EXPECT_EQ(w.receipts[0].ticket_id, 600);
    EXPECT_TRUE(w.receipts[0].duplicate);
}

TEST_F(repeats, within_a_group_are_found_too) {
    add(mail_gateway, mail("m1"));
    add(mail_gateway, mail("m1"));
    const auto w = planned();
    EXPECT_THAT(w.contacts, SizeIs(1));
    EXPECT_EQ(w.receipts[1].contact_id, w.receipts[0].contact_id);
    EXPECT_EQ(w.receipts[1].ticket_id, w.receipts[0].ticket_id);
    EXPECT_FALSE(w.receipts[0].duplicate);
    EXPECT_TRUE(w.receipts[1].duplicate);
}

inbound_contact letter(std::string message_id, std::string hash) {
    auto c = mail(std::move(message_id));
    c.mail.letter_hash = std::move(hash);
    return c;
}

TEST_F(repeats, are_not_other_letters_with_the_same_message_id) {
    answers.contacts[{mail_gateway, "m1"}] = {500, 600, "ticketed", {}, {}, {"aaaa", {}, {}, {}}};
    add(mail_gateway, letter("m1", "aaaa"));
    add(mail_gateway, letter("m1", "bbbb"));
    add(mail_gateway, letter("m1", "bbbb"));
    EXPECT_THAT(questions().contacts, testing::Contains(store::external_key{mail_gateway, "m1#bbbb"}));
    const auto w = planned();
    EXPECT_EQ(w.receipts[0].contact_id, 500);
    EXPECT_TRUE(w.receipts[0].duplicate);
    EXPECT_FALSE(w.receipts[1].duplicate);
    EXPECT_TRUE(w.receipts[2].duplicate);
    EXPECT_EQ(w.receipts[2].contact_id, w.receipts[1].contact_id);
    ASSERT_THAT(w.contacts, SizeIs(1));
    EXPECT_EQ(w.contacts[0].external_id, "m1#bbbb");
    EXPECT_EQ(w.contacts[0].same_message_id_as, 500);
}

TEST_F(repeats, of_the_other_letter_are_found_in_the_database_too) {
    answers.contacts[{mail_gateway, "m1"}] = {500, 600, "ticketed", {}, {}, {"aaaa", {}, {}, {}}};
    answers.contacts[{mail_gateway, "m1#bbbb"}] = {501, 601, "ticketed", {}, {}, {"bbbb", {}, {}, {}}};
    add(mail_gateway, letter("m1", "bbbb"));
    const auto w = planned();
    EXPECT_THAT(w.contacts, IsEmpty());
    EXPECT_EQ(w.receipts[0].contact_id, 501);
    EXPECT_TRUE(w.receipts[0].duplicate);
}

TEST_F(repeats, at_another_mailbox_are_contacts_that_name_the_first) {
    config.mailboxes = 2;
    answers.twins[{mail_gateway, "m1"}] = {500, 600, billing, {}};
    add(mail_gateway, mail("m1"));
    add(mail_gateway, mail("m2"));
    add(second_mailbox, mail("m2"));
    EXPECT_THAT(questions().twins,
                ElementsAre(store::external_key{mail_gateway, "m1"}, store::external_key{mail_gateway, "m2"},
                            store::external_key{second_mailbox, "m2"}));
    const auto w = planned();
    ASSERT_THAT(w.contacts, SizeIs(3));
    EXPECT_EQ(w.contacts[0].same_message_id_as, 500);
    EXPECT_EQ(w.contacts[1].same_message_id_as, std::nullopt);
    EXPECT_EQ(w.contacts[2].same_message_id_as, w.contacts[1].id);
    EXPECT_EQ(w.tickets[0].related_ticket_id, 600) << "another queue works on it: each shows the other";
    EXPECT_EQ(w.tickets[0].related_why, "copy");
    config.mailboxes = 1;
    EXPECT_THAT(questions().twins, IsEmpty()) << "nobody asks where there is no other";
}

TEST_F(repeats, of_a_mail_that_we_sent_are_those_of_any_copy) {
    answers.contacts[{mail_gateway, "ours"}] = {500, 600, "sent",
                                                {},  {},  {}}; // it was not received, so nobody hashed it
    add(mail_gateway, letter("ours", "bbbb"));
    EXPECT_TRUE(planned().receipts[0].duplicate);
}

TEST_F(repeats, are_told_apart_by_gateway) {
    add(mail_gateway, mail("m1"));
    add(second_mailbox, mail("m1"));
    EXPECT_THAT(planned().contacts, SizeIs(2));
}

TEST_F(customers, are_found_by_identity) {
    known_customer("email", "ada@example.com");
    add(mail_gateway, mail("m1"));
    const auto w = planned();
    EXPECT_THAT(w.customers, IsEmpty());
    EXPECT_EQ(w.contacts[0].customer_id, 77);
    EXPECT_EQ(w.tickets[0].summary.customer->name, "Ada");
    EXPECT_EQ(w.tickets[0].summary.language, "de") << "the customer's, since the mail does not say";
}

TEST_F(customers, are_made_once_for_two_contacts_of_a_group) {
    add(mail_gateway, mail("m1"));
    add(mail_gateway, mail("m2"));
    const auto w = planned();
    EXPECT_THAT(w.customers, SizeIs(1));
    EXPECT_EQ(w.contacts[0].customer_id, w.contacts[1].customer_id);
}

TEST_F(customers, are_not_known_by_a_withheld_number_or_a_station_id) {
    add(phone_gateway, call("c1", ""));
    auto fax = call("f1", "");
    fax.channel = "fax";
    fax.from = {"fax_csid", "ACME", ""};
    add(fax_gateway, fax);
    const auto w = planned();
    EXPECT_THAT(w.customers, IsEmpty());
    EXPECT_EQ(w.contacts[0].customer_id, std::nullopt);
    EXPECT_EQ(w.tickets[1].summary.customer, std::nullopt);
}

struct wake {
    const char* before;
    bool machine;
    const char* after;
    bool reopened, requeued;
};
class waking : public planning, public testing::WithParamInterface<wake> {};

TEST_P(waking, by_a_new_contact) {
    known(600, GetParam().before);
    answers.messages.emplace("first", store::known_message{mail_gateway, 600});
    auto c = mail("m1");
    c.mail.in_reply_to = {"first"};
    c.mail.machine = GetParam().machine;
    add(mail_gateway, c);
    const auto w = planned();
    ASSERT_THAT(w.ticket_changes, SizeIs(1));
    const auto& change = w.ticket_changes.at(600);
    const auto& t = change.after.summary;
    EXPECT_EQ(t.state, GetParam().after);
    EXPECT_EQ(t.last_contact_at, noon);
    EXPECT_EQ(t.version, 2);
    EXPECT_EQ(w.contacts[0].reopened, GetParam().reopened);
    EXPECT_EQ(change.requeued, GetParam().requeued);
    EXPECT_EQ(w.to_route.size(), GetParam().requeued ? 1u : 0u);
    if (GetParam().requeued) {
        EXPECT_EQ(change.after.preferred_agent_id, 5) << "who had it last is asked first";
        EXPECT_EQ(t.owner, std::nullopt);
        EXPECT_EQ(t.solved_at, std::nullopt);
        EXPECT_EQ(t.held_until, std::nullopt);
        EXPECT_EQ(t.enqueue_at, GetParam().reopened ? noon : noon - 30min);
        EXPECT_EQ(w.contacts[0].told_agent, 5);
    }
}
INSTANTIATE_TEST_SUITE_P(
    tickets, waking,
    testing::Values(wake{"solved", false, "waiting", true, true}, wake{"solved", true, "solved", false, false},
                    wake{"held", false, "held", false, false}, wake{"held", true, "held", false, false},
                    wake{"active", false, "active", false, false}, wake{"waiting", false, "waiting", false, false},
                    wake{"offered", false, "offered", false, false}));

TEST_F(states, what_rests_with_somebody_ends_its_hold_when_a_person_writes_and_not_when_a_machine_does) {
    for (const bool machine : {true, false}) {
        answers.tickets.clear();
        group.clear();
        known(600, "held");
        answers.messages.emplace("first", store::known_message{mail_gateway, 600});
        auto c = mail("m1");
        c.mail.in_reply_to = {"first"};
        c.mail.machine = machine;
        add(mail_gateway, c);
        const auto t = planned().ticket_changes.at(600).after.summary;
        EXPECT_EQ(t.state, "held");
        EXPECT_EQ(t.owner->id, 5);
        EXPECT_EQ(t.held_until == noon, !machine) << "its owner has it again at once";
    }
}

TEST_F(states, a_ticket_whose_owner_is_not_there_waits_again_at_its_old_place_when_a_person_writes) {
    for (const bool machine : {true, false}) {
        answers.tickets.clear();
        group.clear();
        known(600, "active").owner_gone = true;
        answers.messages.emplace("first", store::known_message{mail_gateway, 600});
        auto c = mail("m1");
        c.mail.in_reply_to = {"first"};
        c.mail.machine = machine;
        add(mail_gateway, c);
        const auto w = planned();
        const auto& change = w.ticket_changes.at(600);
        EXPECT_EQ(change.after.summary.state, machine ? "active" : "waiting");
        EXPECT_EQ(change.taken_from, machine ? std::nullopt : std::optional<std::int64_t>{5});
        EXPECT_EQ(change.after.summary.enqueue_at, noon - 30min);
        EXPECT_EQ(w.contacts[0].told_agent, 5) << "who had it is told";
        EXPECT_FALSE(w.contacts[0].reopened);
    }
}

TEST_F(states, a_person_who_writes_to_a_machines_ticket_is_promised_an_answer) {
    auto& t = known(600);
    ASSERT_TRUE(t.sla.empty());
    answers.messages.emplace("first", store::known_message{mail_gateway, 600});
    auto c = mail("m1");
    c.mail.in_reply_to = {"first"};
    add(mail_gateway, c);
    const auto w = planned();
    EXPECT_EQ(w.ticket_changes.at(600).after.summary.due_at, noon + 600s);
    EXPECT_EQ(w.ticket_changes.at(600).after.sla_check_at, noon + 600s);
    EXPECT_EQ(w.ticket_changes.at(600).after.summary.enqueue_at, noon - 30min) << "its place is the old one";
}

TEST_F(states, a_ticket_on_hold_goes_on_by_the_hours_that_it_was_promised_by) {
    calendar never_open;
    never_open.timezone = "UTC";
    config.promises.at(support).hours = sla::business_hours::read(never_open).value();
    auto promise = sla::promise::start({"queue 10 v1", 600, {}}, {}, noon - 30min);
    promise.pause({}, noon - 25min, "customer");
    auto& t = known(600, "held");
    t.sla = promise.text();
    answers.messages.emplace("first", store::known_message{mail_gateway, 600});
    auto c = mail("m1");
    c.mail.in_reply_to = {"first"};
    add(mail_gateway, c);
    const auto w = planned();
    EXPECT_EQ(w.ticket_changes.at(600).after.summary.due_at, noon + 300s);
    ASSERT_THAT(w.sla_lines, SizeIs(1)) << "nothing is said of hours that were not promised";
    EXPECT_EQ(w.sla_lines[0].second.kind, "resumed");
    EXPECT_EQ(w.sla_lines[0].second.remaining_s, 300);
}

TEST_F(states, two_contacts_of_a_group_raise_the_version_twice_and_route_once) {
    known(600, "solved");
    answers.messages.emplace("first", store::known_message{mail_gateway, 600});
    for (const auto* id : {"m1", "m2"}) {
        auto c = mail(id);
        c.mail.in_reply_to = {"first"};
        add(mail_gateway, c);
    }
    const auto w = planned();
    EXPECT_EQ(w.ticket_changes.at(600).after.summary.version, 3);
    EXPECT_TRUE(w.ticket_changes.at(600).requeued);
    EXPECT_THAT(w.to_route, ElementsAre(600));
    EXPECT_TRUE(w.contacts[0].reopened);
    EXPECT_FALSE(w.contacts[1].reopened);
}

TEST_F(quarantine, has_no_ticket_and_no_customer) {
    auto c = mail("m1");
    c.quarantine = "not a message";
    add(mail_gateway, c);
    EXPECT_THAT(questions().identities, IsEmpty());
    const auto w = planned();
    EXPECT_THAT(w.tickets, IsEmpty());
    EXPECT_THAT(w.customers, IsEmpty());
    EXPECT_EQ(w.contacts[0].outcome, "quarantined");
    EXPECT_EQ(w.receipts[0].outcome, "quarantined");
    EXPECT_EQ(w.receipts[0].ticket_id, std::nullopt);
}

TEST_F(quarantine, that_is_an_event_now_ends_with_it_and_is_no_contact) {
    answers.mendable = {500};
    answers.event_targets[{mail_gateway, "ours"}] = {400, 600, "sent", {}, "sent", {}};
    const contact_event bounce{"bounce", "ours", noon, R"({"recipients":[{"address":"x@y","severity":"hard"}]})"};
    add(mail_gateway, bounce).mends = 500;
    add(mail_gateway, bounce).mends = 501; // somebody else replays it at the same time
    EXPECT_THAT(questions().mends, ElementsAre(500, 501));
    const auto w = planned();
    EXPECT_THAT(w.contacts, IsEmpty());
    EXPECT_THAT(w.mended, IsEmpty());
    EXPECT_THAT(w.contact_events, SizeIs(1));
    EXPECT_THAT(w.deliveries, SizeIs(1));
    ASSERT_THAT(w.repeats, SizeIs(1));
    EXPECT_EQ(w.repeats[0].id, 500);
    EXPECT_EQ(w.repeats[0].of, 400);
    EXPECT_EQ(w.repeats[0].event, "bounce");
    EXPECT_EQ(w.receipts[0].outcome, "event");
    EXPECT_EQ(w.receipts[1].outcome, "repeat");
}

TEST_F(quarantine, is_not_what_its_own_event_speaks_of) {
    answers.mendable = {500};
    answers.event_targets[{phone_gateway, "c1"}] = {500, {}, "quarantined", {}, {}, {}}; // by the id of its call
    add(phone_gateway, contact_event{"ringing", "c1", noon, "{}"}).mends = 500;
    const auto w = planned();
    EXPECT_EQ(w.receipts[0].contact_id, 0);
    EXPECT_EQ(w.repeats.at(0).of, std::nullopt);
}

TEST_F(inputs, of_many_contacts_keep_their_bytes_once) {
    auto& first = add(phone_gateway, call("c1"));
    auto& second = add(phone_gateway, call("c2"));
    second.raw = first.raw;
    add(phone_gateway, call("c3"));
    const auto w = planned();
    EXPECT_EQ(w.contacts[0].raw_of, std::nullopt);
    EXPECT_EQ(w.contacts[1].raw_of, w.contacts[0].id);
    EXPECT_EQ(w.contacts[2].raw_of, std::nullopt);
}

TEST_F(inputs, of_the_widget_are_numbered_without_gaps_in_their_session) {
    answers.chat_sessions = {{"s1", 4}, {"s2", 0}};
    answers.contacts[{widget_gateway, "s1:old"}] = {500, 600, "ticketed", 3, {}, {}};
    add(widget_gateway, message("s1", "a"));
    add(widget_gateway, message("s2", "a"));
    add(widget_gateway, message("s1", "old"));
    add(widget_gateway, message("s1", "b"));
    add(widget_gateway, message("s1", "a"));
    const auto w = planned();
    std::vector<std::int64_t> seqs;
    for (const auto& r : w.receipts) seqs.push_back(r.seq.value());
    EXPECT_THAT(seqs, ElementsAre(5, 1, 3, 6, 5));
    EXPECT_EQ(w.chat_sessions.at("s1"), 6);
    EXPECT_EQ(w.chat_sessions.at("s2"), 1);
}

contact_event event(std::string type, std::string of, std::string details = "{}") {
    return {std::move(type), std::move(of), noon, std::move(details)};
}

TEST_F(events, are_kept_once) {
    answers.events.emplace(chat_gateway, "x", "read", noon, "{}");
    add(chat_gateway, event("read", "x"));
    add(chat_gateway, event("delivered", "x"));
    add(chat_gateway, event("delivered", "x"));
    const auto w = planned();
    EXPECT_THAT(w.contact_events, SizeIs(1));
    EXPECT_TRUE(w.receipts[0].duplicate);
    EXPECT_FALSE(w.receipts[1].duplicate);
    EXPECT_TRUE(w.receipts[2].duplicate);
    EXPECT_EQ(w.receipts[1].outcome, "event");
    EXPECT_EQ(w.receipts[1].contact_id, 0) << "of a contact that is not known yet";
}

TEST_F(events, name_the_contact_that_they_speak_of_also_within_the_group) {
    add(phone_gateway, call("c1"));
    add(phone_gateway, event("ringing", "c1"));
    const auto w = planned();
    EXPECT_EQ(w.receipts[1].contact_id, w.receipts[0].contact_id);
    EXPECT_EQ(w.receipts[1].ticket_id, w.receipts[0].ticket_id);
}

TEST_F(events, move_a_delivery_forward_only) {
    const auto sent = [](std::string delivery) {
        return store::known_contact{500, 600, "sent", {}, std::move(delivery), {}};
    };
    answers.event_targets[{chat_gateway, "a"}] = sent("sent");
    answers.event_targets[{chat_gateway, "b"}] = sent("read");
    answers.event_targets[{chat_gateway, "b"}].id = 501;
    add(chat_gateway, event("delivered", "a"));
    add(chat_gateway, event("read", "a"));
    add(chat_gateway, event("delivered", "b"));
    const auto w = planned();
    ASSERT_THAT(w.deliveries, SizeIs(1));
    EXPECT_EQ(w.deliveries[0].contact_id, 500);
    EXPECT_EQ(w.deliveries[0].delivery, "read");
}

TEST_F(events, of_a_bounce_fail_a_delivery_only_when_it_is_hard) {
    answers.event_targets[{mail_gateway, "a"}] = {500, 600, "sent", {}, "sent", {}};
    answers.event_targets[{mail_gateway, "b"}] = {501, 600, "sent", {}, "sent", {}};
    add(mail_gateway, event("bounce", "a", R"({"recipients":[{"address":"x@y","severity":"temporary"}]})"));
    add(mail_gateway, event("bounce", "b", R"({"recipients":[{"address":"x@y","severity":"hard"}]})"));
    const auto w = planned();
    ASSERT_THAT(w.deliveries, SizeIs(1));
    EXPECT_EQ(w.deliveries[0].contact_id, 501);
    EXPECT_EQ(w.deliveries[0].delivery, "failed");
}

} // namespace
} // namespace switchboard::intake
