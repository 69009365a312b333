#include "email_support.hpp"

#include "channels/email/addresses.hpp"
#include "channels/email/charset.hpp"
#include "channels/email/parameters.hpp"

#include <switchboard/channels/html.hpp>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

/// How mails are read that people reported to other systems: what an agent sees of them, and what stays listed.
namespace switchboard::channels {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string mail_of(std::string_view headers, std::string_view body) {
    return fmt::format("From: Lena Ostrow <lena@example.net>\r\nTo: support@example.com\r\nSubject: A case\r\n"
                       "Date: Tue, 03 Mar 2026 09:12:44 +0100\r\nMessage-ID: <case@example.net>\r\n"
                       "MIME-Version: 1.0\r\n{}\r\n{}",
                       headers, body);
}

constexpr std::string_view pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
                                   "awAAAABJRU5ErkJggg==\r\n";

std::string picture_part(std::string_view more) {
    return fmt::format("--b\r\nContent-Type: image/png; name=\"leak.png\"\r\n{}Content-Transfer-Encoding: base64\r\n"
                       "\r\n{}",
                       more, pixel);
}

std::string mixed(std::string_view kind, std::string_view parts) {
    return mail_of(fmt::format("Content-Type: multipart/{}; boundary=b\r\n", kind), fmt::format("{}--b--\r\n", parts));
}

std::string text_part(std::string_view text) {
    return fmt::format("--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n", text);
}
std::string html_part(std::string_view html) {
    return fmt::format("--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{}\r\n", html);
}

// --- Files that no page names are listed ---------------------------------------------------------------------------

TEST(a_picture, is_listed_when_the_shown_page_does_not_name_it_whatever_its_headers_say) {
    for (const auto headers : {"Content-Disposition: inline; filename=leak.png\r\n", "Content-ID: <leak@x>\r\n",
                               "Content-Disposition: inline\r\nContent-ID: <leak@x>\r\n"}) {
        const auto beside_text = read_mail(mixed("mixed", text_part("See it.") + picture_part(headers)));
        ASSERT_EQ(beside_text.attachments.size(), 1u) << headers;
        EXPECT_FALSE(beside_text.attachments[0].is_inline) << headers;
        const auto beside_page = read_mail(mixed("related", html_part("<p>See it.</p>") + picture_part(headers)));
        ASSERT_EQ(beside_page.attachments.size(), 1u) << headers;
        EXPECT_FALSE(beside_page.attachments[0].is_inline) << headers;
    }
}

TEST(a_picture, is_part_of_the_page_that_names_it_by_its_id_in_any_case) {
    const auto contact =
        read_mail(mixed("related", html_part("<img src='CID:Leak@X'>") + picture_part("Content-ID: <leak@x>\r\n")));
    EXPECT_TRUE(contact.attachments.at(0).is_inline);
}

TEST(a_picture, that_the_page_names_by_bare_id_file_name_or_location_is_named_by_cid) {
    for (const auto& [source, headers] :
         {std::pair{"leak@x", "Content-ID: <leak@x>\r\n"},
          {"leak.png", "Content-Disposition: inline; filename=leak.png\r\n"},
          {"https://example.net/leak", "Content-Location: https://example.net/leak\r\n"}}) {
        const auto contact =
            read_mail(mixed("related", html_part(fmt::format("<p>Look:</p><img src=\"{}\" alt=leak>", source)) +
                                           picture_part(headers)));
        ASSERT_EQ(contact.attachments.size(), 1u);
        const auto& file = contact.attachments[0];
        EXPECT_TRUE(file.is_inline) << source;
        EXPECT_THAT(contact.html, HasSubstr("src=\"cid:" + file.content_id + "\"")) << source;
    }
}

TEST(a_picture, between_two_texts_is_shown_there_and_listed) {
    const auto contact = read_mail(mixed(
        "mixed", text_part("Here is the leak:") + picture_part("Content-Disposition: inline; filename=leak.png\r\n") +
                     text_part("It drips every minute.\r\n\r\nSent from my iPhone")));
    EXPECT_THAT(contact.text, HasSubstr("Here is the leak:"));
    EXPECT_THAT(contact.text_reply, HasSubstr("drips every minute"));
    ASSERT_EQ(contact.attachments.size(), 1u);
    EXPECT_FALSE(contact.attachments[0].is_inline);
    const auto before = contact.html.find("Here is the leak"), after = contact.html.find("It drips");
    const auto picture = contact.html.find("cid:" + contact.attachments[0].content_id);
    ASSERT_NE(picture, std::string::npos);
    EXPECT_LT(before, picture);
    EXPECT_LT(picture, after);
}

// --- Calendars -------------------------------------------------------------------------------------------------------

std::string calendar(std::string_view method, std::string_view more = {}) {
    return fmt::format("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nMETHOD:{}\r\nBEGIN:VEVENT\r\nUID:u@x\r\n"
                       "DTSTAMP:20260302T080000Z\r\nDTSTART;TZID=Europe/Berlin:20260310T130000\r\n"
                       "DTEND;TZID=Europe/Berlin:20260310T140000\r\nSUMMARY:Meter\\, new\r\nLOCATION:Depot 4\r\n"
                       "DESCRIPTION:Bring the old meter.\\nhttps://meet.example.net/r/88\r\n 41\r\n"
                       "ORGANIZER;CN=Petra Holm:mailto:petra@example.net\r\n{}END:VEVENT\r\nEND:VCALENDAR\r\n",
                       method, more);
}

TEST(a_calendar, without_other_words_is_read_as_what_when_where_and_who_and_kept) {
    for (const auto& mail :
         {mail_of("Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n", calendar("REQUEST")),
          mixed("mixed", "--b\r\nContent-Type: text/calendar; charset=utf-8\r\nContent-Disposition: attachment; "
                         "filename=invite.ics\r\n\r\n" +
                             calendar("REQUEST"))}) {
        const auto contact = read_mail(mail);
        EXPECT_THAT(contact.text, HasSubstr("Invitation: Meter, new\n"));
        EXPECT_THAT(contact.text, HasSubstr("When: 2026-03-10 13:00–14:00 Europe/Berlin\n"));
        EXPECT_THAT(contact.text, HasSubstr("Where: Depot 4\n"));
        EXPECT_THAT(contact.text, HasSubstr("Organizer: Petra Holm <petra@example.net>\n"));
        EXPECT_THAT(contact.text, HasSubstr("https://meet.example.net/r/8841"));
        EXPECT_THAT(contact.text, Not(HasSubstr("BEGIN:")));
        ASSERT_EQ(contact.attachments.size(), 1u);
        EXPECT_EQ(contact.attachments[0].type, "text/calendar");
        EXPECT_FALSE(contact.attachments[0].is_inline);
    }
}

TEST(a_calendar, that_answers_or_cancels_says_so) {
    const auto answer =
        read_mail(mail_of("Content-Type: text/calendar; method=REPLY\r\n",
                          calendar("REPLY", "ATTENDEE;PARTSTAT=DECLINED;CN=Tom Bauer:mailto:tom@example.net\r\n")));
    EXPECT_THAT(answer.text, HasSubstr("Answer to an invitation: Meter, new\nTom Bauer <tom@example.net> declines\n"));
    const auto off = read_mail(mail_of("Content-Type: text/calendar; method=CANCEL\r\n", calendar("CANCEL")));
    EXPECT_THAT(off.text, HasSubstr("Cancelled: Meter, new\n"));
}

TEST(a_calendar, beside_words_leaves_them_alone) {
    const auto contact =
        read_mail(mixed("alternative", text_part("Please come on Tuesday.") +
                                           "--b\r\nContent-Type: text/calendar\r\n\r\n" + calendar("REQUEST")));
    EXPECT_EQ(contact.text_reply, "Please come on Tuesday.");
    EXPECT_EQ(contact.attachments.size(), 1u);
    EXPECT_EQ(nlohmann::json::parse(contact.details)["invitation"],
              "Invitation: Meter, new\nWhen: 2026-03-10 13:00–14:00 Europe/Berlin\nWhere: Depot 4\n"
              "Organizer: Petra Holm <petra@example.net>");
}

TEST(a_calendar, of_nothing_but_nested_components_is_not_given_to_the_library) {
    std::string nested = "BEGIN:VCALENDAR\r\n";
    for (int i = 0; i < 20'000; ++i) nested += "BEGIN:VEVENT\r\n";
    const auto contact = read_mail(mail_of("Content-Type: text/calendar\r\n", nested));
    EXPECT_THAT(contact.text, HasSubstr("BEGIN:VEVENT"));
}

// --- Signed, encoded, labelled wrongly
// --------------------------------------------------------------------------------

TEST(a_file_name, is_decoded_like_every_other_header) {
    using email::header_parameter;
    const auto name = [](std::string_view field, std::string_view charset = {}) {
        return header_parameter(field, "filename", charset);
    };
    EXPECT_EQ(name("attachment; filename=plain.txt"), "plain.txt");
    EXPECT_EQ(name("attachment; filename=my file.txt"), "my file.txt");
    EXPECT_EQ(name("attachment; filename=\"a;b\\\"c.txt\"; size=3"), "a;b\"c.txt");
    EXPECT_EQ(name("attachment; filename*=utf-8'en'%C3%BCber.txt"), "über.txt");
    EXPECT_EQ(name("attachment; filename=x.txt; filename*=UTF-8''%E2%82%AC.txt"), "€.txt");
    EXPECT_EQ(name("attachment; filename*0*=iso-8859-1''%FC; filename*1=ber; filename*2*=%2Etxt"), "über.txt");
    EXPECT_EQ(name("attachment; filename*1=b.txt; filename*0=a"), "ab.txt");
    EXPECT_EQ(name("attachment; filename=\"=?utf-8?B?w7xiZXIudHh0?=\""), "über.txt");
    EXPECT_EQ(name("attachment; filename=\"=?iso-2022-jp?B?GyRCQEE1YT1xLSEbKEIudHh0?=\""), "請求書①.txt");
    EXPECT_EQ(name("attachment; filename=\"\xB7\xA2\xC6\xB1.xls\"", "gb2312"), "发票.xls");
    EXPECT_EQ(name("attachment; filename=\"\xC3\xBC.txt\"", "gb2312"), "ü.txt");
    EXPECT_EQ(name("attachment"), "");
    EXPECT_EQ(name("attachment; filename"), "");
    EXPECT_EQ(name("attachment; filename*999999999999=x; filename*-1=y"), "");
}

TEST(a_charset, of_seven_bits_that_cannot_be_meant_is_read_as_its_kin_of_eight) {
    const auto to_utf8 = [](std::string_view bytes, std::string_view label) { return email::to_utf8(bytes, label); };
    EXPECT_EQ(to_utf8("\x90\xBF\x8B\x81\x8F\x91", "iso-2022-jp"), "請求書"); // Shift_JIS
    EXPECT_EQ(to_utf8("\xC0\xC1\xB5\xE1\xBD\xF1", "iso-2022-jp"), "請求書"); // EUC-JP
    EXPECT_EQ(to_utf8("\xBE\xC8\xB3\xE7\xC7\xCF\xBC\xBC\xBF\xE4", "iso-2022-kr"), "안녕하세요");
    EXPECT_EQ(to_utf8("\xB7\xA2\xC6\xB1", "hz-gb-2312"), "发票");
    EXPECT_EQ(to_utf8("gr\xC3\xBC\xC3\x9F", "iso-2022-jp"), "grüß");
}

TEST(a_uuencoded_part, is_decoded_without_its_beginning_or_its_end_and_called_damaged) {
    for (const auto body : {"begin 644 notes.txt\r\n81FER<W0@;&EN92!O9B!T:&4@;F]T97,*\r\n", // no end
                            "81FER<W0@;&EN92!O9B!T:&4@;F]T97,*\r\n"}) {                     // no begin
        const auto contact =
            read_mail(mixed("mixed", fmt::format("--b\r\nContent-Type: application/octet-stream; name=\"notes.txt\"\r\n"
                                                 "Content-Transfer-Encoding: x-uuencode\r\n\r\n{}",
                                                 body)));
        ASSERT_EQ(contact.attachments.size(), 1u);
        EXPECT_EQ(contact.attachments[0].content, "First line of the notes\n") << body;
        EXPECT_TRUE(has_flag(contact, "damaged")) << body;
    }
}

TEST(a_mail, with_lines_before_its_header_is_read_and_called_damaged) {
    const auto mail = mail_of("", "It is silent.\r\n");
    for (const auto before : {"   \r\n", "\r\n\r\n", "-------- saved message --------\r\n", ">From x@y Tue Mar  3\r\n",
                              "Saved on 3 March\r\nby Tom\r\n\r\n"}) {
        const auto contact = read_mail(before + mail);
        EXPECT_EQ(contact.quarantine, "") << before;
        EXPECT_EQ(contact.from.value, "lena@example.net") << before;
        EXPECT_EQ(contact.subject, "A case") << before;
        EXPECT_THAT(contact.text, HasSubstr("It is silent.")) << before;
        EXPECT_TRUE(has_flag(contact, "damaged")) << before;
    }
    EXPECT_FALSE(has_flag(read_mail("From x@y Tue Mar  3 09:12:44 2026\r\n" + mail), "damaged"));
    EXPECT_NE(read_mail("Words only.\r\nSubject: not a mail\r\n\r\nmore words\r\n").quarantine, "");
}

TEST(an_address, with_blanks_in_it_is_nobodys_and_is_never_made_up) {
    const auto from = [](std::string_view field) { return email::parse_addresses(field); };
    for (const auto field : {"\"Service Desk North\" <service desk north@example.net>",
                             "Service Desk North <service desk north@example.net>"}) {
        const auto parties = from(field);
        ASSERT_EQ(parties.size(), 1u) << field;
        EXPECT_EQ(parties[0].kind, "") << field;
        EXPECT_EQ(parties[0].name, "Service Desk North") << field;
    }
    const auto two = from("Bad <a b@example.net>, Ann <ann@example.net>");
    ASSERT_EQ(two.size(), 2u);
    EXPECT_EQ(two[1].value, "ann@example.net");
    EXPECT_EQ(from("Ann < ann@example.net >").at(0).value, "ann@example.net");
    EXPECT_EQ(from("\"John Doe\" <\"john doe\"@example.net>").at(0).kind, "email");
}

TEST(an_address, is_not_made_of_a_name_with_an_at_in_it) {
    const auto parties = email::parse_addresses("Jane @ Shop, Inc. <jane@shop.example>");
    std::vector<std::string> reached;
    for (const auto& p : parties)
        if (!p.kind.empty()) reached.push_back(p.value);
    EXPECT_THAT(reached, ElementsAre("jane@shop.example"));
}

TEST(a_calendar, beside_a_page_without_words_is_read) {
    const auto contact =
        read_mail(mixed("alternative", text_part("") + html_part("<div>&nbsp;</div>") +
                                           "--b\r\nContent-Type: text/calendar\r\n\r\n" + calendar("REQUEST")));
    EXPECT_THAT(contact.text, HasSubstr("Invitation: Meter, new"));
}

TEST(a_recall, is_known_for_what_it_is) {
    EXPECT_TRUE(has_flag(read_mail("From: m@example.net\r\nTo: support@example.com\r\nSubject: Recall: Salaries\r\n\r\n"
                                   "Mia Stone would like to recall the message, \"Salaries\".\r\n"),
                         "recall"));
    EXPECT_FALSE(has_flag(read_mail("From: m@example.net\r\nTo: support@example.com\r\nSubject: Recall: hub 4\r\n\r\n"
                                    "Is hub 4 part of the recall?\r\n"),
                          "recall"));
}

// --- Text out of pages
// -------------------------------------------------------------------------------------------------

TEST(a_table, of_data_keeps_its_cells_apart_and_its_empty_ones) {
    EXPECT_EQ(html_to_text("<table><tr><th>Item</th><th>Ordered</th><th>Returned</th></tr>"
                           "<tr><td>Lamp</td><td>2</td><td>1</td></tr>"
                           "<tr><td>Cable</td><td></td><td>4</td></tr></table>"),
              "Item\tOrdered\tReturned\nLamp\t2\t1\nCable\t\t4");
    EXPECT_EQ(html_to_text("<table><tr><td><p>a</p></td><td><p>b</p></td></tr>"
                           "<tr><td><p>c</p></td><td><p>d</p></td></tr></table><p>end</p>"),
              "a\tb\n\nc\td\n\nend");
}

TEST(a_table, that_only_lays_out_the_page_leaves_no_trace) {
    EXPECT_EQ(html_to_text("<table><tr><td></td><td><table><tr><td>Hello</td></tr></table></td><td></td></tr>"
                           "<tr><td></td><td>there</td><td></td></tr></table>"),
              "Hello\nthere");
    EXPECT_EQ(html_to_text("<table><tr><td>one</td><td>row</td></tr></table>"), "one row");
}

TEST(a_table, moves_the_place_where_history_begins_along) {
    const std::string page = "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>"
                             "<div id=\"divRplyFwdMsg\">From: x</div>";
    const auto words = read_html(page);
    ASSERT_NE(words.history, std::string::npos);
    EXPECT_THAT(words.text.substr(words.history), HasSubstr("From: x"));
    EXPECT_EQ(words.text.substr(0, 7), "a\tb\nc\td");
}

TEST(a_link, keeps_its_target_unless_its_words_say_it) {
    EXPECT_EQ(html_to_text("<a href=\"https://shop.example.org/r/8831\">Approve the return</a>."),
              "Approve the return (https://shop.example.org/r/8831).");
    EXPECT_EQ(html_to_text("<a href=\"https://www.example.org/\">www.example.org</a>"), "www.example.org");
    EXPECT_EQ(html_to_text("<a href=\"mailto:ann@example.org\">ann@example.org</a>"), "ann@example.org");
    EXPECT_EQ(html_to_text("<a href=\"mailto:ann@example.org\">Ann</a>"), "Ann (ann@example.org)");
    EXPECT_EQ(html_to_text("<a href=\"#top\">up</a> <a href=\"javascript:x()\">x</a>"), "up x");
}

TEST(a_rule_of_dashes, between_sections_is_no_signature) {
    const auto contact = read_mail(
        mail_of("Content-Type: text/plain; charset=utf-8\r\n",
                "Fault one\r\n--------\r\nThe left pedal squeaks.\r\n\r\nFault two\r\n________________________________"
                "\r\nThe lamp is dim.\r\n\r\n--\r\n\r\nFault three: the bell is gone.\r\nPlease order a new one.\r\n"));
    for (const auto words : {"squeaks", "lamp is dim", "bell is gone", "order a new one"})
        EXPECT_THAT(contact.text_reply, HasSubstr(words));
    EXPECT_EQ(read_mail(mail_of("", "It works.\r\n\r\n--\r\nJane Doe\r\nSales\r\n+49 30 1234567\r\n")).text_reply,
              "It works.");
}

} // namespace
} // namespace switchboard::channels
