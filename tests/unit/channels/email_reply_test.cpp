#include "email_support.hpp"

#include "channels/email/reply_trim.hpp"

#include <gtest/gtest.h>

namespace switchboard::channels::email {
namespace {

struct history {
    std::string_view language, below;
};

TEST(trim_reply, knows_how_mail_programs_quote_in_many_languages) {
    for (const auto& [language, below] : {
             history{"en", "On Mon, 2 May 2016 at 10:00, Jane Doe <jane@x.y> wrote:\n> old"},
             history{"en wrapped", "On Mon, 2 May 2016 at 10:00, Jane Doe\n<jane@x.y> wrote:\n\n> old"},
             history{"en unquoted", "On Mon, 2 May 2016 at 10:00, Jane Doe <jane@x.y> wrote:\n\nold\nolder"},
             history{"de", "Am 02.05.2016 um 10:00 schrieb Jane Doe:\n> old"},
             history{"de Gmail", "Jane Doe <jane@x.y> schrieb am Mo., 2. Mai 2016 um 10:00 Uhr:\n\n> old"},
             history{"fr", "Le 2 mai 2016 à 10:00, Jane Doe <jane@x.y> a écrit :\n> old"},
             history{"es", "El 2 de mayo de 2016, 10:00, Jane Doe <jane@x.y> escribió:\n> old"},
             history{"it", "Il giorno 2 maggio 2016 10:00, Jane Doe <jane@x.y> ha scritto:\n> old"},
             history{"nl", "Op 2 mei 2016 om 10:00 schreef Jane Doe <jane@x.y>:\n> old"},
             history{"pl", "W dniu 2.05.2016 o 10:00, Jane Doe pisze:\n> old"},
             history{"pl Gmail", "pon., 2 maj 2016 o 10:00 Jane Doe <jane@x.y> napisał(a):\n> old"},
             history{"pt", "Em 2 de maio de 2016 10:00, Jane Doe <jane@x.y> escreveu:\n> old"},
             history{"sv", "Den 2 maj 2016 10:00 skrev Jane Doe <jane@x.y>:\n> old"},
             history{"da", "Den man. 2. maj 2016 kl. 10.00 skrev Jane Doe <jane@x.y>:\n> old"},
             history{"no", "man. 2. mai 2016 kl. 10:00 skrev Jane Doe <jane@x.y>:\n> old"},
             history{"fi", "ma 2. toukok. 2016 klo 10.00 Jane Doe (jane@x.y) kirjoitti:\n> old"},
             history{"ru", "2 мая 2016 г., 10:00 пользователь Jane Doe <jane@x.y> написал:\n> old"},
             history{"zh", "在 2016年5月2日，上午10:00，Jane Doe <jane@x.y> 写道：\n> old"},
             history{"ja", "2016年5月2日(月) 10:00 Jane Doe <jane@x.y>:\n> old"},
             history{"Outlook",
                     "From: Jane Doe <jane@x.y>\nSent: Monday, May 2, 2016 10:00 AM\nTo: Bob\nSubject: RE: hi\n\nold"},
             history{"Outlook ruler",
                     "________________________________\nFrom: Jane Doe\nSent: Monday\nTo: Bob\nSubject: RE: hi\n\nold"},
             history{"Outlook de",
                     "Von: Jane Doe\nGesendet: Montag, 2. Mai 2016 10:00\nAn: Bob\nBetreff: AW: hi\n\nold"},
             history{"Outlook bold", "*De :* Jane\n*Envoyé :* lundi 2 mai 2016\n*À :* Bob\n*Objet :* RE: hi\n\nold"},
             history{"Outlook zh", "发件人：Jane\n发送时间：2016年5月2日\n收件人：Bob\n主题：hi\n\nold"},
             history{"original", "-----Original Message-----\nFrom: Jane\nold"},
             history{"original de", "-----Ursprüngliche Nachricht-----\nold"},
             history{"bare quote", "> old\n> older"},
             history{"signature", "-- \nBob\nSales"},
             history{"signature with rows in it", "-- \n\n______________\nThis mail is for you alone and no other.\n"
                                                  "Who is not meant by it shall not read it.\n\nThe Company\n"
                                                  "tel 0123 456789\n______________"},
             history{"phone", "Sent from my iPhone"},
             history{"phone de", "Von meinem iPhone gesendet"},
             history{"hu", "2013.02.08. 7:31 keltezéssel, \"Jane Doe\" írta:\n> old"},
             history{"ko", "2016년 5월 2일 (월) 오전 10:00, Jane Doe <jane@x.y>님이 작성:\n> old"},
             history{"el", "Στις Δευ, 2 Μαΐ 2016 στις 10:00 π.μ., ο χρήστης Jane Doe <jane@x.y> έγραψε:\n> old"},
             history{"uk", "пн, 2 трав. 2016 р. о 10:00 Jane Doe <jane@x.y> пише:\n> old"},
             history{"cs", "po 2. 5. 2016 v 10:00 odesílatel Jane Doe <jane@x.y> napsal:\n> old"},
             history{"tr", "Jane Doe <jane@x.y>, 2 May 2016 Pzt, 10:00 tarihinde şunu yazdı:\n> old"},
             history{"ro", "Pe lun., 2 mai 2016 la 10:00, Jane Doe <jane@x.y> a scris:\n> old"},
             history{"Orange",
                     "====\n\nMessage du : 02/05/2016 10:00\nDe : \"Jane\" <jane@x.y>\nA : bob@x.y\nSujet : hi\n\nold"},
             history{"unmarked below a phone", "Sent from my Phone X\n\nold words\nolder words"},
             history{"name", "-Jane Doe"},
             history{"quote wrapped on the way", "> a line of the old mail that is too long for the way and is broken "
                                                 "somewhere in\nthe middle of it\n> old"},
             history{"phone and quote",
                     "Get Outlook for iOS<https://aka.ms/o0ukef>\n\nOn Mon, 2 May 2016, Jane <jane@x.y> wrote:\n> old"},
         })
        EXPECT_EQ(trim_reply("New words.\n\n" + std::string(below) + "\n", "Re: hi"), "New words.") << language;
}

TEST(trim_reply, keeps_words_that_are_or_may_be_new) {
    for (const std::string_view text : {
             "On Thursday I wrote: no.\nIt was late.",
             "The terms are: From: 5 euro\nTo: be agreed",
             "Please book me:\n\nFrom: Berlin\nTo: Paris\nDate: 3 May 2026\n\nI have one bag.",
             "Please book me:\n\nVon: Berlin\nAn: Paris\nDatum: 3. Mai 2026, 10:00\nKopie: nein\n\nEin Koffer.",
             "The move:\n---------\nFrom: Main Street 4\nTo: Hill Road 9\nDate: Monday\n\nTwo rooms.",
             "Return\n\nSubject: a lamp\nFrom: Berlin\nTo: your shop\nDate: today\n\nIt is dim.",
             "De : Lyon\nÀ : Nice\nDate : lundi\n\nDeux places.",
             "Sent from my desk, it is much easier than my mobile.",
             "a -- b\n-- first point\n-- second point\nDone.",
             "One\n---\nTwo",
             "I think so.\n\n> And the other?\n\nThat too.",
             "See below.\n\n---------- Forwarded message ---------\nFrom: Jane <jane@x.y>\nDate: Mon, 2 May "
             "2016\nSubject: hi\nTo: Bob\n\nThe forwarded words.",
             "> nothing but a quote",
             "-- \nnothing but a signature",
             "Sent from my iPhone\n\nI am writing below what the phone adds.",
             "Please call.\n\nSent from my iPhone\n\nPS: after five.",
             "Please send:\n\n-Invoice",
             "> a question that is quoted in one line of more than sixty-six characters?\nyes",
             "```\n-----Original Message-----\n```\nis what it printed",
         })
        EXPECT_EQ(trim_reply(text, "Re: hi"), text);
    const std::string_view outlook_forward =
        "Please handle.\n\nFrom: Jane\nSent: Monday\nTo: Bob\nSubject: order\n\nThe order.";
    EXPECT_EQ(trim_reply(outlook_forward, "WG: order"), outlook_forward);
    EXPECT_EQ(trim_reply("On Mon, 2 May 2016, Jane <jane@x.y> wrote:\n> old\n\nAnswer below."), "Answer below.");
}

TEST(trim_reply, of_nothing_but_the_attributions_of_empty_mails_is_empty) {
    for (const std::string_view text : {
             "> On Thu, Apr 30, 2020 at 10:07 AM, Jane <jane@x.y> wrote:\n>\n>> On Thu, Apr 30, 2020, Bob <b@x.y> "
             "wrote:",
             "On Mon, 2 May 2016 at 10:00, Jane Doe <jane@x.y> wrote:\n\n",
             ">> Am 02.05.2016 um 10:00 schrieb Jane Doe:\n>>\n>>> Le 2 mai 2016 à 10:00, Bob\n>>> <b@x.y> a écrit :",
         })
        EXPECT_EQ(trim_reply(text, "Re: hi"), "") << text;
    for (const std::string_view text : {
             "> On Mon, 2 May 2016, Jane <jane@x.y> wrote:\n>> a word",
             "> a word\n>> On Mon, 2 May 2016, Jane <jane@x.y> wrote:",
             "",
             ">",
             "On Monday I wrote:",
         })
        EXPECT_EQ(trim_reply(text, "Re: hi"), text);
}

std::string reply_of_page(std::string_view html, std::string_view subject = "Re: hi") {
    return read_mail("From: a@b.c\r\nSubject: " + std::string(subject) +
                     "\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + std::string(html))
        .text_reply;
}

TEST(reply_of_html, ends_where_a_mail_program_marks_its_history_whatever_the_language) {
    for (
        const std::string_view page : {
            R"(<div>New words.</div><div class="gmail_quote"><div class="gmail_attr">Tahriri qof xyz Jane</div><blockquote>old<br>older</blockquote></div>)",
            R"(<div>New words.</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">Qof: Jane</div><div>old</div>)",
            R"(<p>New words.</p><div class="moz-cite-prefix">xyz Jane</div><blockquote type="cite">old</blockquote>)",
            R"(<div>New words.</div><div id="yahoo_quoted_1" class="yahoo_quoted"><div>Xyz Jane qof</div><div>old</div></div>)",
            R"(<div>New words.</div><div class="protonmail_quote">xyz<br><blockquote class="protonmail_quote" type="cite">old</blockquote></div>)",
            R"(<div>New words.</div><br><blockquote type="cite"><div>xyz</div>old</blockquote>)",
        })
        EXPECT_EQ(reply_of_page(page), "New words.") << page;
}

TEST(reply_of_html, keeps_answers_between_quotes_and_what_is_passed_on) {
    const auto between = reply_of_page(
        R"(<div class="gmail_quote"><div class="gmail_attr">xyz</div><blockquote>And this?</blockquote></div><div>Yes, this.</div><blockquote class="gmail_quote">And that?</blockquote><div>That too.</div>)");
    EXPECT_TRUE(between.contains("Yes, this.")) << between;
    EXPECT_TRUE(between.contains("That too.")) << between;
    EXPECT_TRUE(
        reply_of_page(R"(<div>Please handle.</div><div id="divRplyFwdMsg">From: Jane</div><div>The order.</div>)",
                      "WG: order")
            .contains("The order."));
}

TEST(reply_of_parts, a_signature_ends_its_part_and_not_what_follows) {
    const auto reply = read_mail("From: a@b.c\r\nSubject: Re: hi\r\nContent-Type: multipart/mixed; "
                                 "boundary=b\r\n\r\n--b\r\n\r\nFirst words.\r\n-- \r\nBob\r\n"
                                 "--b\r\nContent-Type: text/html\r\n\r\n<p>Second words.</p>\r\n--b--")
                           .text_reply;
    EXPECT_TRUE(reply.contains("First words.")) << reply;
    EXPECT_TRUE(reply.contains("Second words.")) << reply;
    EXPECT_FALSE(reply.contains("Bob")) << reply;
}

} // namespace
} // namespace switchboard::channels::email
