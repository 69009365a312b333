// What a customer's mail program gets of an answer, and mails that belong together although none of them names a
// message that came here. The inputs are those after the reports (tests/data/cases/mail).

#include "support/contact_center.hpp"
#include "support/mail_fields.hpp"
#include "support/smtp_sink.hpp"

#include <switchboard/util/hash.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

namespace switchboard::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;

class mail_conversation : public testing::Test {
protected:
    mail_conversation() {
        queue = center.queue("Support", {{"ring_s", 300}, {"cool_s", 0}, {"signature", "The Desk"}});
        mailbox("support-mail", json::object());
        agent.emplace(center.agent("grace", {queue}));
        agent->ready();
    }
    void mailbox(const std::string& name, json settings) {
        settings["own_addresses"] = json::array({"support@example.com"});
        center.gateway(name, "email", queue, {{"from_address", "support@example.com"}, {"settings", settings}});
    }
    static std::string input(const std::string& name) {
        std::ifstream in{std::filesystem::path{"tests/data/cases/mail"} / name, std::ios::binary};
        EXPECT_TRUE(in) << name;
        return {std::istreambuf_iterator<char>(in), {}};
    }
    std::int64_t post(const std::string& mail, const std::string& gateway = "support-mail") {
        const auto answer =
            center.intake.send("POST", "/api/v1/intake/" + gateway, mail, {{"Content-Type", "message/rfc822"}});
        EXPECT_LT(answer.status, 300) << answer.body;
        return answer.json()["ticket_id"];
    }
    /// A mail with these fields beside its date.
    std::int64_t post_fields(const std::string& fields, const std::string& gateway = "support-mail") {
        return post(fields + "\nDate: Tue, 07 Apr 2026 09:00:00 +0000\n\nHello.\n", gateway);
    }
    /// The answer of the agent, who has just been offered the ticket, as it leaves.
    std::string answered(std::int64_t ticket, const json& words) {
        EXPECT_EQ(agent->take()["id"], ticket);
        const auto answer = agent->act(ticket, "replies", words);
        EXPECT_EQ(answer.status, 201) << answer.body;
        center.sql("UPDATE outbox SET next_at = now() WHERE state = 'queued'");
        center.sql("INSERT INTO event (type, data) VALUES ('contact.sent', '{}')"); // the bell of any other reply
        return post_office.next()["message"];
    }

    smtp_sink post_office;
    contact_center center{[this](config& c) { c.smtp_url = "smtp://127.0.0.1:" + std::to_string(post_office.port()); }};
    std::int64_t queue = 0;
    std::optional<seat> agent;
};

class case_54_plain_part_loses_links : public mail_conversation, public testing::WithParamInterface<const char*> {};
INSTANTIATE_TEST_SUITE_P(with_the_text, case_54_plain_part_loses_links, testing::Values(" ", "View the invoice"));

TEST_P(case_54_plain_part_loses_links, keeps_them) {
    const auto ticket = post(input("54-plain-part-loses-links/1.eml"));
    const auto message = answered(
        ticket, {{"text", GetParam()}, {"html", R"(<a href="https://pay.example.com/i/77">View the invoice</a>)"}});
    const auto plain =
        message.substr(message.find("text/plain"), message.find("text/html") - message.find("text/plain"));
    EXPECT_THAT(plain, HasSubstr("View the invoice (https://pay.example.com/i/77)"));
    EXPECT_THAT(plain, HasSubstr("The Desk"));
    const auto page = message.substr(message.find("text/html"));
    EXPECT_THAT(page, HasSubstr("The Desk")) << "who reads the page is shown who signs as well";
}

class outlook_conversation : public mail_conversation {
protected:
    static std::string decoded(const std::string& index) {
        std::string out;
        EXPECT_TRUE(base64_decode(index, out)) << index;
        return out;
    }
    const std::string first = decoded("AQHb9piJBsCGD1GVoU+wxkNV9ElnyQ==");
};

TEST_F(outlook_conversation, case_57_outlook_thread_index) {
    const auto ticket = post(input("57-outlook-thread-index/1.eml"));
    auto fields = fields_of(answered(ticket, {{"text", "Since when?"}}));
    EXPECT_EQ(fields["thread-topic"], "Pump");
    const auto ours = decoded(fields["thread-index"]);
    EXPECT_EQ(ours.size(), 27u);
    EXPECT_THAT(ours, StartsWith(first));

    const auto answer = [&](const std::string& id, const std::string& from, const std::string& index) {
        return post_fields("From: " + from + "\nTo: support@example.com\nSubject: Pump\nThread-Topic: Pump\n" +
                           "Thread-Index: " + base64(index) + "\nMessage-ID: <" + id + "@example.net>");
    };
    EXPECT_EQ(answer("a", "dag@example.net", ours + "12345"), ticket) << "though it names no message";
    EXPECT_EQ(answer("b", "Dag <DAG@example.net>", first), ticket);
    EXPECT_NE(answer("c", "stranger@evil.example", ours + "12345"), ticket) << "who takes no part in it";
    EXPECT_NE(answer("d", "dag@example.net", first.substr(0, 21) + "x" + "12345"), ticket) << "another conversation";
    EXPECT_EQ(post_fields("From: ann@example.net\nTo: dag@example.net, support@example.com\nSubject: Pump\n"
                          "Thread-Index: " +
                          base64(ours + "12345") + "\nMessage-ID: <e@example.net>"),
              ticket)
        << "a colleague of his, who writes to him too";
}

TEST_F(outlook_conversation, is_continued_by_what_a_queue_answers_by_itself) {
    const auto desk = center.queue("Front desk", {{"acknowledgement", "We have it."}});
    center.gateway("front", "email", desk, {{"from_address", "front@example.com"}});
    post(input("57-outlook-thread-index/1.eml"), "front");
    auto fields = fields_of(post_office.next()["message"]);
    EXPECT_EQ(fields["thread-topic"], "Pump");
    EXPECT_THAT(decoded(fields["thread-index"]), StartsWith(first));
}

TEST_F(mail_conversation, holds_the_answers_to_a_mail_that_never_came_and_it_too_when_it_comes) {
    const auto ticket =
        post_fields("From: bob@two.example\nTo: ada@one.example\nCc: support@example.com\nSubject: Re: Tap\n"
                    "In-Reply-To: <unseen@one.example>\nMessage-ID: <b@two.example>");
    EXPECT_EQ(post_fields("From: ada@one.example\nTo: bob@two.example, support@example.com\nSubject: Re: Tap\n"
                          "References: <unseen@one.example>\nMessage-ID: <c@one.example>"),
              ticket);
    EXPECT_EQ(post_fields("From: ada@one.example\nTo: bob@two.example\nCc: support@example.com\nSubject: Tap\n"
                          "Message-ID: <unseen@one.example>"),
              ticket);
    EXPECT_NE(post_fields("From: eve@evil.example\nTo: support@example.com\nSubject: Re: Tap\n"
                          "In-Reply-To: <unseen-too@one.example>\nMessage-ID: <e@evil.example>"),
              ticket);
}

TEST_F(mail_conversation, of_a_stranger_does_not_draw_in_those_whom_he_names) {
    const auto trap = post_fields("From: eve@evil.example\nTo: support@example.com\nCc: ada@one.example\nSubject: Hi\n"
                                  "References: <newsletter@shop.example>\nMessage-ID: <trap@evil.example>");
    EXPECT_NE(post_fields("From: ada@one.example\nTo: support@example.com\nSubject: Re: News\n"
                          "In-Reply-To: <newsletter@shop.example>\nMessage-ID: <a@one.example>"),
              trap);
}

TEST_F(mail_conversation, of_strangers_who_answer_one_letter_is_one_each) {
    const auto answer = [&](const std::string& name) {
        return post_fields("From: " + name + "@" + name + ".example\nTo: support@example.com\nSubject: Re: News\n" +
                           "In-Reply-To: <news-7@shop.example>\nMessage-ID: <1@" + name + ".example>");
    };
    EXPECT_NE(answer("ada"), answer("bob"));
}

TEST_F(mail_conversation, is_joined_by_who_is_believed_alone_where_hosts_are_named_that_vouch) {
    mailbox("checked", {{"authserv_ids", {"mx.example.com"}}});
    const auto answer = [&](const std::string& id, const std::string& checked) {
        return post_fields("Authentication-Results: mx.example.com; " + checked +
                               "\nFrom: ada@one.example\nTo: support@example.com\nSubject: Re: Tap\n"
                               "In-Reply-To: <unseen@one.example>\nMessage-ID: <" +
                               id + "@one.example>",
                           "checked");
    };
    const auto pass = "dmarc=pass header.from=one.example", fail = "dmarc=fail header.from=one.example";
    const auto ticket = answer("1", pass);
    EXPECT_EQ(answer("2", pass), ticket);
    EXPECT_NE(answer("3", fail), ticket);
}

} // namespace
} // namespace switchboard::test
