#include "email_support.hpp"

#include "channels/email/addresses.hpp"
#include "channels/email/header_text.hpp"
#include "channels/email/headers.hpp"
#include "channels/email/raw_mail.hpp"

#include <nlohmann/json.hpp>

namespace switchboard::channels {
namespace {

struct example {
    std::string_view raw, expected;
};

TEST(email_header_text, encoded_words_are_decoded_in_the_forms_that_mailers_write) {
    for (const auto& [raw, expected] : {
             example{"plain", "plain"},
             example{"=?UTF-8?Q?caf=C3=A9?= au lait", "café au lait"},
             example{"=?utf-8?B?Y2Fmw6k=?=", "café"},
             example{"=?iso-8859-1?Q?=80_sign?=", "€ sign"},        // what the sender meant
             example{"=?UTF-8?Q?a?=\r\n =?UTF-8?Q?b?= c", "ab c"},  // white space between words is none
             example{"=?UTF-8?Q?caf=C3?= =?UTF-8?Q?=A9?=", "café"}, // split inside a character
             example{"=?UTF-8?B?Y2Fm?= =?UTF-8?B?w6k=?=", "café"},
             example{"=?utf-8*en?Q?hi?=", "hi"}, // RFC 2231 language
             example{"=?UTF-8?Q?with blanks inside?=", "with blanks inside"},
             example{"=?gb2312?B?xOO6w4FA?=", "你好丂"}, // GBK character under a GB2312 label
             example{"=?ks_c_5601-1987?B?vsiz5w==?=", "안녕"},
             example{"=?ISO-2022-JP?B?GyRCJDMbKEI=?=", "こ"},
             example{"=?no-such-charset?Q?abc?=", "abc"},
             example{"=?UTF-8?X?abc?=", "=?UTF-8?X?abc?="}, // unknown encoding
             example{"=?UTF-8?Q?unfinished", "=?UTF-8?Q?unfinished"},
             example{"folded\r\n\tline", "folded line"},
             example{"raw \xC3\xBC", "raw ü"},
             example{"raw \xFC umlaut", "raw ü umlaut"},            // neither declared nor UTF-8
             example{"=?UTF-8?Q?a=0D=0ABcc:_x@y?=", "a  Bcc: x@y"}, // no line break gets through
         })
        EXPECT_EQ(email::decode_header(raw), expected) << raw;
}

TEST(email_header_text, a_body_charset_helps_raw_headers_but_does_not_decode_plain_ones) {
    EXPECT_EQ(email::decode_header("\xCF\xF0\xE8\xE2\xE5\xF2", "windows-1251"), "Привет");
    EXPECT_EQ(email::decode_header("sales+auto-reply", "utf-7"), "sales+auto-reply");
}

TEST(email_letter_hash, is_that_of_the_letter_however_it_came) {
    const auto letter = [](std::string_view before, std::string_view rest) {
        return email::letter_hash(std::string(before) + "From: a@b.c\r\nSubject: Hi\r\n" + std::string(rest));
    };
    const auto plain = letter("", "\r\nReceived: this is the text\r\n");
    EXPECT_EQ(letter("Return-Path: <x>\r\nReceived: from a\r\n\tby b\r\n", "\r\nReceived: this is the text\r\n"),
              plain);
    EXPECT_EQ(letter("X-Spam-Score: 3\r\nReceived: from a\r\n",
                     "ARC-Seal: i=1;\r\n b=\r\n\r\nReceived: this is the text\r\n"),
              plain);
    EXPECT_NE(letter("", "\r\nReceived: this is another text\r\n"), plain);
    EXPECT_NE(letter("Auto-Submitted: auto-replied\r\n", "\r\nReceived: this is the text\r\n"), plain);
}

struct address_example {
    std::string_view raw;
    std::vector<party> expected;
};

TEST(email_addresses, are_read_as_parties) {
    for (const auto& [raw, expected] : std::vector<address_example>{
             {"Jane Doe <Jane.Doe+tag@Example.COM>", {{"email", "jane.doe+tag@example.com", "Jane Doe"}}},
             {"\"Doe, Jane\" <a@b.c>, x@y.z", {{"email", "a@b.c", "Doe, Jane"}, {"email", "x@y.z", ""}}},
             {"=?utf-8?Q?Doe=2C_Jane?= <a@b.c>", {{"email", "a@b.c", "Doe, Jane"}}},
             {"\"=?utf-8?Q?J=C3=BCrgen?=\" <a@b.c>", {{"email", "a@b.c", "Jürgen"}}},
             {"=?utf-8?Q?Jane_=3Ca=40b=2Ec=3E?=", {{"email", "a@b.c", "Jane"}}}, // all of it encoded
             {"Team: a@b.c, Bob <d@e.f>;", {{"email", "a@b.c", ""}, {"email", "d@e.f", "Bob"}}},
             {"undisclosed-recipients:;", {}},
             {"a@b.c (Jane)", {{"email", "a@b.c", "Jane"}}},
             {"J\xC3\xBCrgen <j\xC3\x9Crgen@m\xC3\xBCller.example>",
              {{"email", "jürgen@müller.example", "Jürgen"}}}, // SMTPUTF8
             {"MAILER-DAEMON", {{"", "mailer-daemon", ""}}},
             {"John Doe <jdoe@machine(comment).  example>", {{"email", "jdoe@machine.example", "John Doe"}}},
             {"", {}},
         })
        EXPECT_EQ(email::parse_addresses(raw), expected) << raw;
}

TEST(email_addresses, may_be_parted_by_semicolons_as_outlook_writes_them) {
    for (const auto& [raw, expected] : std::vector<address_example>{
             {"a@b.c; d@e.f", {{"email", "a@b.c", ""}, {"email", "d@e.f", ""}}},
             {"Ann <a@b.c>;Bob <d@e.f>;", {{"email", "a@b.c", "Ann"}, {"email", "d@e.f", "Bob"}}},
             {"Lee, Ann <a@b.c>; Roe, Bob (Sales) <d@e.f>",
              {{"email", "a@b.c", "Lee, Ann"}, {"email", "d@e.f", "Roe, Bob (Sales)"}}},
             {"\"Lee; Ann\" <a@b.c>; d@e.f", {{"email", "a@b.c", "Lee; Ann"}, {"email", "d@e.f", ""}}},
             {"=?utf-8?Q?M=C3=BCller=3B_J?= <a@b.c>; d@e.f", {{"email", "a@b.c", "Müller; J"}, {"email", "d@e.f", ""}}},
             {"a@b.c;d@e.f, g@h.i", {{"email", "a@b.c", ""}, {"email", "d@e.f", ""}, {"email", "g@h.i", ""}}},
             {"Team: a@b.c, d@e.f; g@h.i", {{"email", "a@b.c", ""}, {"email", "d@e.f", ""}, {"email", "g@h.i", ""}}},
             {"x@y.z; Team: a@b.c;; d@e.f", {{"email", "x@y.z", ""}, {"email", "a@b.c", ""}, {"email", "d@e.f", ""}}},
             {"; ;", {}},
         })
        EXPECT_EQ(email::parse_addresses(raw), expected) << raw;
}

TEST(email_message_ids, are_found_alone_folded_several_or_amid_prose) {
    using ids = std::vector<std::string>;
    EXPECT_EQ(email::message_ids(" <a@b>"), ids{"a@b"});
    EXPECT_EQ(email::message_ids(" <a@b>\r\n <c@d> <a@b>"), (ids{"a@b", "c@d"}));
    EXPECT_EQ(email::message_ids(" Your message of \"Mon\" <a@b> from x@y"), ids{"a@b"});
    EXPECT_EQ(email::message_ids(" <long-\r\n id@b>"), ids{"long-id@b"});
    EXPECT_EQ(email::message_ids(" bare@id"), ids{"bare@id"});
    EXPECT_EQ(email::message_ids(" just some prose"), ids{});
}

TEST(email_headers, sender_falls_back_from_from_to_sender_to_return_path_to_the_envelope) {
    EXPECT_EQ(read_mail("Sender: s@x.y\r\nReturn-Path: <r@x.y>\r\n\r\nhi").from.value, "s@x.y");
    EXPECT_EQ(read_mail("Subject: a\r\nReturn-Path: <r@x.y>\r\n\r\nhi").from.value, "r@x.y");
    EXPECT_EQ(read_mail("Subject: a\r\n\r\nhi", {}, {{"mail_from", "E@x.y"}}).from.value, "e@x.y");
    EXPECT_EQ(read_mail("Subject: a\r\n\r\nhi").from, party{});
    EXPECT_EQ(read_mail("From  : spaced@x.y\r\nTo: a@b.c\r\n\r\nhi").from.value, "spaced@x.y");
    EXPECT_EQ(read_mail("From: \r\nFrom: second@x.y\r\n\r\nhi").from.value, "second@x.y");
}

TEST(email_headers, mail_from_ourselves_goes_out_only_where_our_own_copies_come) {
    gateway_settings settings;
    settings.own_addresses = {"Support@Example.com"};
    EXPECT_EQ(read_mail("From: support@example.com\r\n\r\nhi", settings).direction, "in") << "anybody can claim it";
    settings.outgoing = true;
    EXPECT_EQ(read_mail("From: support@example.com\r\n\r\nhi", settings).direction, "out");
    EXPECT_EQ(read_mail("From: other@example.com\r\n\r\nhi", settings).direction, "in");
}

TEST(email_headers, date_is_the_senders_clock_in_utc) {
    const auto at = read_mail("From: a@b.c\r\nDate: Sat, 21 Nov 2026 19:40:18 +0100\r\n\r\nhi").occurred_at;
    ASSERT_TRUE(at);
    EXPECT_EQ(*at, timestamp{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + std::chrono::hours{18} +
                             std::chrono::minutes{40} + std::chrono::seconds{18}});
    EXPECT_FALSE(read_mail("From: a@b.c\r\nDate: whenever\r\n\r\nhi").occurred_at);
    EXPECT_FALSE(read_mail("From: a@b.c\r\n\r\nhi").occurred_at);
}

TEST(email_thread, has_the_conversation_of_outlook_whoever_folded_or_continued_it) {
    const auto conversation = [](const std::string& index, const std::string& more = "") {
        return read_mail("From: a@b.c\r\n" + more + "Thread-Index: " + index + "\r\n\r\nhi").mail.conversation;
    };
    const std::string head = "AQHb9piJBsCGD1GVoU+wxkNV9ElnyQ==";
    EXPECT_EQ(conversation(head), head);
    EXPECT_EQ(conversation("AQHb9piJBsCGD1GVoU+w\r\n xkNV9ElnyQAAAAAB"), head);
    for (const auto* none :
         {"", "x", "AQHb9piJ", "AgHb9piJBsCGD1GVoU+wxkNV9ElnyQ==", "AQHb9piJBsCGD1GVoU+wxkNV9ElnyQAA"})
        EXPECT_EQ(conversation(none), "") << none;
    const std::string machine = "Auto-Submitted: auto-generated\r\n";
    EXPECT_EQ(conversation(head, machine), "") << "a program may begin each of its mails with the same";
    EXPECT_EQ(conversation("AQHb9piJBsCGD1GVoU+wxkNV9ElnyQAAAAAB", machine), head);
}

TEST(email_thread, is_of_a_believed_sender_unless_hosts_are_named_that_do_not_vouch) {
    gateway_settings checked;
    checked.authserv_ids = {"mx.x.y"};
    const std::string mail = "From: a@b.c\r\n\r\nhi";
    EXPECT_TRUE(read_mail(mail).mail.believed);
    EXPECT_FALSE(read_mail(mail, checked).mail.believed);
    EXPECT_TRUE(
        read_mail("Authentication-Results: mx.x.y; dmarc=pass header.from=b.c\r\n" + mail, checked).mail.believed);
    checked.groups = {"a@b.c"};
    const auto by_list = read_mail("Authentication-Results: mx.x.y; dmarc=pass header.from=b.c\r\n"
                                   "X-Original-From: other@b.c\r\n" +
                                       mail,
                                   checked);
    EXPECT_EQ(by_list.from.value, "other@b.c");
    EXPECT_FALSE(by_list.mail.believed) << "the list is vouched for, not whom it names";
}

TEST(email_thread, holds_all_that_can_find_the_ticket) {
    const auto mail = read_mail("From: a@b.c\r\nTo: Support <Support@X.y>\r\nCc: boss@x.y\r\nDelivered-To: "
                                "support+t.7.abc@x.y\r\nMessage-ID: <new@b.c>\r\n"
                                "In-Reply-To: <old@x.y> <older@x.y>\r\nReferences: <first@x.y>\r\n "
                                "<old@x.y>\r\nSubject: Re: [#12345] broken\r\n\r\nhi",
                                {}, {{"rcpt", "Envelope@X.y"}, {"mail_from", "a@b.c"}})
                          .mail;
    EXPECT_EQ(mail.message_id, "new@b.c");
    EXPECT_EQ(mail.in_reply_to, (std::vector<std::string>{"old@x.y", "older@x.y"}));
    EXPECT_EQ(mail.references, (std::vector<std::string>{"first@x.y", "old@x.y"}));
    EXPECT_EQ(mail.recipients,
              (std::vector<std::string>{"envelope@x.y", "support+t.7.abc@x.y", "support@x.y", "boss@x.y"}));
    EXPECT_EQ(mail.subject_token, "12345");
    EXPECT_FALSE(mail.machine);
}

TEST(email_identity, is_the_message_id_or_a_hash_that_does_not_change_on_the_way) {
    EXPECT_EQ(read_mail("From: a@b.c\r\nMessage-ID: <x@y>\r\n\r\nhi").external_id, "x@y");
    const auto first =
        read_mail("Received: from one\r\n by two\r\nReturn-Path: <a@b.c>\r\nFrom: a@b.c\r\n\r\nhi").external_id;
    EXPECT_TRUE(first.starts_with("sha256:"));
    EXPECT_EQ(read_mail("Delivered-To: d@e.f\r\nReceived: from three\r\nFrom: a@b.c\r\n\r\nhi").external_id, first);
    EXPECT_NE(read_mail("From: a@b.c\r\n\r\nhello").external_id, first);
}

TEST(email_authorship, programs_are_told_from_people) {
    struct verdict {
        std::string_view header;
        bool machine, auto_reply, bounce;
    };
    for (const auto& v : {
             verdict{"From: a@b.c", false, false, false},
             verdict{"From: a@b.c\r\nAuto-Submitted: no", false, false, false},
             verdict{"From: a@b.c\r\nX-Auto-Response-Suppress: All", false, false,
                     false}, // "do not answer", not "a program wrote this"
             verdict{"From: a@b.c\r\nAuto-Submitted: auto-generated", true, false, false},
             verdict{"From: a@b.c\r\nAuto-Submitted: auto-replied (vacation)", true, true, false},
             verdict{"From: a@b.c\r\nX-Autoreply: yes", true, true, false},
             verdict{"From: a@b.c\r\nPrecedence: bulk", true, false, false},
             verdict{"From: a@b.c\r\nList-Unsubscribe: <mailto:u@b.c>", true, false, false},
             verdict{"From: a@b.c\r\nReturn-Path: <>", true, false, false},
             verdict{"From: postmaster@b.c", true, false, false},
             verdict{"From: Mail <MAILER-DAEMON@b.c>", true, false, true},
             verdict{"From: Mail <MAILER-DAEMON>", true, false, true},
             verdict{"From: a@b.c\r\nX-Loop: rt", true, false, false},
         }) {
        const auto contact = read_mail(std::string(v.header) + "\r\n\r\nhi");
        EXPECT_EQ(contact.mail.machine, v.machine) << v.header;
        EXPECT_EQ(has_flag(contact, "machine"), v.machine) << v.header;
        EXPECT_EQ(has_flag(contact, "auto_reply"), v.auto_reply) << v.header;
        EXPECT_EQ(has_flag(contact, "bounce"), v.bounce) << v.header;
    }
    EXPECT_TRUE(read_mail("From: a@b.c\r\n\r\nhi", {}, {{"mail_from", "<>"}}).mail.machine);
}

} // namespace
} // namespace switchboard::channels
