// Mail as users of other systems reported it: whom it is from, who must see it, and where the answer goes. Each case is
// played with the input after its report and with one of its kin.

#include "support/contact_center.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

namespace switchboard::test {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::IsEmpty;

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
    return text;
}

std::vector<std::string> addresses(const json& parties) {
    std::vector<std::string> out;
    for (const auto& p : parties) out.push_back(p.at("value"));
    return out;
}

/// A desk whose mailbox is support@example.com, with one agent.
class desk {
public:
    desk() {
        support = center.queue("Support", {{"ring_s", 300}, {"cool_s", 0}, {"wrapup_s", 0}, {"sla_target_s", 600}});
        mailbox("support-mail", "support@example.com", support);
        agent.emplace(center.agent("grace", {support}));
        agent->ready();
    }
    void mailbox(const std::string& name, const std::string& address, std::int64_t queue, json settings = {}) {
        settings["own_addresses"] = json::array({address});
        json terms;
        terms["from_address"] = address;
        terms["settings"] = settings;
        center.gateway(name, "email", queue, terms);
    }

    json post(const std::string& mail, const std::string& gateway = "support-mail") {
        const auto answer =
            center.intake.send("POST", "/api/v1/intake/" + gateway, mail, {{"Content-Type", "message/rfc822"}});
        EXPECT_LT(answer.status, 300) << answer.body;
        return answer.json();
    }
    /// The agent has taken the ticket that was posted, and answers; what he sent is what later mails answer.
    json answer(std::int64_t ticket, json more = json::object()) {
        more["text"] = "We have looked at it.";
        const auto sent = agent->act(ticket, "replies", more);
        EXPECT_EQ(sent.status, 201) << sent.body;
        reply_id = center.sql("SELECT message_id FROM contact WHERE outcome = 'sent' ORDER BY id DESC LIMIT 1");
        reply_subject = center.sql("SELECT subject FROM contact WHERE outcome = 'sent' ORDER BY id DESC LIMIT 1");
        return sent.json();
    }
    /// The agent takes what was posted, answers it and is done with it; nobody takes what comes of it.
    void answer_and_solve(std::int64_t ticket) {
        EXPECT_EQ(agent->take()["id"], ticket);
        EXPECT_EQ(answer(ticket, {{"solve", "resolved"}})["ticket"]["state"], "solved");
        agent->presence({{"state", "not_ready"}, {"reason", "lunch"}});
    }
    json ticket(std::int64_t id) const {
        const auto answer = center.admin.get("/api/v1/tickets/" + std::to_string(id));
        EXPECT_EQ(answer.status, 200) << answer.body;
        return answer.json();
    }
    std::string customer_of(std::int64_t id) const {
        return center.sql("SELECT i.value FROM ticket t JOIN customer_identity i ON i.customer_id = t.customer_id "
                          "WHERE t.id = " +
                          std::to_string(id));
    }
    std::int64_t contacts() const { return center.number("SELECT count(*) FROM contact WHERE direction = 'in'"); }

    contact_center center;
    std::int64_t support = 0;
    std::optional<seat> agent;
    std::string reply_id, reply_subject;
};

class mail_case : public testing::TestWithParam<std::string> {
protected:
    void SetUp() override { desk_.emplace(); }
    std::string letter(const std::string& name) const {
        std::ifstream in{std::filesystem::path{GetParam()} / name, std::ios::binary};
        EXPECT_TRUE(in) << name;
        std::string text{std::istreambuf_iterator<char>(in), {}};
        text = replaced(std::move(text), "{{reply_id}}", desk_->reply_id);
        text = replaced(std::move(text), "{{reply_subject}}", desk_->reply_subject);
        text = replaced(std::move(text), "{{agent_email}}", agent_email);
        return replaced(std::move(text), "{{run}}", "run-1");
    }
    desk& us() { return *desk_; }

    static constexpr auto agent_email = "amira@example.com";

private:
    std::optional<desk> desk_;
};

INSTANTIATE_TEST_SUITE_P(with, mail_case, testing::Values("tests/data/cases/mail", "tests/data/cases/mail_kin"),
                         [](const auto& p) { return p.index == 0 ? "reported_inputs" : "kin"; });

TEST_P(mail_case, case_34_support_address_is_a_group) {
    const auto first = us().post(letter("34-support-address-is-a-group/1.eml"));
    const std::int64_t id = first["ticket_id"];
    EXPECT_NE(us().ticket(id)["due_at"], nullptr) << "promised as to anybody";
    us().answer_and_solve(id);
    EXPECT_EQ(us().post(letter("34-support-address-is-a-group/2.eml"))["ticket_id"], id);
    EXPECT_EQ(us().ticket(id)["state"], "waiting");
}

TEST_P(mail_case, case_36_web_form_from_own_address) {
    for (const auto* name : {"1.eml", "2.eml"}) {
        const auto mail = letter(std::string{"36-web-form-from-own-address/"} + name);
        const std::int64_t id = us().post(mail)["ticket_id"];
        const auto ticket = us().ticket(id);
        EXPECT_THAT(ticket["state"], testing::AnyOf("waiting", "offered"));
        EXPECT_NE(ticket["due_at"], nullptr);
        EXPECT_THAT(mail, testing::HasSubstr("<" + us().customer_of(id) + ">"));
        EXPECT_NE(us().customer_of(id), "support@example.com");
        EXPECT_THAT(addresses(ticket["reply"]["to"]), ElementsAre(us().customer_of(id)));
    }
}

TEST_P(mail_case, case_39_forwarded_by_agent) {
    const auto made = us().center.admin.post("/api/v1/users", {{"login", "amira"},
                                                               {"name", "Amira"},
                                                               {"roles", an_agent},
                                                               {"email", agent_email},
                                                               {"password", running_server::password}});
    ASSERT_EQ(made.status, 201) << made.body;
    us().mailbox("new-mail", "new@example.com", us().support); // which makes intake read anew who works here
    const auto mail = letter("39-forwarded-by-agent/1.eml");
    std::int64_t id = us().post(mail, "new-mail")["ticket_id"];
    EXPECT_EQ(us().customer_of(id), "nils.borg@example.net");
    EXPECT_THAT(addresses(us().ticket(id)["reply"]["to"]), ElementsAre("nils.borg@example.net"));
    const auto text = us().center.sql("SELECT text FROM contact");
    EXPECT_THAT(text, testing::Not(testing::HasSubstr(agent_email))) << text;
    EXPECT_EQ(us().center.number("SELECT count(*) FROM note WHERE author_id IS NOT NULL"), 0)
        << "nobody has vouched for the sender";
    EXPECT_THAT(us().center.sql("SELECT data->'note'->>'text' FROM event WHERE type = 'note.added'"),
                testing::HasSubstr("passed this mail on. Nobody has checked"));

    const auto stranger =
        replaced(replaced(mail, agent_email, "mallory@evil.example"), "Message-ID: <", "Message-ID: <x");
    id = us().post(stranger)["ticket_id"];
    EXPECT_EQ(us().customer_of(id), "mallory@evil.example") << "who is nobody here speaks for himself alone";
}

TEST_P(mail_case, case_45_out_of_office_on_solved_ticket) {
    const std::int64_t id = us().post(letter("45-out-of-office-on-solved-ticket/1.eml"))["ticket_id"];
    us().answer_and_solve(id);
    std::int64_t heard = us().contacts();
    for (const auto* name : {"2-rfc3834.eml", "3-exchange.eml", "4-subject.eml"}) {
        EXPECT_EQ(us().post(letter(std::string{"45-out-of-office-on-solved-ticket/"} + name))["ticket_id"], id) << name;
        EXPECT_EQ(us().ticket(id)["state"], "solved") << name;
        EXPECT_EQ(us().contacts(), ++heard) << name;
    }
}

TEST_P(mail_case, case_46_reply_after_auto_reply) {
    const std::int64_t id = us().post(letter("46-reply-after-auto-reply/1.eml"))["ticket_id"];
    EXPECT_EQ(us().agent->take()["id"], id);
    EXPECT_THAT(addresses(us().ticket(id)["reply"]["others"]), ElementsAre("vic@example.net"));
    const json vic{{"value", "vic@example.net"}, {"name", "Vic"}};
    us().answer(id, {{"cc", json::array({vic})}});
    EXPECT_EQ(us().post(letter("46-reply-after-auto-reply/2.eml"))["ticket_id"], id);
    EXPECT_THAT(addresses(us().answer(id)["contact"]["to"]), ElementsAre("una@example.net"));
}

TEST_P(mail_case, case_48_no_message_id) {
    const auto first = us().post(letter("48-no-message-id/1.eml"));
    for (const auto* name : {"1.eml", "1-again.eml"}) {
        const auto again = us().post(letter(std::string{"48-no-message-id/"} + name));
        EXPECT_EQ(again["contact_id"], first["contact_id"]) << name;
        EXPECT_EQ(again["duplicate"], true) << name;
    }
    EXPECT_EQ(us().post(letter("48-no-message-id/2.eml"))["duplicate"], false);
    EXPECT_EQ(us().contacts(), 2);
}

TEST_P(mail_case, case_55_reply_to_of_a_list) {
    const std::int64_t id = us().post(letter("55-reply-to-of-a-list/1.eml"))["ticket_id"];
    EXPECT_EQ(us().agent->take()["id"], id);
    const auto reply = us().ticket(id)["reply"];
    EXPECT_THAT(reply["others"], IsEmpty());
    EXPECT_THAT(reply["reply_to"], IsEmpty());
    EXPECT_THAT(addresses(us().answer(id)["contact"]["to"]), ElementsAre("bo@example.net"));
}

TEST_P(mail_case, case_61_answer_of_another_desk) {
    const std::int64_t id = us().post(letter("61-answer-of-another-desk/1.eml"))["ticket_id"];
    us().answer_and_solve(id);
    EXPECT_EQ(us().post(letter("61-answer-of-another-desk/2.eml"))["ticket_id"], id);
    EXPECT_EQ(us().ticket(id)["state"], "waiting");
    EXPECT_EQ(us().center.number("SELECT count(*) FROM automatic_answer"), 0);
}

TEST_P(mail_case, case_63_new_mail_to_two_mailboxes) {
    const auto sales = us().center.queue("Sales");
    us().mailbox("sales-mail", "sales@example.com", sales);
    us().mailbox("more-support-mail", "more@example.com", us().support);
    const auto mail = letter("63-new-mail-to-two-mailboxes/1.eml");
    const auto first = us().post(mail);
    const std::int64_t ours = first["ticket_id"], theirs = us().post(mail, "sales-mail")["ticket_id"];
    EXPECT_NE(ours, theirs);
    for (const auto& [one, other] : {std::pair{ours, theirs}, {theirs, ours}}) {
        const auto related = us().ticket(one)["related"];
        ASSERT_EQ(related.size(), 1u);
        EXPECT_EQ(related[0]["id"], other);
        EXPECT_EQ(related[0]["why"], "copy");
    }
    for (int again = 0; again < 2; ++again) {
        const auto copy = us().post(mail, "more-support-mail");
        EXPECT_EQ(copy["contact_id"], first["contact_id"]) << "one queue serves both";
        EXPECT_EQ(copy["duplicate"], true);
    }
    EXPECT_EQ(us().contacts(), 2);
    EXPECT_EQ(us().center.number("SELECT count(*) FROM contact_event WHERE type = 'delivered_again'"), 1)
        << "the bytes of the other way are kept, once";
}

TEST_P(mail_case, case_64_copy_by_a_list_with_footer) {
    const auto direct = letter("64-copy-by-a-list-with-footer/1.eml");
    const auto listed = letter("64-copy-by-a-list-with-footer/2.eml");
    const auto first = us().post(direct);
    for (const auto& again : {listed, direct, listed}) EXPECT_EQ(us().post(again)["contact_id"], first["contact_id"]);
    EXPECT_EQ(us().contacts(), 1);

    // And the other way round.
    const auto other = [](const std::string& mail) { return replaced(mail, "Message-ID: <", "Message-ID: <other-"); };
    const auto by_list = us().post(other(listed));
    EXPECT_NE(by_list["contact_id"], first["contact_id"]);
    EXPECT_EQ(us().post(other(direct))["contact_id"], by_list["contact_id"]);
    EXPECT_EQ(us().contacts(), 2);
}

// Kinds that have no case of their own.

std::string plain_mail(const std::string& header, const std::string& text = "Hello.") {
    return header + "\nDate: Tue, 07 Apr 2026 09:00:00 +0000\n\n" + text + "\n";
}

TEST(mail_from_a_form, makes_each_of_its_senders_a_customer_and_answers_all_of_them) {
    desk us;
    json settings;
    settings["forms"] = json::array({"noreply@form.example"});
    us.mailbox("forms", "web@example.com", us.support, settings);
    for (const auto* from : {"support@example.com", "NoReply@form.example"}) {
        const std::int64_t id =
            us.post(plain_mail(std::string{"From: Form <"} + from +
                               ">\nReply-To: Ann <ann@one.example>, Bob <bob@two.example>\nTo: web@example.com\n"
                               "Message-ID: <" +
                               from + "-1@form.example>"),
                    "forms")["ticket_id"];
        EXPECT_EQ(us.customer_of(id), "ann@one.example") << from;
        EXPECT_EQ(us.center.number("SELECT count(*) FROM customer_identity WHERE value = 'bob@two.example'"), 1);
        EXPECT_THAT(addresses(us.ticket(id)["reply"]["to"]), ElementsAre("ann@one.example", "bob@two.example"));
    }
}

TEST(mail_of_our_own, waits_where_nothing_proves_that_it_is_ours) {
    desk us;
    const std::int64_t id =
        us.post(plain_mail("From: support@example.com\nTo: support@example.com\nMessage-ID: <a@b.c>"))["ticket_id"];
    EXPECT_THAT(us.ticket(id)["state"], testing::AnyOf("waiting", "offered"));
    EXPECT_EQ(us.ticket(id)["customer"], nullptr) << "we are nobody's customer";
    EXPECT_THAT(us.ticket(id)["reply"]["to"], IsEmpty());

    json settings;
    settings["outgoing"] = true;
    us.mailbox("archive", "archive@example.com", us.support, settings);
    const std::int64_t sent = us.post(plain_mail("From: archive@example.com\nTo: ann@one.example\nMessage-ID: <c@b.c>"),
                                      "archive")["ticket_id"];
    EXPECT_EQ(us.ticket(sent)["state"], "solved");
    EXPECT_EQ(us.customer_of(sent), "ann@one.example");
}

TEST(redirected_answer, with_an_empty_return_path_reopens) {
    desk us;
    const std::int64_t id =
        us.post(plain_mail("From: Ann <ann@one.example>\nSubject: Tap\nMessage-ID: <a1@one.example>"))["ticket_id"];
    us.answer_and_solve(id);
    EXPECT_EQ(us.post(plain_mail("Return-Path: <>\nFrom: Ann <ann@one.example>\nSubject: Re: Tap\nIn-Reply-To: <" +
                                 us.reply_id + ">\nMessage-ID: <a2@one.example>"))["ticket_id"],
              id);
    EXPECT_EQ(us.ticket(id)["state"], "waiting");
    EXPECT_EQ(us.center.number("SELECT count(*) FROM contact WHERE 'machine' = ANY(flags)"), 0);
}

TEST(acknowledgement_of_another_desk, leaves_a_solved_ticket_alone) {
    desk us;
    const std::int64_t id =
        us.post(plain_mail("From: Ann <ann@one.example>\nSubject: Tap\nMessage-ID: <a1@one.example>"))["ticket_id"];
    us.answer_and_solve(id);
    us.post(plain_mail("Auto-Submitted: auto-generated\nFrom: Ann <ann@one.example>\nIn-Reply-To: <" + us.reply_id +
                           ">\nMessage-ID: <a2@one.example>",
                       "Your request (77) has been received and is being reviewed by our support staff."));
    EXPECT_EQ(us.ticket(id)["state"], "solved");
}

// What mallory writes in ann's name.
class forged_mail : public testing::Test {
protected:
    forged_mail() {
        json settings;
        settings["authserv_ids"] = json::array({"mx.example.com"});
        us.mailbox("checked", "checked@example.com", us.support, settings);
        ticket = us.post(plain_mail("From: Ann <ann@one.example>\nSubject: Tap\nMessage-ID: <a1@one.example>"),
                         "checked")["ticket_id"];
        us.agent->take();
        us.answer(ticket);
    }
    std::int64_t forged(const std::string& header) {
        return us.post(plain_mail(header +
                                  "\nFrom: Ann <ann@one.example>\nReply-To: thief@evil.example\nMessage-ID: <f" +
                                  std::to_string(++made_) + "@evil.example>"),
                       "checked")["ticket_id"];
    }
    std::string named() const { return "Subject: Re: Tap [#" + std::to_string(ticket) + "]"; }

    desk us;
    std::int64_t ticket = 0;

private:
    int made_ = 0;
};

TEST_F(forged_mail, that_names_a_ticket_only_suggests_it) {
    for (const std::string checked :
         {"X-Checked: no", "Authentication-Results: mx.example.com; dmarc=fail header.from=one.example",
          "Authentication-Results: mx.evil.example; dmarc=pass header.from=one.example",
          "Authentication-Results: mx.example.com; dkim=pass header.d=evil.example",
          "Authentication-Results: mx.example.com; dmarc=fail\n"
          "Authentication-Results: mx.example.com; dmarc=pass header.from=one.example"}) {
        const auto other = forged(checked + "\n" + named());
        EXPECT_NE(other, ticket) << checked;
        EXPECT_EQ(us.ticket(other)["related"][0]["id"], ticket) << checked;
        EXPECT_EQ(us.ticket(other)["related"][0]["why"], "named") << checked;
    }
    EXPECT_EQ(forged("Authentication-Results: mx.example.com; dmarc=pass header.from=one.example\n" + named()), ticket)
        << "for whom somebody vouches takes part by the number alone";
}

TEST_F(forged_mail, redirects_no_answer) {
    ASSERT_EQ(forged("In-Reply-To: <" + us.reply_id + ">"), ticket) << "he knows our Message-ID";
    ASSERT_EQ(forged("In-Reply-To: <" + us.reply_id + ">"), ticket) << "and tries again";
    const auto reply = us.ticket(ticket)["reply"];
    EXPECT_THAT(addresses(reply["to"]), ElementsAre("ann@one.example"));
    EXPECT_THAT(addresses(reply["reply_to"]), ElementsAre("thief@evil.example")) << "shown";
    EXPECT_THAT(reply["newcomers"], ElementsAre("thief@evil.example")) << "and flagged";
    EXPECT_THAT(addresses(us.answer(ticket)["contact"]["to"]), ElementsAre("ann@one.example"));
}

} // namespace
} // namespace switchboard::test
