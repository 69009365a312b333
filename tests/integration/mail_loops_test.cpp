// Machines that answer machines. Each conversation here is carried from one to the other until nobody says any more.

#include "support/contact_center.hpp"
#include "support/mail_fields.hpp"
#include "support/smtp_sink.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

namespace switchboard::test {
namespace {

constexpr int more_than_any_cap = 40, cap_an_hour = 5;

/// A contact center that acknowledges every mail, and the line on which its own mail goes out.
struct center_that_answers {
    explicit center_that_answers(const std::string& own) : address{own} {
        const auto desk = center.queue("Front desk", {{"acknowledgement", "We have your mail, {name}."}});
        center.gateway("front", "email", desk, {{"from_address", own}, {"settings", {{"own_addresses", {own}}}}});
    }

    /// The next answer that it wants to give, as it went over the wire; nothing when it wants to give none.
    std::optional<std::string> says() {
        if (acknowledged() == said_) return std::nullopt;
        ++said_;
        return line.next()["message"].get<std::string>();
    }
    void hears(const std::string& message) {
        const auto answer =
            center.intake.send("POST", "/api/v1/intake/front", message, {{"Content-Type", "message/rfc822"}});
        EXPECT_LT(answer.status, 300) << answer.body;
    }
    std::int64_t acknowledged() const { return center.number("SELECT count(*) FROM automatic_answer"); }
    std::int64_t tickets() const { return center.number("SELECT count(*) FROM ticket"); }

    std::string address;
    smtp_sink line;
    contact_center center{[this](config& c) { c.smtp_url = fmt::format("smtp://127.0.0.1:{}", line.port()); }};

private:
    std::int64_t said_ = 0;
};

/// A responder as bad as there are: it takes everything for a new letter, and says of itself that it is a person.
std::string dumb_answer(const std::string& to, int number, const std::string& more = {}) {
    return fmt::format("From: Twin <twin@there.example>\r\nTo: {}\r\nSubject: I am on holiday {}\r\n"
                       "Message-ID: <{}@there.example>\r\n{}\r\nBack in May.\r\n",
                       to, number, number, more);
}

TEST(auto_responder, that_answers_every_answer_as_a_person_would_is_heard_and_answered_at_most_so_often) {
    center_that_answers us{"help@shop.example"};
    us.hears(dumb_answer(us.address, 0));
    int said = 1;
    while (said < more_than_any_cap) {
        const auto answer = us.says();
        if (!answer) break;
        EXPECT_EQ(fields_of(*answer)["auto-submitted"], "auto-replied");
        us.hears(dumb_answer(us.address, said++));
    }
    EXPECT_EQ(us.acknowledged(), cap_an_hour);
    EXPECT_EQ(said, cap_an_hour + 1) << "then nobody had anything to answer";
    EXPECT_EQ(us.tickets(), said) << "and nothing was lost";

    us.center.sql("UPDATE automatic_answer SET sent_at = sent_at - interval '61 minutes'");
    us.hears(dumb_answer(us.address, said));
    EXPECT_TRUE(us.says()) << "a person who writes the next day is answered";
}

TEST(auto_responder, that_threads_its_answers_is_answered_once) {
    center_that_answers us{"help@shop.example"};
    us.hears(dumb_answer(us.address, 0));
    int said = 1;
    while (said < more_than_any_cap) {
        const auto answer = us.says();
        if (!answer) break;
        auto fields = fields_of(*answer);
        us.hears(dumb_answer(fields["reply-to"], said++, "In-Reply-To: " + fields["message-id"] + "\r\n"));
    }
    EXPECT_EQ(us.acknowledged(), 1);
    EXPECT_EQ(us.tickets(), 1);
}

/// As a relay that thinks little of header fields that it does not know.
std::string without_marks(const std::string& message) {
    std::string out;
    for (std::size_t at = 0; at < message.size();) {
        const auto end = std::min(message.find("\r\n", at), message.size() - 2) + 2;
        const auto line = message.substr(at, end - at);
        if (!line.starts_with("Auto-Submitted:") && !line.starts_with("X-Auto-Response-Suppress:") &&
            !line.starts_with("Precedence:"))
            out += line;
        at = end;
    }
    return out;
}

class two_switchboards : public testing::TestWithParam<bool> {};

TEST_P(two_switchboards, that_acknowledge_each_other_come_to_an_end) {
    center_that_answers ours{"help@shop.example"}, theirs{"desk@there.example"};
    // Somebody has put the one's address into a form of the other.
    ours.hears(
        fmt::format("From: {}\r\nTo: {}\r\nSubject: Hello\r\nMessage-ID: <first@there.example>\r\n\r\nHello?\r\n",
                    theirs.address, ours.address));
    int said = 0;
    for (bool our_turn = true; said < more_than_any_cap; our_turn = !our_turn, ++said) {
        const auto message = (our_turn ? ours : theirs).says();
        if (!message) break;
        (our_turn ? theirs : ours).hears(GetParam() ? without_marks(*message) : *message);
    }
    EXPECT_EQ(ours.acknowledged(), 1);
    EXPECT_EQ(theirs.acknowledged(), GetParam() ? 1 : 0) << "a mail that says that it is automatic is not answered";
    EXPECT_EQ(said, GetParam() ? 2 : 1);
    EXPECT_EQ(ours.tickets(), 1);
    EXPECT_EQ(theirs.tickets(), 1);
}

INSTANTIATE_TEST_SUITE_P(with, two_switchboards, testing::Bool(),
                         [](const auto& p) { return p.param ? "their_marks_lost" : "their_marks"; });

} // namespace
} // namespace switchboard::test
