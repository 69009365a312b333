#include "support/contact_center.hpp"
#include "support/mail_fields.hpp"
#include "support/smtp_sink.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <set>

namespace switchboard::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;

class delivery : public testing::Test {
protected:
    delivery() {
        queue = center.queue("Support", {{"ring_s", 300}, {"cool_s", 0}, {"signature", "The Shop\nLondon"}});
        center.gateway(
            "mail", "email", queue,
            {{"from_address", "help@shop.example"},
             {"from_name", "Shop Support"},
             {"settings", {{"own_addresses", {"help@shop.example"}}, {"authserv_ids", {"mx.shop.example"}}}}});
        agent.emplace(center.agent("grace", {queue}));
        agent->ready();
    }

    /// A ticket of this customer, with the agent.
    std::int64_t ticket_of(const std::string& customer, const headers& more = {}) {
        const auto ticket = center.mail("mail", customer, "Kettle", more);
        EXPECT_EQ(agent->take()["id"], ticket);
        return ticket;
    }
    std::int64_t answered(std::int64_t ticket, const std::string& text) {
        const auto answer = agent->act(ticket, "replies", {{"text", text}});
        EXPECT_EQ(answer.status, 201) << answer.body;
        return answer.json()["contact"]["id"];
    }
    /// What is queued is due now: eight seconds to take it back, or a pause after a failure, have gone by. The event is
    /// the bell that any other reply would ring.
    void time_goes_by() {
        center.sql("UPDATE outbox SET next_at = now() WHERE state = 'queued'");
        center.sql("INSERT INTO event (type, data) VALUES ('contact.sent', '{}')");
    }
    /// The gateway `front`, into a queue that acknowledges and that nobody works on.
    void answer_by_itself(const std::string& words) {
        const auto desk = center.queue("Front desk", {{"acknowledgement", words}});
        center.gateway("front", "email", desk, {{"from_address", "help@shop.example"}, {"from_name", "Shop"}});
    }
    json told(std::int64_t contact) {
        return agent->live.until([&](const json& f) {
            return f["type"] == "contact.delivery" && f["data"]["contact_id"] == contact;
        })["data"];
    }
    std::string delivery_of(std::int64_t contact) const {
        return center.sql("SELECT delivery FROM contact WHERE id = " + std::to_string(contact));
    }

    smtp_sink mailbox;
    contact_center center{[this](config& c) { c.smtp_url = "smtp://127.0.0.1:" + std::to_string(mailbox.port()); }};
    std::int64_t queue = 0;
    std::optional<seat> agent;
};

TEST_F(delivery, sends_an_answer_that_every_mail_reader_threads) {
    const auto ticket = ticket_of("ada@example.com", {{"References", "<first@example.com>"}});
    const auto question = center.sql("SELECT message_id FROM contact");
    const auto contact = answered(ticket, "Grüße! Is it plugged in?");
    EXPECT_TRUE(mailbox.is_quiet()) << "it can be taken back yet";
    time_goes_by();
    const auto sent = mailbox.next();
    EXPECT_EQ(sent["from"], "help@shop.example");
    EXPECT_EQ(sent["to"], (json{"ada@example.com"}));
    const std::string message = sent["message"];
    auto fields = fields_of(message);
    EXPECT_THAT(fields["from"], testing::AllOf(HasSubstr("Shop Support"), HasSubstr("<help@shop.example>")));
    EXPECT_THAT(fields["to"], HasSubstr("ada@example.com"));
    EXPECT_THAT(fields["reply-to"], HasSubstr("help+t." + std::to_string(ticket) + "."));
    EXPECT_THAT(fields["reply-to"], HasSubstr("@shop.example"));
    EXPECT_EQ(fields["in-reply-to"], "<" + question + ">");
    EXPECT_THAT(fields["references"], testing::MatchesRegex("<first@example.com>[ \t]+<" + question + ">"));
    EXPECT_EQ(fields["message-id"], "<" + center.sql("SELECT message_id FROM contact WHERE outcome = 'sent'") + ">");
    EXPECT_THAT(fields["message-id"], HasSubstr("@shop.example>"));
    EXPECT_THAT(fields["subject"], StartsWith("Re: Kettle"));
    EXPECT_TRUE(fields.contains("date"));
    EXPECT_TRUE(fields.contains("mime-version"));
    EXPECT_THAT(body_of(message),
                testing::AllOf(HasSubstr("Is it plugged in?"), HasSubstr("The Shop"), HasSubstr("London")));
    EXPECT_EQ(told(contact)["delivery"], "sent");
    EXPECT_EQ(delivery_of(contact), "sent");
}

TEST_F(delivery, brings_the_customers_answer_to_the_same_ticket) {
    const auto ticket = ticket_of("ada@example.com");
    answered(ticket, "Is it plugged in?");
    time_goes_by();
    auto fields = fields_of(mailbox.next()["message"]);
    const auto start = fields["reply-to"].find("help+t.");
    const auto address = fields["reply-to"].substr(start, fields["reply-to"].find("@shop.example") + 13 - start);

    EXPECT_EQ(center.mail("mail", "assistant@elsewhere.example", "Yes", {{"To", address}}), ticket)
        << "to the address that we gave, from whoever, about whatever";
    EXPECT_EQ(center.mail("mail", "ada@example.com", "Yes", {{"References", "<x@y> " + fields["message-id"]}}), ticket);
    EXPECT_EQ(center.mail("mail", "ada@example.com", "Yes", {{"In-Reply-To", fields["message-id"]}}), ticket);
    EXPECT_EQ(center.mail("mail", "ada@example.com", "AW: " + fields["subject"],
                          {{"Authentication-Results", "mx.shop.example; dmarc=pass header.from=example.com"}}),
              ticket)
        << "the number, from who takes part and surely is he";
    EXPECT_NE(center.mail("mail", "ada@example.com", "AW: " + fields["subject"]), ticket) << "from who says he is";
    auto forged = address;
    forged[start == std::string::npos ? 0 : forged.find('@') - 1] = forged[forged.find('@') - 1] == '0' ? '1' : '0';
    EXPECT_NE(center.mail("mail", "mallory@example.com", "Yes", {{"To", forged}}), ticket) << "a guessed address";
    EXPECT_NE(center.mail("mail", "mallory@example.com", "AW: " + fields["subject"]), ticket) << "a guessed number";
}

TEST_F(delivery, tries_again_what_is_refused_for_now) {
    mailbox.answer("451 4.3.0 the disk is full");
    const auto ticket = ticket_of("ada@example.com");
    const auto contact = answered(ticket, "Is it plugged in?");
    time_goes_by();
    EXPECT_EQ(mailbox.next()["refused"], "451 4.3.0 the disk is full");
    const auto first = told(contact);
    EXPECT_EQ(first["delivery"], "queued");
    EXPECT_THAT(first["detail"].get<std::string>(), HasSubstr("the disk is full"));
    EXPECT_EQ(first["retry_in_s"], 30);
    EXPECT_EQ(center.sql("SELECT state, attempts FROM outbox"), "queued");
    EXPECT_EQ(center.sql("SELECT next_at > now() + interval '20 s' FROM outbox"), "t") << "not at once";
    time_goes_by();
    EXPECT_TRUE(mailbox.next().contains("refused"));
    EXPECT_EQ(told(contact)["retry_in_s"], 120) << "and less and less often";
    mailbox.answer("250");
    time_goes_by();
    EXPECT_THAT(mailbox.next()["message"].get<std::string>(), HasSubstr("Is it plugged in?"));
    EXPECT_EQ(told(contact)["delivery"], "sent");
    EXPECT_EQ(center.sql("SELECT attempts FROM outbox"), "3");
}

TEST_F(delivery, gives_up_what_is_refused_for_good_and_says_so) {
    for (const std::string refusal : {"550 5.7.1 we want none of this", "rcpt 550 5.1.1 no such mailbox"}) {
        mailbox.answer(refusal);
        const auto ticket = ticket_of(refusal.starts_with("rcpt") ? "nobody@example.com" : "ada@example.com");
        const auto contact = answered(ticket, "Is it plugged in?");
        time_goes_by();
        const auto failure = told(contact);
        EXPECT_EQ(failure["delivery"], "failed");
        EXPECT_EQ(failure["ticket_id"], ticket);
        EXPECT_THAT(failure["detail"].get<std::string>(), HasSubstr(refusal.substr(refusal.find("5."))));
        EXPECT_EQ(delivery_of(contact), "failed");
        if (!refusal.starts_with("rcpt")) mailbox.next();
        mailbox.answer("250");
        const auto next = answered(ticket, "Another try");
        time_goes_by();
        EXPECT_THAT(mailbox.next()["message"].get<std::string>(), HasSubstr("Another try"))
            << "and not the one that failed";
        EXPECT_EQ(told(next)["delivery"], "sent");
    }
}

TEST_F(delivery, sends_again_what_failed_when_somebody_asks_for_it) {
    mailbox.answer("550 5.7.1 we want none of this");
    const auto contact = answered(ticket_of("ada@example.com"), "Is it plugged in?");
    const auto address = "/api/v1/contacts/" + std::to_string(contact);
    EXPECT_EQ(agent->http.post(address + "/retry").status, 409) << "it has not failed";
    EXPECT_TRUE(agent->http.get(address).json()["sends_at"].is_string()) << "it can be taken back until then";
    time_goes_by();
    const auto refused = mailbox.next();
    EXPECT_EQ(told(contact)["delivery"], "failed");
    const auto failed = agent->http.get(address).json();
    EXPECT_THAT(failed["delivery_detail"].get<std::string>(), HasSubstr("we want none of this"));
    EXPECT_TRUE(failed["sends_at"].is_null());

    mailbox.answer("250");
    const auto again = agent->http.post(address + "/retry");
    ASSERT_EQ(again.status, 200) << again.body;
    EXPECT_EQ(again.json()["contact"]["delivery"], "queued");
    EXPECT_THAT(mailbox.next()["message"].get<std::string>(), HasSubstr("Is it plugged in?"));
    EXPECT_EQ(told(contact)["delivery"], "queued");
    EXPECT_EQ(told(contact)["delivery"], "sent");
    EXPECT_EQ(agent->http.post(address + "/retry").status, 409) << "once";
}

TEST_F(delivery, gives_up_after_the_last_pause) {
    mailbox.answer("451 4.3.0 later");
    const auto contact = answered(ticket_of("ada@example.com"), "Is it plugged in?");
    center.sql("UPDATE outbox SET attempts = 10"); // two days later
    time_goes_by();
    EXPECT_EQ(told(contact)["delivery"], "failed");
}

TEST_F(delivery, never_sends_what_was_taken_back) {
    const auto ticket = ticket_of("ada@example.com");
    const auto regretted = answered(ticket, "Dear idiot");
    ASSERT_EQ(agent->http.post("/api/v1/contacts/" + std::to_string(regretted) + "/undo").status, 200);
    EXPECT_EQ(told(regretted)["delivery"], "cancelled");
    answered(ticket, "Dear customer");
    time_goes_by();
    EXPECT_THAT(mailbox.next()["message"].get<std::string>(), HasSubstr("Dear customer"));
    EXPECT_EQ(agent->http.post("/api/v1/contacts/" + std::to_string(regretted) + "/undo").status, 409);
    EXPECT_EQ(center.sql("SELECT state FROM outbox WHERE contact_id = " + std::to_string(regretted)), "cancelled");
}

TEST_F(delivery, acknowledges_the_first_mail_of_a_ticket_and_no_other) {
    answer_by_itself("Dear {name}, we have {subject} as #{number}. {nothing}");
    const auto ticket = center.mail("front", "ada@example.com", "Kettle");
    time_goes_by();
    const auto sent = mailbox.next();
    EXPECT_EQ(sent["from"], "<>") << "a bounce of this would go nowhere";
    EXPECT_EQ(sent["to"], (json{"ada@example.com"}));
    const std::string message = sent["message"];
    auto fields = fields_of(message);
    EXPECT_EQ(fields["auto-submitted"], "auto-replied");
    EXPECT_EQ(fields["in-reply-to"], "<" + center.sql("SELECT message_id FROM contact WHERE direction = 'in'") + ">");
    EXPECT_THAT(fields["reply-to"], HasSubstr("help+t." + std::to_string(ticket) + "."));
    EXPECT_THAT(body_of(message), HasSubstr("we have Kettle as #" + std::to_string(ticket) + ". {nothing}"));
    EXPECT_EQ(center.mail("front", "ada@example.com", "Re: Kettle", {{"In-Reply-To", fields["message-id"]}}), ticket)
        << "an answer to it comes to the same ticket, and is not acknowledged";
    time_goes_by();
    EXPECT_TRUE(mailbox.is_quiet());
}

TEST_F(delivery, heads_alike_what_a_queue_answers_by_itself_and_what_an_agent_does) {
    const auto desk = center.queue("Front desk", {{"acknowledgement", "We have it."}, {"sender_name", "The Desk"}});
    center.gateway("front", "email", desk, {{"from_address", "help@shop.example"}, {"from_name", "Shop"}});
    auto ida = center.agent("ida", {desk});
    ida.ready();
    const auto ticket =
        center.mail("front", "ada@example.com", "Re: Kettle", {{"References", "<first@elsewhere.example>"}});
    EXPECT_EQ(ida.take()["id"], ticket);
    EXPECT_EQ(ida.act(ticket, "replies", {{"text", "Is it plugged in?"}}).status, 201);
    time_goes_by();
    auto one = fields_of(mailbox.next()["message"]), other = fields_of(mailbox.next()["message"]);
    EXPECT_EQ(one["subject"], "Re: Kettle [#" + std::to_string(ticket) + "]");
    for (const auto* field : {"subject", "from", "to", "reply-to", "in-reply-to", "references"})
        EXPECT_EQ(one[field], other[field]) << field;
    EXPECT_NE(one["message-id"], other["message-id"]);
}

TEST_F(delivery, acknowledges_no_machine_and_nobody_without_end) {
    answer_by_itself("We have your mail.");
    for (const headers& machine :
         {headers{{"Auto-Submitted", "auto-replied"}}, headers{{"Precedence", "bulk"}},
          headers{{"List-Id", "<list.example.com>"}}, headers{{"X-Auto-Response-Suppress", "All"}}})
        center.mail("front", "robot@example.com", "Hello", machine);
    center.mail("front", "help@shop.example", "From ourselves");
    EXPECT_EQ(center.number("SELECT count(*) FROM automatic_answer"), 0);
    for (int i = 0; i < 9; ++i) center.mail("front", "twin@example.com", "A program that admits nothing");
    EXPECT_EQ(center.number("SELECT count(*) FROM automatic_answer"), 5);
    center.sql("UPDATE automatic_answer SET sent_at = sent_at - interval '61 minutes'");
    center.mail("front", "twin@example.com", "An hour later");
    EXPECT_EQ(center.number("SELECT count(*) FROM automatic_answer"), 6);
    EXPECT_EQ(center.number("SELECT count(*) FROM contact WHERE outcome = 'sent' AND 'auto_reply' = ANY (flags)"), 6);
}

TEST(delivery_over_two_nodes, waits_for_a_smarthost_that_is_down_and_sends_each_answer_once) {
    auto mailbox = std::make_unique<smtp_sink>();
    const auto port = mailbox->port();
    const auto terms = [port](config& c) { c.smtp_url = "smtp://127.0.0.1:" + std::to_string(port); };
    mailbox.reset(); // nobody listens
    contact_center center{terms};
    running_server beside{terms, center.server}; // claims keep the two apart
    const auto queue = center.queue("Support", {{"ring_s", 300}});
    center.gateway("mail", "email", queue, {{"from_address", "help@shop.example"}});
    auto agent =
        center.agent("grace", {queue}, {{"channels", {{{"channel", "email"}, {"capacity", 30}, {"weight", 1}}}}});
    agent.ready();
    constexpr int mails = 20;
    for (int i = 0; i < mails; ++i) {
        const auto ticket = center.mail("mail", "c" + std::to_string(i) + "@example.com");
        EXPECT_EQ(agent.take()["id"], ticket);
        EXPECT_EQ(agent.act(ticket, "replies", {{"text", "Answer " + std::to_string(i)}}).status, 201);
    }
    const auto now_due = [&] {
        center.sql("UPDATE outbox SET next_at = now() WHERE state = 'queued'");
        center.sql("INSERT INTO event (type, data) VALUES ('contact.sent', '{}')");
    };
    now_due();
    eventually(
        [&] {
            return center.number("SELECT count(*) FROM outbox WHERE attempts = 1 AND claimed_until IS NULL AND "
                                 "last_error <> ''") == mails;
        },
        "each is tried once in vain");
    mailbox = std::make_unique<smtp_sink>(port);
    now_due();
    std::multiset<std::string> to;
    for (int i = 0; i < mails; ++i) to.insert(mailbox->next()["to"][0].get<std::string>());
    eventually([&] { return center.number("SELECT count(*) FROM outbox WHERE state = 'sent'") == mails; },
               "all are sent");
    now_due();
    beside.stop(); // both have looked at the outbox since: nothing is under way
    center.server.stop();
    EXPECT_TRUE(mailbox->is_quiet()) << "nothing was sent twice";
    for (int i = 0; i < mails; ++i) EXPECT_EQ(to.count("c" + std::to_string(i) + "@example.com"), 1u);
}

} // namespace
} // namespace switchboard::test
