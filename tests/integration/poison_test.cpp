// One mail among a thousand that nobody can keep as it is: a thousand tickets and one contact in quarantine.

#include "support/contact_center.hpp"
#include "support/dovecot.hpp"
#include "support/mail_client.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

namespace switchboard::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr int good_ones = 1000;
constexpr auto ours = "help@shop.example";
constexpr auto poisoned = "Poison"; // a subject

std::string letter(int number, const std::string& subject = "Kettle", const char* line = "\r\n") {
    return fmt::format("From: Customer {0} <c{0}@poison.example>{1}To: {2}{1}Subject: {3}{1}"
                       "Message-ID: <{0}@poison.example>{1}{1}It leaks.{1}",
                       number, line, ours, subject);
}

class poison : public testing::Test {
protected:
    void expect_a_thousand_tickets_and_one_in_quarantine() const {
        EXPECT_EQ(center.number("SELECT count(*) FROM ticket"), good_ones);
        EXPECT_EQ(center.number("SELECT count(DISTINCT external_id) FROM contact WHERE outcome = 'ticketed'"),
                  good_ones);
        EXPECT_EQ(center.number("SELECT count(*) FROM contact WHERE outcome = 'quarantined'"), 1);
        EXPECT_EQ(contacts(), good_ones + 1);
    }
    std::int64_t contacts() const { return center.number("SELECT count(*) FROM contact"); }
    std::string quarantined(const std::string& column) const {
        return center.sql("SELECT " + column +
                          " FROM contact c JOIN contact_raw r ON r.contact_id = c.id WHERE outcome = 'quarantined'");
    }

    contact_center center{[](config& c) {
        c.mail_lmtp_listen = "127.0.0.1:0";
        c.mail_max_connections = 300;
    }};
    std::int64_t queue = center.queue("Support");
};

/// A hundred relays hand over at once, so that mails are committed together. What the parser lets through and the
/// database does not take stands for every fault of ours that we do not know.
TEST_F(poison, in_the_middle_of_a_commit_spoils_no_other_mail) {
    center.gateway("help", "email", queue, {{"settings", {{"own_addresses", {ours}}}}});
    center.sql(fmt::format("ALTER TABLE contact ADD CONSTRAINT fault CHECK (subject <> '{}')", poisoned));
    constexpr int rounds = 10, in_a_round = good_ones / rounds;
    std::deque<mail_client> relays;
    while (relays.size() <= in_a_round) relays.emplace_back(center.server.lmtp_port()).greet();
    for (int round = 0; round < rounds; ++round) {
        std::vector<std::string> mails;
        for (int i = 0; i < in_a_round; ++i) mails.push_back(letter(round * in_a_round + i));
        if (round == rounds / 2) mails.insert(mails.begin() + in_a_round / 2, letter(good_ones, poisoned));
        for (std::size_t i = 0; i < mails.size(); ++i) {
            EXPECT_THAT(relays[i].say("MAIL FROM:<c@poison.example>"), StartsWith("250"));
            EXPECT_THAT(relays[i].say("RCPT TO:<help@shop.example>"), StartsWith("250"));
            EXPECT_THAT(relays[i].say("DATA"), StartsWith("354"));
        }
        for (std::size_t i = 0; i < mails.size(); ++i) relays[i].send(mails[i] + ".\r\n");
        for (std::size_t i = 0; i < mails.size(); ++i) EXPECT_THAT(relays[i].reply(), StartsWith("250 2.0.0"));
    }
    expect_a_thousand_tickets_and_one_in_quarantine();
    EXPECT_LT(center.number("SELECT count(DISTINCT xmin::text) FROM contact"), good_ones / 4) << "commits";
    EXPECT_THAT(quarantined("quarantine"), HasSubstr("the database refused it"));
    EXPECT_THAT(quarantined("convert_from(body, 'UTF8')"), HasSubstr("Subject: Poison")) << "its bytes are kept";
}

TEST_F(poison, in_the_middle_of_a_mailbox_stops_no_mail_behind_it) {
    if (const auto why = dovecot::missing(); !why.empty()) GTEST_SKIP() << why;
    dovecot server;
    for (int i = 0; i < good_ones / 2; ++i) server.put(ours, letter(i, "Kettle", "\n"));
    server.put(ours, "\x01\x02\x03 no mail at all\n");
    for (int i = good_ones / 2; i < good_ones; ++i) server.put(ours, letter(i, "Kettle", "\n"));
    center.gateway("help", "email", queue,
                   {{"settings",
                     {{"imap",
                       {{"host", "127.0.0.1"},
                        {"port", server.port()},
                        {"tls", "none"},
                        {"user", ours},
                        {"password", "secret"},
                        {"after", "delete"}}}}}});
    for (auto before = contacts(); before <= good_ones && !HasFailure(); before = contacts())
        eventually([&] { return contacts() > before; }, "it gets on");
    eventually([&] { return server.count(ours) == 0; }, "all are settled");
    expect_a_thousand_tickets_and_one_in_quarantine();
}

} // namespace
} // namespace switchboard::test
