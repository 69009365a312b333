// The hazards of real mail (docs/gateways-mail.md "What is read"), one by one: what a sender meant must come out.

#include "email_support.hpp"

#include <gtest/gtest.h>

namespace switchboard::channels {
namespace {

const std::string head = "From: a@b.c\r\nSubject: s\r\nMIME-Version: 1.0\r\n";

TEST(email_hazard, a_charset_label_that_cannot_be_true_is_not_believed) {
    // "Здравствуйте, мой заказ" in KOI8-R under the label that some programs put on everything.
    const std::string koi8 =
        "\xFA\xC4\xD2\xC1\xD7\xD3\xD4\xD7\xD5\xCA\xD4\xC5, \xCD\xCF\xCA \xDA\xC1\xCB\xC1\xDA \xC5\xDD\xA3 \xCE\xC5 "
        "\xD0\xD2\xC9\xDB\xA3\xCC, \xD0\xCF\xD6\xC1\xCC\xD5\xCA\xD3\xD4\xC1 \xD0\xD2\xCF\xD7\xC5\xD2\xD8\xD4\xC5.";
    EXPECT_TRUE(read_mail(head + "Content-Type: text/plain; charset=iso-8859-1\r\n\r\n" + koi8)
                    .text.starts_with("Здравствуйте, мой заказ"));
    EXPECT_EQ(read_mail(head + "Content-Type: text/plain; charset=iso-8859-1\r\n\r\nGr\xFC\xDF"
                               "e aus M\xFCnchen")
                  .text,
              "Grüße aus München");
    EXPECT_EQ(read_mail(head + "Content-Type: text/plain; charset=utf-8\r\n\r\nGr\xFC\xDF"
                               "e aus M\xFCnchen")
                  .text,
              "Grüße aus München");
    EXPECT_EQ(read_mail(head + "Content-Type: text/plain; charset=iso-8859-1\r\n\r\nGrüße aus München").text,
              "Grüße aus München");
}

TEST(email_hazard, a_page_may_name_its_charset_itself) {
    EXPECT_EQ(read_mail(head + "Content-Type: text/html\r\n\r\n<html><head><meta http-equiv=Content-Type "
                               "content=\"text/html; charset=windows-1251\"></head>\xCF\xF0\xE8\xE2\xE5\xF2")
                  .text,
              "Привет");
}

TEST(email_hazard, encoded_words_that_were_cut_in_the_middle_of_their_base64_are_one_text) {
    EXPECT_EQ(read_mail("From: a@b.c\r\nSubject: =?UTF-8?B?5pel5pys6Kqe44?=\r\n =?UTF-8?B?Gn44GZ?=\r\n\r\nx").subject,
              "日本語です");
    EXPECT_EQ(read_mail("From: a@b.c\r\nSubject: =?utf-8?B?w4Q=?= =?utf-8?Q?=C3?= =?utf-8?Q?=A4?=\r\n\r\nx").subject,
              "Ää");
}

TEST(email_hazard, a_multipart_with_a_missing_or_wrong_boundary_is_read_by_the_one_that_it_uses) {
    for (const std::string_view type :
         {"multipart/mixed", "multipart/mixed; boundary=zzz", "multipart/mixed; boundary=\"\""}) {
        const auto mail =
            read_mail(head + "Content-Type: " + std::string(type) +
                      "\r\n\r\n--real\r\nContent-Type: text/plain\r\n\r\nwords\r\n--real\r\nContent-Type: image/png; "
                      "name=a.png\r\n\r\nPNG\r\n--real--\r\n");
        EXPECT_EQ(mail.text, "words") << type;
        ASSERT_EQ(mail.attachments.size(), 1u) << type;
        EXPECT_EQ(mail.attachments[0].name, "a.png");
        EXPECT_TRUE(has_flag(mail, "damaged"));
    }
}

TEST(email_hazard, words_begin_where_the_fields_end_even_without_an_empty_line) {
    const auto mail = read_mail("From: a@b.c\r\nSubject: s\r\nThis is already the body\r\nand more: of it\r\n");
    EXPECT_EQ(mail.subject, "s");
    EXPECT_EQ(mail.text, "This is already the body\nand more: of it\n");
    EXPECT_EQ(read_mail("From: a@b.c\r\nthis line is broken\r\nSubject: s\r\n").subject, "s");
}

TEST(email_hazard, a_yenc_file_leaves_the_text) {
    std::string encoded;
    for (const char c : std::string("Cat\x13", 4)) { // the last becomes "=", which must be escaped
        const auto byte = static_cast<unsigned char>(static_cast<unsigned char>(c) + 42);
        if (byte == '=')
            encoded += "=" + std::string(1, static_cast<char>(byte + 64));
        else
            encoded += static_cast<char>(byte);
    }
    const auto mail = read_mail(head + "\r\nhere\r\n=ybegin line=128 size=4 name=a b.bin\r\n" + encoded +
                                "\r\n=yend size=4\r\nafter");
    EXPECT_EQ(mail.text, "here\nafter");
    ASSERT_EQ(mail.attachments.size(), 1u);
    EXPECT_EQ(mail.attachments[0].name, "a b.bin");
    EXPECT_EQ(mail.attachments[0].content, "Cat\x13");
    EXPECT_FALSE(mail.attachments[0].sha256.empty());
    EXPECT_TRUE(read_mail(head + "\r\n=ybegin line=128 size=4 name=a.bin\r\nnever ends").text.contains("never ends"));
}

TEST(email_hazard, rtf_is_read_and_kept) {
    const auto mail = read_mail(head + "Content-Type: text/rtf\r\n\r\n{\\rtf1 Hi\\par there}");
    EXPECT_EQ(mail.text, "Hi\nthere");
    ASSERT_EQ(mail.attachments.size(), 1u);
    EXPECT_EQ(mail.attachments[0].name, "attachment.rtf");
}

TEST(email_hazard, recipients_in_groups_lists_and_other_alphabets_are_found) {
    const auto mail = read_mail("From: Jörg <Jörg@MÜNCHEN.example>\r\nTo: Team: x@y.z, W <w@y.z>;, "
                                "undisclosed-recipients:;\r\nCc: 用户@例子.广告, <mailto:m@y.z>\r\n\r\nx");
    EXPECT_EQ(mail.from.value, "jörg@münchen.example");
    ASSERT_EQ(mail.to.size(), 2u);
    EXPECT_EQ(mail.to[1].name, "W");
    ASSERT_EQ(mail.cc.size(), 2u);
    EXPECT_EQ(mail.cc[0].value, "用户@例子.广告");
    EXPECT_EQ(mail.cc[1].value, "m@y.z");
}

TEST(email_hazard, empty_parts_digests_and_embedded_mails_keep_their_place) {
    EXPECT_EQ(
        read_mail(head +
                  "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: "
                  "text/plain\r\n\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Hello &amp; <b>you</b></p>\r\n--b--")
            .text,
        "Hello & you");
    const auto digest =
        read_mail(head + "Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\nFrom: x@y.z\r\nSubject: "
                         "One\r\n\r\ninner\r\n--b\r\n\r\nFrom: x@y.z\r\nSubject: Two\r\n\r\ninner\r\n--b--");
    ASSERT_EQ(digest.attachments.size(), 2u);
    EXPECT_EQ(digest.attachments[1].name, "Two.eml");
    const auto empty =
        read_mail(head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nw\r\n--b\r\nContent-Type: "
                         "image/jpeg\r\nContent-Disposition: attachment\r\n\r\n--b--");
    ASSERT_EQ(empty.attachments.size(), 1u);
    EXPECT_EQ(empty.attachments[0].name, "attachment.jpg");
    EXPECT_TRUE(empty.attachments[0].content.empty());
}

TEST(email_hazard, a_file_name_in_any_form_of_encoding_is_one_safe_name) {
    const auto mail = read_mail(
        head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Disposition: attachment; "
               "filename*0*=UTF-8''%C3%9Cber; filename*1=\"sicht.pdf\"\r\n\r\nx\r\n"
               "--b\r\nContent-Type: application/pdf; name=\"=?utf-8?Q?=C3=BC.pdf?=\"\r\nContent-Disposition: "
               "attachment\r\n\r\ny\r\n"
               "--b\r\nContent-Type: application/x; name*0*=iso-8859-1''%FC; name*1*=%FC.bin\r\n\r\nz\r\n"
               "--b\r\nContent-Disposition: attachment; filename=\"../../etc/pa\r\n sswd\"\r\n\r\nw\r\n--b--");
    std::vector<std::string> names;
    for (const auto& file : mail.attachments) names.push_back(file.name);
    EXPECT_EQ(names, (std::vector<std::string>{"Übersicht.pdf", "ü.pdf", "üü.bin", "_.._etc_pa sswd"}));
}

TEST(email_language, is_that_of_the_new_words) {
    const auto language = [](std::string_view words, std::string_view field = "") {
        return read_mail("From: a@b.c\r\nSubject: Re: x\r\n" + std::string(field) +
                         "Content-Type: text/plain; charset=utf-8\r\n\r\n" + std::string(words))
            .language;
    };
    EXPECT_EQ(
        language(
            "Guten Tag, meine Bestellung ist leider noch nicht angekommen. Bitte prüfen Sie das.\r\n\r\nOn Mon, 2 May "
            "2016, Desk <d@e.f> wrote:\r\n> Thank you very much for your order, which we will send to you tomorrow."),
        "de");
    EXPECT_EQ(language("Bonjour, je voudrais savoir quand ma commande sera livrée, merci beaucoup."), "fr");
    EXPECT_EQ(language("Здравствуйте, мой заказ ещё не пришёл, пожалуйста проверьте."), "ru");
    EXPECT_EQ(language("注文した商品がまだ届いていません。確認をお願いします。"), "ja");
    EXPECT_EQ(language("Guten Tag, meine Bestellung ist leider noch nicht angekommen.", "Content-Language: de-AT\r\n"),
              "de-AT");
    EXPECT_EQ(language("ok", "Content-Language: nl\r\n"), "nl");
    EXPECT_EQ(language("ok"), "");
}

} // namespace
} // namespace switchboard::channels
