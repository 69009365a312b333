// Whom a mail is from, whatever stands in From (docs/gateways-mail.md "The sender").

#include "email_support.hpp"

#include "channels/email/automatic_words.hpp"

#include <gmock/gmock.h>

namespace switchboard::channels {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

gateway_settings ours() {
    gateway_settings s;
    s.own_addresses = {"support@example.com"};
    s.groups = {"crew@groups.example", "help.lists.example"};
    s.forms = {"noreply@form.example"};
    s.forwarders = {"Amira@Example.com"};
    return s;
}

inbound_contact read(const std::string& header, const std::string& text = "hi") {
    return read_mail(header + "\r\n\r\n" + text, ours());
}

TEST(email_author, is_who_stands_behind_our_own_address_a_group_a_list_or_a_form) {
    struct example {
        std::string header;
        party from;
        bool own = false;
    };
    for (const auto& e : {
             example{"From: a@b.c", {"email", "a@b.c", ""}},
             example{"From: a@b.c\r\nReply-To: d@e.f", {"email", "a@b.c", ""}},
             example{"From: Shop <support@example.com>\r\nReply-To: Ann <ann@x.y>", {"email", "ann@x.y", "Ann"}},
             example{"From: support+web@example.com\r\nReply-To: ann@x.y", {"email", "ann@x.y", ""}},
             example{"From: noreply@form.example\r\nReply-To: ann@x.y", {"email", "ann@x.y", ""}},
             example{"From: noreply@form.example", {"email", "noreply@form.example", ""}},
             example{"From: \"'Jon' via Support\" <support@example.com>\r\nX-Original-From: Jon <jon@x.y>\r\nReply-To: "
                     "support@example.com",
                     {"email", "jon@x.y", "Jon"}},
             example{"From: Jon via Crew <crew@groups.example>\r\nX-Original-Sender: jon@x.y",
                     {"email", "jon@x.y", "Jon"}},
             example{"From: Jon via Users <users@lists.example.org>\r\nList-Post: <mailto:users@lists.example.org>\r\n"
                     "Reply-To: jon@x.y",
                     {"email", "jon@x.y", "Jon"}},
             example{"From: a@b.c\r\nX-Original-From: thief@evil.example", {"email", "a@b.c", ""}},
             example{"From: support@example.com\r\nReply-To: support+t.7.abc@example.com",
                     {"email", "support@example.com", ""},
                     true},
         }) {
        const auto c = read(e.header);
        EXPECT_EQ(c.from, e.from) << e.header;
        EXPECT_EQ(c.direction, "in") << e.header;
        EXPECT_EQ(c.mail.own_sender, e.own) << e.header;
    }
}

TEST(email_author, of_a_form_may_be_several) {
    const auto c = read("From: support@example.com\r\nReply-To: Ann <ann@x.y>, bob@x.y, support@example.com\r\n"
                        "Precedence: junk\r\nAuto-Submitted: auto-generated");
    EXPECT_THAT(c.mail.more_senders, ElementsAre(party{"email", "bob@x.y", ""}));
    EXPECT_THAT(c.details, HasSubstr("\"senders\":[{"));
    EXPECT_FALSE(c.mail.machine) << "the form is a machine, those who filled it in are not";
    EXPECT_TRUE(read("From: support@example.com\r\nReply-To: ann@x.y\r\nAuto-Submitted: auto-replied").mail.machine);
}

TEST(email_authorship, of_a_group_that_is_ours_is_a_persons) {
    const std::string mail = "From: a@b.c\r\nPrecedence: list\r\nList-Unsubscribe: <mailto:u@b.c>\r\n";
    for (const std::string list :
         {"List-Id: <support.example.com>", "List-Post: <mailto:Support@example.com?subject=x>",
          "Mailing-list: list support@example.com; contact support+owners@example.com",
          "List-Id: Crew <crew.groups.example>", "List-Id: <help.lists.example>"})
        EXPECT_FALSE(read(mail + list).mail.machine) << list;
    for (const std::string list : {"List-Id: <users.lists.example.org>", "List-Post: NO", "X-BeenThere: u@l.e"}) {
        EXPECT_TRUE(read(mail + list).mail.machine) << list;
        EXPECT_TRUE(read(mail + list).mail.person_if_answer) << list;
        EXPECT_THAT(read(mail + list).details, HasSubstr("\"by_list\":true")) << "whom an answer can go to";
    }
    EXPECT_THAT(read(mail + "Auto-Submitted: auto-generated").details, testing::Not(HasSubstr("by_list")));
    EXPECT_TRUE(read(mail + "List-Id: <support.example.com>\r\nAuto-Submitted: auto-replied").mail.machine);
}

TEST(email_authorship, by_signs_that_persons_mail_has_too_is_a_persons_where_he_answers) {
    struct example {
        std::string header, words;
        bool person;
    };
    for (const auto& e : {
             example{"Return-Path: <>", "Yes.", true},
             example{"Return-Path: <>\r\nList-Id: <x.y.z>", "Yes.", false},
             example{"Return-Path: <>\r\nAuto-Submitted: auto-generated", "Yes.", false},
             example{"Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All", "It did not arrive.", true},
             example{"Auto-Submitted: auto-generated", "Your request has been received.", false},
             example{"Auto-Submitted: auto-generated", "Wir haben Ihre Anfrage erhalten und melden uns.", false},
             example{"Precedence: bulk\r\nX-Loop: desk@x.y", "Yes.", true},
             example{"Precedence: junk", "Yes.", false},
             example{"Auto-Submitted: auto-replied", "Yes.", false},
             example{"X-Autoreply: yes", "Yes.", false},
             example{"Auto-Submitted: auto-generated\r\nSubject: Abwesenheitsnotiz: Re: Tap", "Yes.", false},
         }) {
        const auto c = read("From: a@b.c\r\nIn-Reply-To: <x@y>\r\n" + e.header, e.words);
        EXPECT_TRUE(c.mail.machine) << e.header;
        EXPECT_EQ(c.mail.person_if_answer, e.person) << e.header << ' ' << e.words;
    }
}

TEST(email_authorship, of_an_absence_is_told_by_its_subject_where_something_says_that_it_is_no_letter) {
    const auto away = [](const std::string& header, const std::string& subject) {
        return has_flag(read("From: a@b.c\r\nSubject: " + subject + "\r\n" + header), "auto_reply");
    };
    EXPECT_TRUE(away("X-Auto-Response-Suppress: All", "Automatic reply: Tap"));
    EXPECT_TRUE(away("In-Reply-To: <x@y>", "Out of Office: Re: Tap"));
    EXPECT_TRUE(away("X-A: b", "Out of Office: Re: Tap [#7]"));
    EXPECT_FALSE(away("X-A: b", "Out of office: who waters the plants?"));
    EXPECT_FALSE(away("In-Reply-To: <x@y>", "Re: Automatic reply: Tap"));
    EXPECT_FALSE(away("X-MS-Exchange-Inbox-Rules-Loop: a@b.c", "Tap")) << "a rule that redirects sets it too";
}

TEST(automatic_words, are_known_in_the_languages_of_mail_programs) {
    for (const std::string_view subject : {"Automatic reply: x",
                                           "AUTOMATIC REPLY: x",
                                           "Automatische Antwort: x",
                                           "Réponse automatique : x",
                                           "RÉPONSE AUTOMATIQUE\xC2\xA0: x",
                                           "Respuesta automática: x",
                                           "Risposta automatica: x",
                                           "Resposta automática: x",
                                           "Automatisch antwoord: x",
                                           "Autosvar: x",
                                           "Automatisk svar: x",
                                           "Automaattinen vastaus: x",
                                           "Odpowiedź automatyczna: x",
                                           "Automatická odpověď: x",
                                           "Automatikus válasz: x",
                                           "Автоматический ответ: x",
                                           "ΑΥΤΌΜΑΤΗ ΑΠΆΝΤΗΣΗ: x",
                                           "Otomatik yanıt: x",
                                           "自動応答: x",
                                           "自动答复: x",
                                           "自動回覆：x",
                                           "자동 회신: x",
                                           "Out of Office",
                                           "Out of Office (until May 3) Re: x"})
        EXPECT_TRUE(email::is_away_subject(subject)) << subject;
    for (const std::string_view subject :
         {"", "Re: Automatic reply: x", "Automatic reply to your order", "Out of office supplies", "Tap", "自動応答機"})
        EXPECT_FALSE(email::is_away_subject(subject)) << subject;
    EXPECT_TRUE(email::is_acknowledgement("Hello,\nyour request (#12) ... A ticket\nhas been created."));
    EXPECT_FALSE(email::is_acknowledgement("We have received your parcel, but it is empty."));
    EXPECT_FALSE(email::is_acknowledgement("Thank you for contacting us. It did not arrive."));
}

TEST(email_authentication, is_what_the_topmost_field_of_a_trusted_host_says) {
    auto settings = ours();
    settings.authserv_ids = {"MX.example.com"};
    const auto vouched = [&](const std::string& results, const std::string& from = "ann@one.example") {
        return read_mail(results + "From: " + from + "\r\n\r\nhi", settings).mail.vouched;
    };
    const std::string ar = "Authentication-Results: mx.example.com";
    EXPECT_TRUE(vouched(ar + "; dmarc=pass (p=reject) header.from=one.example\r\n"));
    EXPECT_TRUE(vouched(ar + " 1;\r\n spf=fail smtp.mailfrom=x.y;\r\n\tdmarc=pass header.from=one.example\r\n"));
    EXPECT_TRUE(vouched(ar + "; dkim=pass header.d=one.example\r\n"));
    EXPECT_TRUE(vouched(ar + "; dkim=pass header.i=@mail.one.example\r\n"));
    EXPECT_TRUE(vouched(ar + "; spf=pass smtp.mailfrom=bounce@mail.one.example\r\n"));
    EXPECT_FALSE(vouched(""));
    EXPECT_FALSE(vouched(ar + "; none\r\n"));
    EXPECT_FALSE(vouched(ar + "; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=evil.example\r\n"));
    EXPECT_FALSE(vouched(ar + "; dkim=pass header.d=example\r\n"));
    EXPECT_FALSE(vouched(ar + "; dkim=pass header.d=one.example; dmarc=fail header.from=one.example\r\n"));
    EXPECT_FALSE(vouched(ar + "; dmarc=pass header.from=evil.example\r\n"));
    EXPECT_FALSE(vouched(ar + "; dmarc=fail (dmarc=pass header.from=one.example)\r\n"));
    EXPECT_FALSE(vouched(ar + "; spf=none\r\n" + ar + "; dmarc=pass header.from=one.example\r\n")) << "came with it";
    EXPECT_FALSE(vouched("Authentication-Results: mx.evil.example; dmarc=pass header.from=one.example\r\n"));
    EXPECT_FALSE(
        vouched(ar + "; dmarc=pass header.from=example.com\r\nReply-To: ann@one.example\r\n", "support@example.com"))
        << "it speaks for the form, not for who filled it in";
    settings.authserv_ids.clear();
    EXPECT_FALSE(vouched(ar + "; dmarc=pass header.from=one.example\r\n")) << "nobody is trusted";
}

// Passed on by a colleague.

constexpr auto amira = "From: Amira <amira@example.com>\r\nTo: support@example.com\r\n";

TEST(forwarded_mail, is_its_authors_and_what_the_forwarder_wrote_is_apart) {
    for (const std::string inner : {
             "-------- Forwarded Message --------\r\nSubject: Leak\r\nFrom: Nils Borg <nils@x.y>\r\nTo: Amira "
             "<amira@example.com>\r\n\r\nWater!",
             "---------- Forwarded message ---------\r\nFrom: *Nils Borg* <nils@x.y>\r\nDate: Mon, 2 Mar\r\nSubject: "
             "Leak\r\nTo: <amira@example.com>\r\n\r\n\r\nWater!",
             "Begin forwarded message:\r\n\r\n> From: Nils Borg <nils@x.y>\r\n> Subject: Leak\r\n> Date: 2 March\r\n> "
             "\r\n> Water!",
             "________________________________\r\nVon: Nils Borg <nils@x.y>\r\nGesendet: Montag\r\nAn: "
             "Amira\r\nBetreff: Leak\r\n\r\nWater!",
             "-----Original Message-----\r\nFrom: Nils Borg [mailto:nils@x.y]\r\nSent: Monday\r\nTo: Amira\r\nSubject: "
             "Leak\r\n\r\nWater!",
         }) {
        const auto c = read(std::string{amira} + "Subject: Fwd: Leak", "For you.\r\n\r\n" + inner + "\r\n");
        EXPECT_EQ(c.from, (party{"email", "nils@x.y", "Nils Borg"})) << inner;
        EXPECT_EQ(c.text, "Water!") << inner;
        EXPECT_EQ(c.text_reply, "Water!") << inner;
        EXPECT_EQ(c.subject, "Leak") << inner;
        EXPECT_EQ(c.mail.forwarded_by.value, "amira@example.com") << inner;
        EXPECT_EQ(c.mail.forward_note, "For you.") << inner;
        EXPECT_THAT(c.details, HasSubstr("forwarded_by"));
    }
}

TEST(forwarded_mail, may_be_attached) {
    const auto c = read(std::string{amira} + "Subject: FW: Leak\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; "
                                             "boundary=b",
                        "--b\r\nContent-Type: text/plain\r\n\r\nFor you.\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
                        "From: Nils <nils@x.y>\r\nTo: amira@example.com\r\nSubject: Leak\r\nMessage-ID: <n@x.y>\r\n\r\n"
                        "Water!\r\n--b--\r\n");
    EXPECT_EQ(c.from.value, "nils@x.y");
    EXPECT_EQ(c.text, "Water!");
    EXPECT_EQ(c.subject, "Leak");
    EXPECT_EQ(c.mail.forward_note, "For you.");
    EXPECT_EQ(c.attachments.size(), 1u) << "as it came";
}

TEST(forwarded_mail, of_others_or_without_an_author_stays_who_sent_it) {
    const std::string inner =
        "\r\n-------- Forwarded Message --------\r\nSubject: Leak\r\nFrom: Nils <nils@x.y>\r\n\r\nX";
    EXPECT_EQ(read("From: mallory@evil.example\r\nSubject: Fwd: Leak", inner).from.value, "mallory@evil.example");
    for (const std::string text :
         {"See below.\r\n\r\nFrom here to there: it leaks.",
          "-------- Forwarded Message --------\r\nSubject: Leak\r\nFrom: Nils\r\n\r\nWater!",
          "-------- Forwarded Message --------\r\nSubject: Ours\r\nFrom: support@example.com\r\n\r\nHello"}) {
        const auto c = read(std::string{amira} + "Subject: Fwd: Leak", text);
        EXPECT_EQ(c.from.value, "amira@example.com") << text;
        EXPECT_EQ(c.mail.forwarded_by.kind, "") << text;
    }
    auto settings = ours();
    settings.authserv_ids = {"mx.example.com"};
    EXPECT_EQ(read_mail("Authentication-Results: mx.example.com; dmarc=fail\r\n" + std::string{amira} +
                            "Subject: Fwd: Leak\r\n\r\n" + inner,
                        settings)
                  .from.value,
              "amira@example.com")
        << "it is not she";
}

} // namespace
} // namespace switchboard::channels
