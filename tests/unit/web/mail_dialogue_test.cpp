#include "web/mail_dialogue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace switchboard::web {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;
using need = mail_dialogue::need;

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty()) {
        const auto end = text.find("\r\n");
        if (end == text.npos) {
            ADD_FAILURE() << "a reply without its end: " << text;
            break;
        }
        out.emplace_back(text.substr(0, end));
        text.remove_prefix(end + 2);
    }
    return out;
}

/// The owner that a dialogue has in the server, without a socket: recipients are answered by their name, mails are
/// kept.
class talk {
public:
    explicit talk(mail_protocol protocol, mail_terms terms = {})
        : dialogue{[&] {
              terms.protocol = protocol;
              terms.hostname = "mx.example";
              return terms;
          }()} {
        EXPECT_THAT(say(""), ElementsAre(StartsWith("220 mx.example ")));
    }

    std::vector<std::string> say(std::string_view bytes) {
        dialogue.feed(bytes);
        for (;;) {
            last = dialogue.next();
            if (last == need::recipient) {
                const auto& address = dialogue.recipient();
                dialogue.answer_recipient(address.starts_with("nobody") ? recipient_answer::unknown
                                          : address.starts_with("off")  ? recipient_answer::off
                                          : address.starts_with("wait") ? recipient_answer::not_now
                                                                        : recipient_answer::ours);
            } else if (last == need::delivery) {
                mails.push_back(dialogue.take_message());
                std::vector<delivery_answer> answers;
                for (const auto& to : mails.back().recipients)
                    answers.push_back(outcomes.contains(to) ? outcomes[to] : delivery_answer::kept);
                dialogue.answer_delivery(answers);
            } else {
                return lines_of(dialogue.take_replies());
            }
        }
    }
    /// As far as DATA.
    void begin(std::string_view to = "help@shop.example") {
        say(dialogue_is_smtp ? "EHLO x\r\n" : "LHLO x\r\n");
        say("MAIL FROM:<ada@example.com>\r\n");
        say("RCPT TO:<" + std::string{to} + ">\r\n");
        EXPECT_THAT(say("DATA\r\n"), ElementsAre(StartsWith("354 ")));
    }

    bool dialogue_is_smtp = false;
    mail_dialogue dialogue;
    need last = need::input;
    std::vector<mail_message> mails;
    std::map<std::string, delivery_answer> outcomes;
};

talk lmtp(mail_terms terms = {}) {
    return talk{mail_protocol::lmtp, std::move(terms)};
}
talk smtp(mail_terms terms = {}) {
    talk t{mail_protocol::smtp, std::move(terms)};
    t.dialogue_is_smtp = true;
    return t;
}

TEST(lmtp_dialogue, says_what_it_can) {
    auto t = lmtp({.message_bytes = 1234, .offers_tls = true});
    EXPECT_THAT(t.say("LHLO relay.example\r\n"),
                ElementsAre("250-mx.example", "250-PIPELINING", "250-SIZE 1234", "250-8BITMIME", "250-SMTPUTF8",
                            "250-STARTTLS", "250 ENHANCEDSTATUSCODES"));
    EXPECT_THAT(t.say("EHLO relay.example\r\n"), ElementsAre(StartsWith("500 "))) << "RFC 2033 4.1";
    EXPECT_THAT(smtp().say("LHLO relay.example\r\n"), ElementsAre(StartsWith("500 ")));
    EXPECT_THAT(smtp().say("HELO relay.example\r\n"), ElementsAre("250 mx.example"));
    EXPECT_THAT(smtp().say("EHLO\r\n"), ElementsAre(StartsWith("501 5.5.4")));
}

TEST(lmtp_dialogue, takes_a_mail_and_answers_for_each_recipient) {
    auto t = lmtp({.remote = "192.0.2.1"});
    t.outcomes["full@shop.example"] = delivery_answer::overloaded;
    t.say("LHLO x\r\n");
    EXPECT_THAT(t.say("MAIL FROM:<ada@example.com> SIZE=20 BODY=8BITMIME\r\n"), ElementsAre(StartsWith("250 2.1.0")));
    EXPECT_THAT(t.say("RCPT TO:<help@shop.example>\r\n"), ElementsAre(StartsWith("250 2.1.5")));
    EXPECT_THAT(t.say("RCPT TO:<nobody@shop.example>\r\n"), ElementsAre(StartsWith("550 5.1.1")));
    EXPECT_THAT(t.say("RCPT TO:<off@shop.example>\r\n"), ElementsAre(StartsWith("450 4.2.1")));
    EXPECT_THAT(t.say("RCPT TO:<wait@shop.example>\r\n"), ElementsAre(StartsWith("451 4.3.0")));
    EXPECT_THAT(t.say("RCPT TO:<full@shop.example>\r\n"), ElementsAre(StartsWith("250 2.1.5")));
    EXPECT_THAT(t.say("DATA\r\n"), ElementsAre(StartsWith("354 ")));
    EXPECT_THAT(t.say("Subject: x\r\n\r\n..dot\r\n.\r\n"),
                ElementsAre(StartsWith("250 2.0.0"), StartsWith("452 4.3.1")))
        << "one for each that was taken, in their order (RFC 2033 4.2)";
    ASSERT_THAT(t.mails, SizeIs(1));
    EXPECT_EQ(t.mails[0].content, "Subject: x\r\n\r\n.dot\r\n");
    EXPECT_EQ(t.mails[0].from, "ada@example.com");
    EXPECT_EQ(t.mails[0].remote, "192.0.2.1");
    EXPECT_THAT(t.mails[0].recipients, ElementsAre("help@shop.example", "full@shop.example"));
    EXPECT_THAT(t.say("DATA\r\n"), ElementsAre(StartsWith("503 5.5.1"))) << "the mail is over";
}

TEST(smtp_dialogue, gives_one_answer_and_it_is_the_worst) {
    const std::pair<delivery_answer, std::string> table[] = {{delivery_answer::kept, "250 2.0.0"},
                                                             {delivery_answer::not_now, "451 4.3.0"},
                                                             {delivery_answer::overloaded, "452 4.3.1"},
                                                             {delivery_answer::refused, "554 5.6.0"}};
    for (const auto& [outcome, answer] : table) {
        auto t = smtp();
        t.outcomes["b@shop.example"] = outcome;
        t.say("EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<a@shop.example>\r\nRCPT TO:<b@shop.example>\r\nDATA\r\n");
        EXPECT_THAT(t.say("\r\nx\r\n.\r\n"), ElementsAre(StartsWith(answer)));
    }
}

TEST(smtp_dialogue, takes_a_whole_group_of_commands_at_once) {
    auto t = smtp();
    const auto answers = t.say("EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<a@shop.example>\r\nDATA\r\nhello\r\n.\r\nQUIT\r\n");
    ASSERT_THAT(answers, SizeIs(11));
    EXPECT_THAT(answers[9], StartsWith("250 2.0.0"));
    EXPECT_THAT(answers[10], StartsWith("221 2.0.0"));
    EXPECT_EQ(t.last, need::end);
    EXPECT_EQ(t.mails.at(0).from, "") << "the null sender";
}

// What one server in front of us takes for the end of a mail and another does not is how a second mail is smuggled in.
TEST(mail_content, ends_with_crlf_dot_crlf_and_with_nothing_else) {
    for (const std::string_view false_end :
         {"\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r\n.\r", "\r.\r\n", "\r\n.\r\r\n", "\r\n..\r\n", "\r\n. \r\n"}) {
        auto t = smtp();
        t.begin();
        const auto smuggled =
            "Subject: outer\r\n\r\nhello" + std::string{false_end} +
            "MAIL FROM:<boss@shop.example>\r\nRCPT TO:<help@shop.example>\r\nDATA\r\nSubject: inner\r\n";
        EXPECT_THAT(t.say(smuggled), IsEmpty()) << testing::PrintToString(false_end);
        EXPECT_TRUE(t.dialogue.in_content());
        const auto answers = t.say("\r\n.\r\n");
        ASSERT_THAT(answers, SizeIs(1)) << testing::PrintToString(false_end);
        const bool bare = false_end.front() == '\n' || false_end.ends_with(".\n");
        EXPECT_THAT(answers[0], StartsWith(bare ? "550 5.5.2" : "250 ")) << testing::PrintToString(false_end);
        EXPECT_THAT(t.mails, SizeIs(bare ? 0 : 1));
        if (!bare) EXPECT_THAT(t.mails[0].content, HasSubstr("Subject: inner")) << "all of it is one mail";
    }
}

TEST(mail_content, is_the_same_however_it_is_cut_into_packets) {
    const std::string mail = "Subject: x\r\n\r\n.leading\r\n\rbare\rcr\r\n..\r\n...\r\n\r\n.x\r\n. \r\nlast\r\n";
    std::string stuffed;
    for (std::size_t i = 0; i < mail.size(); ++i) {
        if (mail[i] == '.' && (i == 0 || mail[i - 1] == '\n')) stuffed += '.';
        stuffed += mail[i];
    }
    const auto wire = "LHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n" + stuffed + ".\r\nNOOP\r\n";
    for (std::size_t packet = 1; packet < wire.size(); ++packet) {
        auto t = lmtp();
        std::vector<std::string> answers;
        for (std::size_t at = 0; at < wire.size(); at += packet)
            for (auto& line : t.say(std::string_view{wire}.substr(at, packet))) answers.push_back(std::move(line));
        ASSERT_THAT(t.mails, SizeIs(1)) << packet;
        ASSERT_EQ(t.mails[0].content, mail) << packet;
        ASSERT_THAT(answers, SizeIs(11)) << packet;
    }
}

TEST(mail_content, of_any_bytes_comes_through) {
    std::string mail;
    for (int i = 0; i < 256; ++i)
        if (i != '\n') mail += static_cast<char>(i);
    mail += "\r\n" + std::string(100'000, 'x') + "\r\n"; // no line is too long within a mail: real ones are
    auto t = lmtp();
    t.begin();
    EXPECT_THAT(t.say(mail + ".\r\n"), ElementsAre(StartsWith("250 ")));
    EXPECT_EQ(t.mails.at(0).content, mail);
}

TEST(mail_content, that_is_too_large_is_refused_and_takes_no_memory) {
    auto t = lmtp({.message_bytes = 1000});
    t.say("LHLO x\r\n");
    EXPECT_THAT(t.say("MAIL FROM:<a@b> SIZE=1001\r\n"), ElementsAre(StartsWith("552 5.3.4"))) << "by its own word";
    EXPECT_THAT(t.say("MAIL FROM:<a@b> SIZE=99999999999999999999999\r\n"), ElementsAre(StartsWith("552 5.3.4")));
    t.begin();
    for (int i = 0; i < 100; ++i) {
        t.say(std::string(100, 'x') + "\r\n");
        EXPECT_LE(t.dialogue.held(), 1000u);
    }
    EXPECT_THAT(t.say(".\r\n"), ElementsAre(StartsWith("552 5.3.4")));
    EXPECT_THAT(t.mails, IsEmpty());
    t.begin();
    EXPECT_THAT(t.say(std::string(998, 'x') + "\r\n.\r\n"), ElementsAre(StartsWith("250 "))) << "the next is taken";
}

TEST(mail_content, is_refused_for_now_when_the_memory_of_all_is_used_up) {
    auto t = lmtp();
    t.begin();
    t.say("part of a mail\r\n");
    t.dialogue.shed();
    EXPECT_EQ(t.dialogue.held(), 0u);
    EXPECT_THAT(t.say("and the rest\r\n.\r\n"), ElementsAre(StartsWith("452 4.3.1")));
    EXPECT_THAT(t.mails, IsEmpty());
    t.begin();
    EXPECT_THAT(t.say("x\r\n.\r\n"), ElementsAre(StartsWith("250 ")));

    t.begin();
    t.dialogue.feed("a mail whose end comes with the bytes that are too many\r\n.\r\n");
    ASSERT_EQ(t.dialogue.next(), need::delivery);
    t.dialogue.shed();
    EXPECT_THAT(t.say("NOOP\r\n"), ElementsAre(StartsWith("452 4.3.1"), StartsWith("250 ")));
    EXPECT_THAT(t.mails, SizeIs(1)) << "never one without its content";
}

TEST(mail_dialogue, answers_what_is_wrong) {
    struct wrong {
        std::string_view said, answer;
    };
    const wrong table[] = {
        {"MAIL FROM:<a@b>", "503 5.5.1"}, // before the greeting
        {"FROG", "500 5.5.2"},
        {"", "500 5.5.2"},
        {"EHLO x\r\nMAIL TO:<a@b>", "501 5.5.4"},
        {"EHLO x\r\nMAIL FROM:", "501 5.1.7"},
        {"EHLO x\r\nMAIL FROM:<a@b", "501 5.1.7"},
        {"EHLO x\r\nMAIL FROM:<a b@c>", "501 5.1.7"},
        {"EHLO x\r\nMAIL FROM:<a@b>SIZE=1", "501 5.1.7"},
        {"EHLO x\r\nMAIL FROM:<a@b> SIZE=x", "501 5.5.4"},
        {"EHLO x\r\nMAIL FROM:<a@b> BODY=BINARYMIME", "501 5.5.4"},
        {"EHLO x\r\nMAIL FROM:<a@b> RET=FULL", "555 5.5.4"},
        {"EHLO x\r\nMAIL FROM:<j\xc3\xb6rg@b>", "553 5.6.7"},
        {"EHLO x\r\nMAIL FROM:<j\xf6rg@b> SMTPUTF8", "501 5.1.7"},
        {"EHLO x\r\nRCPT TO:<a@b>", "503 5.5.1"},
        {"EHLO x\r\nDATA", "503 5.5.1"},
        {"EHLO x\r\nMAIL FROM:<>\r\nDATA", "503 5.5.1"},
        {"EHLO x\r\nMAIL FROM:<>\r\nMAIL FROM:<>", "503 5.5.1"},
        {"EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<>", "501 5.1.3"},
        {"EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<a@b> NOTIFY=NEVER", "555 5.5.4"},
        {"EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<nobody@b>\r\nDATA", "503 5.5.1"},
        {"EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<a@b>\r\nRSET\r\nDATA", "503 5.5.1"},
        {"EHLO x\r\nSTARTTLS", "502 5.5.1"},
        {"EHLO x\r\nAUTH PLAIN", "502 5.5.1"},
        {"NOOP\nNOOP", "500 5.5.2"},
    };
    for (const auto& [said, answer] : table) {
        auto t = smtp();
        EXPECT_THAT(t.say(std::string{said} + "\r\n").back(), StartsWith(answer)) << said;
        EXPECT_EQ(t.last, need::input) << said;
    }
}

TEST(mail_dialogue, reads_every_form_of_an_address) {
    const std::pair<std::string_view, std::string_view> table[] = {
        {"<a@b>", "a@b"},
        {" <a@b>", "a@b"},
        {"a@b", "a@b"},
        {"<@relay,@other:a@b>", "a@b"},
        {"<\"odd > name\"@b> SIZE=1", "\"odd > name\"@b"},
        {"<\"quote\\\"d\"@b>", "\"quote\\\"d\"@b"},
        {"<j\xc3\xb6rg@b\xc3\xbc.example> SMTPUTF8", "j\xc3\xb6rg@b\xc3\xbc.example"},
    };
    for (const auto& [written, address] : table) {
        auto t = smtp();
        t.say("EHLO x\r\n");
        EXPECT_THAT(t.say("mail from:" + std::string{written} + "\r\n"), ElementsAre(StartsWith("250 "))) << written;
        t.say("RCPT TO:<help@shop.example>\r\nDATA\r\n.\r\n");
        EXPECT_EQ(t.mails.at(0).from, address);
    }
}

TEST(mail_dialogue, bounds_lines_recipients_and_patience) {
    auto t = smtp({.recipients = 2});
    t.say("EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<a@b>\r\nRCPT TO:<b@b>\r\n");
    EXPECT_THAT(t.say("RCPT TO:<c@b>\r\n"), ElementsAre(StartsWith("452 4.5.3")));

    for (int i = 0; i < 100; ++i) EXPECT_THAT(t.say(std::string(1000, 'x')), IsEmpty()) << "a line that never ends";
    EXPECT_THAT(t.say("\r\nNOOP\r\n"), ElementsAre(StartsWith("500 5.5.2"), StartsWith("250 ")));

    std::vector<std::string> answers;
    for (int i = 0; i < 30 && t.last != need::end; ++i) answers = t.say("FROG\r\n");
    EXPECT_EQ(t.last, need::end);
    EXPECT_THAT(answers.back(), StartsWith("421 4.7.0"));
}

TEST(mail_dialogue, takes_nothing_over_from_before_tls) {
    auto t = smtp({.offers_tls = true});
    t.say("EHLO x\r\nMAIL FROM:<mallory@example.com>\r\n");
    EXPECT_THAT(t.say("STARTTLS\r\n"), ElementsAre(StartsWith("220 ")));
    ASSERT_EQ(t.last, need::tls);
    t.dialogue.tls_started();
    EXPECT_THAT(t.say("RCPT TO:<a@b>\r\n"), ElementsAre(StartsWith("503 ")));
    EXPECT_THAT(t.say("MAIL FROM:<a@b>\r\n"), ElementsAre(StartsWith("503 "))) << "not even the greeting";
    EXPECT_THAT(t.say("EHLO x\r\n"), Not(testing::Contains("250-STARTTLS")));

    auto injected = smtp({.offers_tls = true});
    injected.say("EHLO x\r\n");
    EXPECT_THAT(injected.say("STARTTLS\r\nMAIL FROM:<mallory@example.com>\r\n"), ElementsAre(StartsWith("421 ")));
    EXPECT_EQ(injected.last, need::end);
}

} // namespace
} // namespace switchboard::web
