// Mail as users of other systems reported it, read from the inputs after their reports; kin of them are in
// email_reading_test.cpp. What becomes of such mail in the desk: tests/integration/mail_cases_test.cpp.

#include "email_support.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace switchboard::channels {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::Not;

inbound_contact read_input(const std::string& name) {
    const auto file = std::filesystem::path{"tests/data/cases/mail"} / name;
    std::ifstream in{file, std::ios::binary};
    EXPECT_TRUE(in) << file;
    const std::string mail{std::istreambuf_iterator<char>(in), {}};
    gateway_settings settings;
    settings.own_addresses = {"support@example.com"};
    auto contact = read_mail(mail, settings);
    EXPECT_EQ(contact.quarantine, "") << name;
    return contact;
}

auto is_named(const std::string& name) {
    return Field(&attachment::name, name);
}

TEST(mail_cases, case_01_opaque_signed_as_octet_stream) {
    for (const auto* name : {"a-no-smime-type.eml", "b-octet-stream.eml"}) {
        const auto contact = read_input(std::string{"01-opaque-signed-as-octet-stream/"} + name);
        EXPECT_THAT(contact.text, HasSubstr("Lieferung 7731 fehlt")) << name;
        EXPECT_THAT(contact.attachments, Contains(is_named("smime.p7m"))) << name;
    }
}

TEST(mail_cases, case_02_calendar_only_invitation) {
    for (const auto* name : {"a-root-calendar.eml", "b-only-part.eml"}) {
        const auto contact = read_input(std::string{"02-calendar-only-invitation/"} + name);
        for (const auto* words : {"Walk-through of the new meter", "Depot 4, back entrance", "bring the old meter",
                                  "https://meet.example.net/r/8841"})
            EXPECT_THAT(contact.text, HasSubstr(words)) << name;
        EXPECT_THAT(contact.text, Not(HasSubstr("BEGIN:VCALENDAR"))) << name;
        EXPECT_THAT(contact.attachments, Contains(Field(&attachment::type, "text/calendar"))) << name;
    }
}

TEST(mail_cases, case_04_inline_image_without_cid_scheme) {
    const auto contact = read_input("04-inline-image-without-cid-scheme/a.eml");
    ASSERT_EQ(contact.attachments.size(), 1u);
    EXPECT_THAT(contact.html, HasSubstr("cid:image001.png")) << "so that the page shows it";
}

TEST(mail_cases, case_05_iso_2022_jp_nec_row_13) {
    const auto contact = read_input("05-iso-2022-jp-nec-row-13/a.eml");
    EXPECT_EQ(contact.subject, "㈱山田商店 注文①②の件");
    EXPECT_EQ(contact.text_reply, "①は届きました。②はまだです。㌢は㎝のことです。");
    EXPECT_THAT(contact.attachments, ElementsAre(is_named("請求書①.txt")));
}

TEST(mail_cases, case_13_rows_of_dashes_in_body) {
    const auto contact = read_input("13-rows-of-dashes-in-body/a.eml");
    for (const auto* words : {"squeaks", "lamp is dim", "bell is gone", "order a new one"})
        EXPECT_THAT(contact.text_reply, HasSubstr(words));
}

TEST(mail_cases, case_15_html_only_table) {
    const auto contact = read_input("15-html-only-table/a.eml");
    EXPECT_THAT(contact.text, HasSubstr("Item\tOrdered\tReturned\nLamp\t2\t1\nCable\t\t4\n"));
    EXPECT_THAT(contact.text, HasSubstr("https://shop.example.org/r/8831"));
}

TEST(mail_cases, case_17_outlook_recall) {
    const auto contact = read_input("17-outlook-recall/a.eml");
    EXPECT_TRUE(has_flag(contact, "recall"));
    EXPECT_TRUE(has_flag(contact, "machine"));
}

TEST(mail_cases, case_20_iphone_photo_between_texts) {
    const auto contact = read_input("20-iphone-photo-between-texts/a.eml");
    for (const auto* words : {"Here is the leak", "drips every minute"}) {
        EXPECT_THAT(contact.text, HasSubstr(words));
        EXPECT_THAT(contact.text_reply, HasSubstr(words));
    }
    EXPECT_THAT(contact.attachments, ElementsAre(is_named("IMG_0142.png")));
    EXPECT_FALSE(contact.attachments[0].is_inline) << "no page names it, so it is a file";
}

TEST(mail_cases, case_70_lines_before_the_header) {
    for (const auto& [name, sender, subject, words] :
         {std::tuple{"a-blank-line.eml", "lena.ostrow@example.net", "The hub is silent", "silent since Monday"},
          {"b-empty-lines.eml", "lena.ostrow@example.net", "The hub is silent again", "silent since Monday"},
          {"c-a-note-of-a-forwarder.eml", "lena.ostrow@example.net", "Meter reading 4711", "reading is 4711"},
          {"d-mbox-line.eml", "lena.ostrow@example.net", "Reading", "reading is 4712"}}) {
        const auto contact = read_input(std::string{"70-lines-before-the-header/"} + name);
        EXPECT_EQ(contact.from.value, sender) << name;
        EXPECT_EQ(contact.subject, subject) << name;
        EXPECT_THAT(contact.text, HasSubstr(words)) << name;
        EXPECT_TRUE(contact.occurred_at) << name;
        EXPECT_TRUE(has_flag(contact, "damaged")) << name;
    }
}

TEST(mail_cases, case_71_shift_jis_labelled_iso_2022_jp) {
    const auto contact = read_input("71-shift-jis-labelled-iso-2022-jp/a.eml");
    EXPECT_EQ(contact.subject, "請求書の再発行");
    EXPECT_EQ(contact.from.name, "田中 花子");
}

TEST(mail_cases, case_72_raw_bytes_in_a_file_name) {
    EXPECT_THAT(read_input("72-raw-bytes-in-a-file-name/a.eml").attachments, ElementsAre(is_named("发票明细.xls")));
}

TEST(mail_cases, case_73_uuencoded_part_without_end) {
    for (const auto* name : {"a.eml", "b-no-begin.eml"}) {
        const auto contact = read_input(std::string{"73-uuencoded-part-without-end/"} + name);
        ASSERT_THAT(contact.attachments, ElementsAre(is_named("notes.txt"))) << name;
        EXPECT_EQ(contact.attachments[0].content, "First line of the notes\n") << name;
        EXPECT_TRUE(has_flag(contact, "damaged")) << name;
    }
}

TEST(mail_cases, case_74_utf_7) {
    const auto contact = read_input("74-utf-7/a.eml");
    EXPECT_EQ(contact.subject, "Grüße aus Köln");
    EXPECT_EQ(contact.text_reply, "Die Lösung hält nicht über Nacht.");
}

TEST(mail_cases, case_75_spaces_in_the_local_part) {
    const auto contact = read_input("75-spaces-in-the-local-part/a.eml");
    EXPECT_EQ(contact.from.name, "Service Desk North");
    EXPECT_THAT(contact.from.value, testing::AnyOf("", "service desk north@example.net"));
    EXPECT_THAT(contact.text, HasSubstr("When do you open?"));
}

} // namespace
} // namespace switchboard::channels
