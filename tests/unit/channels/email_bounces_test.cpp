// What mail servers say about mail that we sent: bounces in their many forms, complaints, receipts.

#include "email_support.hpp"

#include "channels/email/bounce_cause.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

namespace switchboard::channels {
namespace {

using nlohmann::json;

json recipients_of(const contact_event& event) {
    return json::parse(event.details).at("recipients");
}

std::string daemon_mail(std::string_view text) {
    return "From: Mail Delivery System <MAILER-DAEMON@mx.example>\r\nTo: desk@ours.example\r\nDate: Mon, 2 May 2016 "
           "10:00:00 +0000\r\n"
           "Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <b@mx.example>\r\n\r\n" +
           std::string(text);
}

constexpr std::string_view our_mail =
    "Received: from ours.example by mx.example; Mon, 2 May 2016 09:59:00 +0000\n"
    "Message-ID: <ours@ours.example>\nFrom: desk@ours.example\nTo: jane@there.example\nSubject: Your order\n\nHello\n";

TEST(email_bounce, of_a_standard_report_is_an_event_on_what_came_back) {
    const auto event = read_event(
        "From: MAILER-DAEMON@mx.example\r\nDate: Mon, 2 May 2016 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\n\r\nYour mail could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example\r\n\r\n"
        "Final-Recipient: rfc822; Nobody@Example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1\r\n no such user\r\n\r\n"
        "Final-Recipient: rfc822; slow@example.com\r\nAction: delayed\r\nStatus: 4.4.1\r\n\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <ours@x.y>\r\nSubject: hello\r\n\r\nhi\r\n--b--\r\n");
    EXPECT_EQ(event.type, "bounce");
    EXPECT_EQ(event.of, "ours@x.y");
    EXPECT_TRUE(event.at.has_value());
    const auto recipients = recipients_of(event);
    ASSERT_EQ(recipients.size(), 2u);
    EXPECT_EQ(recipients[0],
              json::parse(R"({"address":"nobody@example.com","action":"failed","status":"5.1.1","severity":"hard",
                                             "cause":"user_unknown","reason":"550 5.1.1 no such user"})"));
    EXPECT_EQ(recipients[1]["address"], "slow@example.com");
    EXPECT_EQ(recipients[1]["action"], "delayed");
    EXPECT_EQ(recipients[1]["severity"], "temporary");
    EXPECT_EQ(json::parse(event.details).at("text"), "Your mail could not be delivered.");
}

TEST(email_bounce, of_a_report_whose_part_has_no_type_or_comes_inside_another_mail_is_read_all_the_same) {
    const std::string status = "Final-Recipient: rfc822; jane@there.example\nAction: failed\nStatus: "
                               "5.2.2\nDiagnostic-Code: smtp; 552 5.2.2 over quota\n";
    for (const auto& text : {"An error occurred.\n\nTechnical report:\n\nReporting-MTA: dns; mx\n\n" + status,
                             "Report follows\n\n    " + status}) {
        const auto recipients = recipients_of(read_event(daemon_mail(text)));
        ASSERT_EQ(recipients.size(), 1u) << text;
        EXPECT_EQ(recipients[0]["address"], "jane@there.example");
        EXPECT_EQ(recipients[0]["status"], "5.2.2");
        EXPECT_EQ(recipients[0]["severity"], "soft");
    }
    const auto wrapped = read_event(
        "From: gateway@mx.example\r\nReturn-Path: <>\r\nSubject: Returned mail\r\nContent-Type: multipart/mixed; "
        "boundary=o\r\n\r\n"
        "--o\r\n\r\nSee below.\r\n--o\r\nContent-Type: message/rfc822\r\n\r\nFrom: MAILER-DAEMON@x.y\r\nMessage-ID: "
        "<inner@x.y>\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=i\r\n\r\n--i\r\nContent-Type: "
        "message/delivery-status\r\n\r\n"
        "Final-Recipient: rfc822; jane@there.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--i--\r\n--o--\r\n");
    ASSERT_EQ(recipients_of(wrapped).size(), 1u);
    EXPECT_EQ(recipients_of(wrapped)[0]["severity"], "hard");
}

struct free_text {
    std::string_view server, text, address, severity, status;
};

TEST(email_bounce, of_servers_that_write_prose_names_recipient_and_severity) {
    for (
        const auto& c : {
            free_text{"qmail",
                      "Hi. This is the qmail-send program at mx.\n\n<jane@there.example>:\n192.0.2.1 does not like "
                      "recipient.\nRemote host said: 550 5.1.1 no such user\nGiving up on 192.0.2.1.\n\n--- Below this "
                      "line is a copy of the message.\n\n",
                      "jane@there.example", "hard", "5.1.1"},
            free_text{"qmail full",
                      "Hi. This is the qmail-send program at mx.\n\n<jane@there.example>:\nThe users mailfolder is "
                      "over the allowed quota (size). (#5.2.2)\n\n--- Below this line is a copy of the message.\n\n",
                      "jane@there.example", "soft", "5.2.2"},
            free_text{"Exim",
                      "This message was created automatically by mail delivery software.\n\nThe following address(es) "
                      "failed:\n\n  jane@there.example\n    Unrouteable address\n\n------ This is a copy of the "
                      "message, including all the headers. ------\n\n",
                      "jane@there.example", "hard", ""},
            free_text{"Exim delay",
                      "A message that you sent has not yet been delivered to one or more of its\nrecipients after more "
                      "than 24 hours.\n\n  jane@there.example\n    Delay reason: Connection timed out\n\nNo action is "
                      "required on your part.\n\n",
                      "jane@there.example", "temporary", ""},
            free_text{"Postfix",
                      "This is the mail system at host mx.\n\n<jane@there.example>: host mx.there.example[192.0.2.1] "
                      "said: 550 5.7.1 blocked using a block list\n    (in reply to MAIL FROM command)\n\n",
                      "jane@there.example", "soft", "5.7.1"},
            free_text{
                "Postfix, filter after DATA",
                "<jane@there.example>: host mx[192.0.2.1] said: 550 Unknown user (in reply to end of DATA command)\n\n",
                "jane@there.example", "soft", ""},
            free_text{"sendmail",
                      "   ----- Transcript of session follows -----\n... while talking to mx.there.example.:\n>>> RCPT "
                      "To:<jane@there.example>\n<<< 550 <jane@there.example>... User unknown\n550 "
                      "<jane@there.example>... User unknown\n\n   ----- Unsent message follows -----\n",
                      "jane@there.example", "hard", ""},
            free_text{"Exchange 5.5",
                      "Your message\n\n  To:      somebody@else.example\n  Subject: hello\n  Sent:    Mon, 2 May "
                      "2016\n\ndid not reach the following recipient(s):\n\njane@there.example on Mon, 2 May 2016 "
                      "10:00:00\n    The recipient name is not recognized\n",
                      "jane@there.example", "hard", ""},
            free_text{
                "Domino",
                "Your message\n\n  Subject: hello\n\nwas not delivered to:\n\n  jane@there.example\n\nbecause:\n\n  "
                "User jane (jane@there.example) not listed in Domino Directory\n\n",
                "jane@there.example", "hard", ""},
            free_text{
                "MailMarshal",
                "Your message:\n   From:    desk@ours.example\n   Subject: hello\nCould not be delivered because "
                "of\n\n550 5.1.1 User unknown\n\nThe following recipients were affected:\n    jane@there.example\n\n",
                "jane@there.example", "hard", "5.1.1"},
            free_text{"Gmail",
                      "Delivery to the following recipient failed permanently:\n\n     jane@there.example\n\nTechnical "
                      "details of permanent failure:\nThe error that the other server returned was:\n550 5.2.1 The "
                      "email account that you tried to reach is disabled.\n\n----- Original message -----\n",
                      "jane@there.example", "soft", "5.2.1"},
            free_text{"Yahoo",
                      "Sorry, we were unable to deliver your message to the following "
                      "address.\n\n<jane@there.example>:\nRemote host said: 554 delivery error: dd This user doesn't "
                      "have a yahoo.com account\n\n--- Below this line is a copy of the message.\n\n",
                      "jane@there.example", "hard", ""},
            free_text{"IMail", "User mailbox exceeds allowed size: jane@there.example\n\nOriginal message follows.\n\n",
                      "jane@there.example", "soft", ""},
            free_text{"network address is no status",
                      "<jane@there.example>: connect to mx[5.1.1.20]:25: Connection refused\n", "jane@there.example",
                      "soft", ""},
        }) {
        const auto event = read_event(daemon_mail(std::string(c.text) + std::string(our_mail)));
        EXPECT_EQ(event.type, "bounce") << c.server;
        EXPECT_EQ(event.of, "ours@ours.example") << c.server;
        const auto recipients = recipients_of(event);
        ASSERT_EQ(recipients.size(), 1u) << c.server << recipients;
        EXPECT_EQ(recipients[0].value("address", ""), c.address) << c.server;
        EXPECT_EQ(recipients[0].value("severity", ""), c.severity) << c.server << recipients;
        EXPECT_EQ(recipients[0].value("status", ""), c.status) << c.server;
    }
}

TEST(email_bounce, of_several_recipients_judges_each_by_what_is_said_of_it) {
    const auto recipients = recipients_of(read_event(daemon_mail(
        "the following list of recipients:\n\nfull@there.example: 550 5.2.2 Mailbox full\n"
        "gone@there.example: 550 5.1.1 User unknown\nslow@there.example: 421 4.4.2 Connection timed out\n\n" +
        std::string(our_mail))));
    ASSERT_EQ(recipients.size(), 3u);
    EXPECT_EQ(recipients[0]["severity"], "soft");
    EXPECT_EQ(recipients[1]["severity"], "hard");
    EXPECT_EQ(recipients[2]["severity"], "temporary");
}

TEST(email_bounce, without_any_address_names_those_to_whom_the_returned_mail_went) {
    const auto recipients = recipients_of(
        read_event(daemon_mail("Your message could not be delivered: mailbox is full.\n\n" + std::string(our_mail))));
    ASSERT_EQ(recipients.size(), 1u);
    EXPECT_EQ(recipients[0]["address"], "jane@there.example");
    EXPECT_EQ(recipients[0]["severity"], "soft");
}

TEST(email_bounce, reads_recipients_that_only_the_returned_mail_names_and_no_words_at_all) {
    const std::string only_header =
        "Received: from x by y for <jane@there.example>, <joe@there.example>\nMessage-ID: <ours@x.y>\nFrom: "
        "desk@ours.example\nTo: jane@there.example, joe@there.example\n\nhi";
    EXPECT_EQ(recipients_of(read_event(daemon_mail(only_header))).size(), 2u);
}

TEST(email_bounce, finds_the_returned_header_in_a_file_and_behind_an_empty_line) {
    for (const std::string_view part :
         {"Content-Type: text/plain; name=headers.txt\r\nContent-Disposition: attachment\r\n\r\n",
          "Content-Type: message/rfc822\r\n\r\n\r\n"}) {
        const auto event =
            read_event("From: MAILER-DAEMON@mx.example\r\nSubject: failure\r\nContent-Type: multipart/mixed; "
                       "boundary=b\r\n\r\n--b\r\n\r\n<jane@there.example>: no such user\r\n--b\r\n" +
                       std::string(part) + std::string(our_mail) + "--b--\r\n");
        EXPECT_EQ(event.of, "ours@ours.example") << part;
    }
}

TEST(email_bounce, is_not_what_people_and_shops_write) {
    for (const std::string_view mail : {
             "From: jane@there.example\r\nSubject: Delivery failed\r\n\r\nMy parcel could not be delivered, write to "
             "me at jane@work.example.",
             "From: Shop <noreply@shop.example>\r\nSubject: Your order\r\n\r\nYour parcel could not be delivered to "
             "jane@there.example.",
             "From: jane@there.example\r\nSubject: Fwd: Undelivered Mail Returned to Sender\r\nIn-Reply-To: "
             "<a@b>\r\n\r\nWhat is this?\r\n\r\n> <bob@x.example>: 550 5.1.1 no such user",
             "From: jane@there.example\r\nSubject: Automatic reply: hello\r\nAuto-Submitted: "
             "auto-replied\r\nReturn-Path: <>\r\n\r\nI am away. Mail could not be delivered to bob@x.example? Call me.",
         }) {
        const auto contact = read_mail(mail);
        EXPECT_FALSE(has_flag(contact, "bounce")) << mail;
    }
}

TEST(email_report, of_abuse_is_a_complaint_and_leaves_the_address_alive) {
    const auto event = read_event("From: feedback@isp.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; "
                                  "report-type=feedback-report; boundary=b\r\n\r\n"
                                  "--b\r\n\r\nThis is an abuse report.\r\n--b\r\nContent-Type: "
                                  "message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n"
                                  "Original-Rcpt-To: <jane@there.example>\r\n\r\n--b\r\nContent-Type: "
                                  "message/rfc822\r\n\r\nMessage-ID: <ours@x.y>\r\nFrom: a@b.c\r\n\r\nhi\r\n--b--\r\n");
    EXPECT_EQ(event.type, "complaint");
    EXPECT_EQ(event.of, "ours@x.y");
    EXPECT_EQ(json::parse(event.details).at("feedback_type"), "abuse");
    EXPECT_EQ(recipients_of(event)[0]["address"], "jane@there.example");
    EXPECT_NE(recipients_of(event)[0]["severity"], "hard");
}

TEST(email_report, of_reading_is_an_event_on_what_was_read) {
    const auto event = read_event(
        "From: jane@there.example\r\nSubject: Read: hello\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n\r\n--b\r\n\r\nRead.\r\n"
        "--b\r\nContent-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822; jane@there.example\r\n"
        "Original-Message-ID: <ours@x.y>\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n\r\n--b--\r\n");
    EXPECT_EQ(event.type, "read");
    EXPECT_EQ(event.of, "ours@x.y");
}

TEST(email_report, of_success_is_a_delivery_not_a_bounce) {
    const auto event =
        read_event("From: MAILER-DAEMON@mx.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; "
                   "report-type=delivery-status; boundary=b\r\n\r\n"
                   "--b\r\nContent-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; "
                   "jane@there.example\r\nAction: relayed\r\nStatus: 2.1.5\r\n\r\n"
                   "--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <ours@x.y>\r\n\r\n--b--\r\n");
    EXPECT_EQ(event.type, "delivered");
    EXPECT_FALSE(recipients_of(event)[0].contains("severity") && recipients_of(event)[0]["severity"] == "hard");
}

TEST(judge_refusal, lets_the_refusing_server_overrule_the_reporting_one) {
    EXPECT_EQ(email::judge_refusal("552 5.2.2 Over quota", "5.1.1", "failed", email::smtp_command::unknown).status,
              "5.2.2");
    EXPECT_EQ(
        email::judge_refusal("550 5.7.1 can't determine Purported Responsible Address", "5.0.0", "failed", {}).severity,
        "soft");
    EXPECT_EQ(email::judge_refusal("550 <mailboxfull@x.example>: User unknown", "", "failed", {}).severity, "hard");
    EXPECT_EQ(
        email::judge_refusal("450 4.1.1 Recipient address rejected: User unknown", "4.1.1", "failed", {}).severity,
        "hard");
    EXPECT_EQ(email::judge_refusal("550 5.1.1 User unknown", "5.1.1", "delayed", {}).severity, "temporary");
    EXPECT_EQ(email::judge_refusal("550", "5.5.0", "failed", email::smtp_command::rcpt).severity, "hard");
    EXPECT_EQ(email::judge_refusal("550 Rejected", "5.0.0", "failed", {}).severity, "soft");
}

TEST(judge_refusal, takes_linear_time) {
    std::string words;
    while (words.size() < 1'000'000) words += "5.1.1.1 550-";
    const double start = cpu_seconds();
    email::judge_refusal(words, "", "", {});
    EXPECT_LT(cpu_seconds() - start, linear_seconds);
}

// --- The sisimai corpus: what another bounce parser's authors say of real bounces

namespace fs = std::filesystem;

TEST(bounce_corpus, recipients_and_severities_are_as_expected) {
    const char* set = std::getenv("SWITCHBOARD_CORPORA");
    const auto root = (set ? fs::path(set) : fs::path("../shared/corpora")) / "sisimai";
    if (!fs::exists(root)) GTEST_SKIP() << "no corpora at " << root << "; set SWITCHBOARD_CORPORA";
    std::ifstream table(root / "expected.dev.json");
    int wanted = 0, found = 0, right = 0;
    std::string wrong;
    for (const auto& [name, entries] : json::parse(table).at("expected").items()) {
        std::ifstream in(root / name, std::ios::binary);
        const std::string mail{std::istreambuf_iterator<char>(in), {}};
        const auto records =
            normalize_email({}, raw_input{.body = mail, .content_type = {}, .headers = {}, .query = {}}, {});
        ASSERT_EQ(records.size(), 1u);
        const auto* event = std::get_if<contact_event>(&records[0]);
        if (entries[0].at("reason") == "vacation") {
            EXPECT_EQ(event, nullptr) << name; // an absence is no bounce
            continue;
        }
        const auto recipients = event ? recipients_of(*event) : json::array();
        wanted += static_cast<int>(entries.size());
        for (std::size_t i = 0; i < std::min(entries.size(), recipients.size()); ++i) {
            found += recipients[i].value("address", "").contains('@');
            const bool same =
                (recipients[i].value("severity", "") == "hard") == entries[i].at("hardbounce").get<bool>();
            right += same;
            if (!same) wrong += name + " ";
        }
        if (entries.size() != recipients.size()) wrong += name + " (" + std::to_string(recipients.size()) + ") ";
    }
    std::cout << found << " of " << wanted << " recipients, " << right << " severities right; not: " << wrong << '\n';
    EXPECT_GE(found, wanted * 97 / 100);
    EXPECT_GE(right, wanted * 95 / 100);
}

} // namespace
} // namespace switchboard::channels
