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
             history{"Outlook", "From: Jane Doe <jane@x.y>\nSent: Monday, May 2, 2016 10:00 AM\nTo: Bob\nSubject: RE: hi\n\nold"},
             history{"Outlook ruler", "________________________________\nFrom: Jane Doe\nSent: Monday\nTo: Bob\nSubject: RE: hi\n\nold"},
             history{"Outlook de", "Von: Jane Doe\nGesendet: Montag, 2. Mai 2016 10:00\nAn: Bob\nBetreff: AW: hi\n\nold"},
             history{"Outlook bold", "*De :* Jane\n*Envoyé :* lundi 2 mai 2016\n*À :* Bob\n*Objet :* RE: hi\n\nold"},
             history{"Outlook zh", "发件人：Jane\n发送时间：2016年5月2日\n收件人：Bob\n主题：hi\n\nold"},
             history{"original", "-----Original Message-----\nFrom: Jane\nold"},
             history{"original de", "-----Ursprüngliche Nachricht-----\nold"},
             history{"bare quote", "> old\n> older"},
             history{"signature", "-- \nBob\nSales"},
             history{"phone", "Sent from my iPhone"},
             history{"phone de", "Von meinem iPhone gesendet"},
             history{"phone and quote", "Get Outlook for iOS<https://aka.ms/o0ukef>\n\nOn Mon, 2 May 2016, Jane <jane@x.y> wrote:\n> old"},
         })
        EXPECT_EQ(trim_reply("New words.\n\n" + std::string(below) + "\n", "Re: hi"), "New words.") << language;
}

TEST(trim_reply, keeps_words_that_are_or_may_be_new) {
    for (const std::string_view text : {
             "On Thursday I wrote: no.\nIt was late.",
             "The terms are: From: 5 euro\nTo: be agreed",
             "Sent from my desk, it is much easier than my mobile.",
             "a -- b\n-- first point\n-- second point\nDone.",
             "One\n---\nTwo",
             "I think so.\n\n> And the other?\n\nThat too.",
             "See below.\n\n---------- Forwarded message ---------\nFrom: Jane <jane@x.y>\nDate: Mon, 2 May 2016\nSubject: hi\nTo: Bob\n\nThe forwarded words.",
             "> nothing but a quote",
             "-- \nnothing but a signature",
             "```\n-----Original Message-----\n```\nis what it printed",
         })
        EXPECT_EQ(trim_reply(text, "Re: hi"), text);
    const std::string_view outlook_forward = "Please handle.\n\nFrom: Jane\nSent: Monday\nTo: Bob\nSubject: order\n\nThe order.";
    EXPECT_EQ(trim_reply(outlook_forward, "WG: order"), outlook_forward);
    EXPECT_EQ(trim_reply("On Mon, 2 May 2016, Jane <jane@x.y> wrote:\n> old\n\nAnswer below."), "Answer below.");
}

} // namespace
} // namespace switchboard::channels::email
