#include "email_support.hpp"

#include "channels/email/text_parts.hpp"

#include <switchboard/util/hash.hpp>
#include <switchboard/util/text.hpp>

#include <atomic>
#include <thread>

namespace switchboard::channels {
namespace {

const std::string head = "From: a@b.c\r\nMIME-Version: 1.0\r\n";

TEST(email_text, charsets_mean_what_senders_mean_by_them) {
    struct example {
        std::string_view charset, bytes, expected;
    };
    for (const auto& e : {
             example{"utf-8", "caf\xC3\xA9", "café"},
             example{"utf8", "caf\xC3\xA9", "café"},
             example{"UTF-8", "caf\xE9 ol\xE9", "café olé"},             // wrong label
             example{"iso-8859-1", "\x93quoted\x94 \x80", "“quoted” €"}, // Windows-1252 in truth
             example{"iso-8859-1", "caf\xC3\xA9", "café"},               // UTF-8 in truth
             example{"windows-1251", "\xCF\xF0\xE8\xE2\xE5\xF2", "Привет"},
             example{"koi8-r", "\xF0\xD2\xC9\xD7\xC5\xD4", "Привет"},
             example{"gb2312", "\xC4\xE3\xBA\xC3\x81\x40", "你好丂"},
             example{"big5", "\xA7\x41\xA6\x6E", "你好"},
             example{"ks_c_5601-1987", "\xBE\xC8\xB3\xE7\x8C\x63", "안녕똠"}, // outside EUC-KR
             example{"euc-jp", "\xA4\xB3", "こ"},
             example{"shift_jis", "\x82\xB1", "こ"},
             example{"iso-2022-jp", "\x1B$B$3\x1B(B", "こ"},
             example{"iso-2022-jp", "\xE3\x81\x93\xE3\x81\xAB", "こに"}, // 8-bit under a 7-bit label
             example{"utf-7", "Hi Mom +Jjo-!", "Hi Mom ☺!"},
             example{"unknown-8bit", "caf\xC3\xA9", "café"},
             example{"no-such-charset", "plain", "plain"},
             example{"us-ascii", "caf\xC3\xA9", "café"},
         })
        EXPECT_EQ(read_mail(head + "Content-Type: text/plain; charset=\"" + std::string(e.charset) + "\"\r\n\r\n" +
                            std::string(e.bytes))
                      .text,
                  e.expected)
            << e.charset;
}

TEST(email_text, is_looked_for_words_also_where_there_is_none) {
    EXPECT_FALSE(email::mentions({}, "=ybegin ")) << "a view of nothing has no place";
    EXPECT_FALSE(email::mentions("", "=ybegin "));
    EXPECT_TRUE(email::mentions("see =ybegin line", "=ybegin "));
    for (const std::string encoding : {"base64", "quoted-printable", "7bit"})
        EXPECT_EQ(read_mail(head + "Content-Transfer-Encoding: " + encoding + "\r\n\r\n").text, "") << encoding;
}

TEST(email_text, nul_and_broken_utf8_do_not_get_through) {
    const auto contact =
        read_mail(head + "Subject: a" + std::string(1, '\0') + "b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nx" +
                  std::string(1, '\0') + "y \xC3\xA9\xC3\xA9\xC3");
    EXPECT_EQ(contact.subject, "ab");
    EXPECT_EQ(contact.text, "xy éé\uFFFD");
}

TEST(email_text, flowed_paragraphs_are_joined) {
    EXPECT_EQ(read_mail(head + "Content-Type: text/plain; format=flowed\r\n\r\nOne long \r\nline.\r\n> quoted \r\n> "
                               "too\r\nnext\r\n-- \r\nsig\r\n")
                  .text,
              "One long line.\n> quoted too\nnext\n-- \nsig\n");
    EXPECT_EQ(
        read_mail(head + "Content-Type: text/plain; format=flowed; delsp=yes\r\n\r\nzusammen \r\ngesetzt\r\n").text,
        "zusammengesetzt\n");
}

TEST(email_text, plain_and_html_are_both_kept) {
    const auto contact = read_mail(
        head + "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nplain\r\n--b\r\nContent-Type: "
               "text/html\r\n\r\n<p>html</p>\r\n--b--\r\n");
    EXPECT_EQ(contact.text, "plain");
    EXPECT_EQ(contact.html, "<p>html</p>");
    EXPECT_TRUE(contact.attachments.empty());
    EXPECT_TRUE(contact.flags.empty());
}

TEST(email_text, is_derived_where_only_html_says_something) {
    const std::string html = "<style>p{}</style><p>5 &lt; 6 &amp; caf&eacute;</p><script>evil()</script>";
    EXPECT_EQ(read_mail(head + "Content-Type: text/html\r\n\r\n" + html).text, "5 < 6 & café");
    EXPECT_EQ(read_mail(head +
                        "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\n \r\n--b\r\nContent-Type: "
                        "text/html\r\n\r\n" +
                        html + "\r\n--b--")
                  .text,
              "5 < 6 & café");
}

TEST(email_text, parts_that_follow_each_other_are_all_in_both_views) {
    const auto contact =
        read_mail(head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b\r\nContent-Type: "
                         "text/html\r\n\r\n<b>two</b>\r\n--b\r\n\r\nthree\r\n--b--\r\n");
    EXPECT_EQ(contact.text, "one\ntwo\nthree");
    for (const std::string_view word : {"one", "<b>two</b>", "three"}) EXPECT_TRUE(contact.html.contains(word)) << word;
}

TEST(email_text, beyond_the_limit_goes_on_as_an_attachment) {
    limits bounds;
    bounds.shown_text_bytes = 10;
    const auto contact = read_mail(head + "\r\n123456789é-rest", {}, {}, bounds);
    EXPECT_EQ(contact.text, "123456789"); // no split character
    ASSERT_EQ(contact.attachments.size(), 1u);
    EXPECT_EQ(contact.attachments[0].content, "é-rest");
}

TEST(email_attachments, are_decoded_named_and_hashed) {
    const auto contact = read_mail(
        head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
               "--b\r\nContent-Type: text/plain\r\n\r\nsee files\r\n"
               "--b\r\nContent-Type: Application/PDF\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: "
               "attachment;\r\n"
               " filename*0*=utf-8''rech;\r\n filename*1*=%C3%BC.pdf\r\n\r\nSGVsbG8=\r\n"
               "--b\r\nContent-Type: text/plain; name=\"=?utf-8?Q?r=C3=BC.txt?=\"\r\nContent-Disposition: "
               "attachment\r\n\r\n\r\n"
               "--b\r\nContent-Type: image/png\r\nContent-ID: <logo@x>\r\nContent-Disposition: inline\r\n\r\nPNG\r\n"
               "--b\r\nContent-Type: text/csv; name=\"../../etc/\tpass\\wd\"\r\n\r\na,b\r\n"
               "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nhi\r\n--b--\r\n");
    ASSERT_EQ(contact.attachments.size(), 5u);
    const auto& a = contact.attachments;
    EXPECT_EQ(a[0].name, "rechü.pdf");
    EXPECT_EQ(a[0].type, "application/pdf");
    EXPECT_EQ(a[0].content, "Hello");
    EXPECT_EQ(a[0].sha256, sha256_hex("Hello"));
    EXPECT_FALSE(a[0].is_inline);
    EXPECT_EQ(a[1].name, "rü.txt");
    EXPECT_EQ(a[1].content, ""); // kept although empty
    EXPECT_EQ(a[2].name, "attachment.png");
    EXPECT_EQ(a[2].content_id, "logo@x");
    EXPECT_FALSE(a[2].is_inline) << "no page shows it";
    EXPECT_EQ(a[3].name.find_first_of("/\\\t"), std::string::npos) << a[3].name;
    EXPECT_FALSE(a[3].name.starts_with('.'));
    EXPECT_EQ(a[4].name, "inner.eml");
    EXPECT_TRUE(a[4].content.contains("Subject: inner"));
    EXPECT_EQ(contact.text, "see files");
}

TEST(email_attachments, uuencoded_files_leave_the_text) {
    const auto contact =
        read_mail(head + "\r\nlook:\r\nbegin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\nbye\r\nbegin 644 is no file\r\n");
    EXPECT_EQ(contact.text, "look:\nbye\nbegin 644 is no file\n");
    ASSERT_EQ(contact.attachments.size(), 1u);
    EXPECT_EQ(contact.attachments[0].name, "cat.txt");
    EXPECT_EQ(contact.attachments[0].content, "Cat");
    EXPECT_EQ(contact.attachments[0].sha256, sha256_hex("Cat"));
}

TEST(email_security, signed_content_is_shown_and_encrypted_content_is_kept_closed) {
    const auto with_signature = read_mail(
        head + "Content-Type: multipart/signed; boundary=b; protocol=\"application/pgp-signature\"\r\n\r\n"
               "--b\r\n\r\nsigned words\r\n--b\r\nContent-Type: application/pgp-signature\r\n\r\nSIG\r\n--b--\r\n");
    EXPECT_EQ(with_signature.text, "signed words");
    ASSERT_EQ(with_signature.attachments.size(), 1u);
    EXPECT_EQ(with_signature.attachments[0].name, "attachment.asc");
    EXPECT_FALSE(has_flag(with_signature, "encrypted"));

    const auto pgp =
        read_mail(head + "Content-Type: multipart/encrypted; boundary=b; protocol=\"application/pgp-encrypted\"\r\n\r\n"
                         "--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--b\r\nContent-Type: "
                         "application/octet-stream\r\n\r\nSECRET\r\n--b--\r\n");
    EXPECT_TRUE(has_flag(pgp, "encrypted"));
    EXPECT_EQ(pgp.attachments.size(), 2u);

    const auto smime = read_mail(head + "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; "
                                        "name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n");
    EXPECT_TRUE(has_flag(smime, "encrypted"));
    ASSERT_EQ(smime.attachments.size(), 1u);
    EXPECT_EQ(smime.attachments[0].name, "smime.p7m");
}

// SignedData (RFC 5652) around `content` without signers: nobody needs to have signed for it to be read.
std::string opaque_signed(const std::string& content) {
    const auto der = [](char tag, const std::string& value) {
        EXPECT_LT(value.size(), 128u);
        return std::string{tag, static_cast<char>(value.size())} + value;
    };
    const std::string pkcs7 = "\x2A\x86\x48\x86\xF7\x0D\x01\x07";
    const auto inner = der('\x30', der('\x06', pkcs7 + "\x01") + der('\xA0', der('\x04', content)));
    const auto signed_data = der('\x30', der('\x02', "\x01") + der('\x31', "") + inner + der('\x31', ""));
    return der('\x30', der('\x06', pkcs7 + "\x02") + der('\xA0', signed_data));
}

TEST(email_security, words_inside_an_opaque_signature_are_shown) {
    const auto contact = read_mail(head +
                                   "Content-Type: application/pkcs7-mime; smime-type=signed-data; "
                                   "name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
                                   base64(opaque_signed("Content-Type: text/plain\r\n\r\nsigned café")) + "\r\n");
    EXPECT_EQ(contact.text, "signed café");
    EXPECT_FALSE(has_flag(contact, "encrypted"));
    ASSERT_EQ(contact.attachments.size(), 1u);
    EXPECT_EQ(contact.attachments[0].name, "smime.p7m");
}

TEST(email_hazards, broken_structure_is_flagged_and_its_words_are_kept) {
    const auto no_end = read_mail(head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nwords\r\n");
    EXPECT_EQ(no_end.text, "words\n");
    const auto no_parts =
        read_mail(head + "Content-Type: multipart/mixed; boundary=b\r\n\r\nwords without a boundary\r\n");
    EXPECT_TRUE(no_parts.text.contains("words without a boundary"));
    EXPECT_TRUE(has_flag(no_parts, "damaged"));
    const auto no_boundary = read_mail(head + "Content-Type: multipart/mixed\r\n\r\nwords\r\n");
    EXPECT_TRUE(no_boundary.text.contains("words"));
    EXPECT_TRUE(has_flag(no_boundary, "damaged"));
    EXPECT_TRUE(has_flag(read_mail(head + "Content-Type: message/partial; id=x; number=1; total=2\r\n\r\nhalf\r\n"),
                         "partial"));
}

TEST(email_hazards, line_ends_of_every_system_give_the_same_contact) {
    const std::string crlf = "From: a@b.c\r\nSubject: s\r\nContent-Type: multipart/mixed; "
                             "boundary=b\r\n\r\n--b\r\n\r\none\r\ntwo\r\n--b--\r\n";
    std::string lf = crlf, cr = crlf;
    std::erase(lf, '\r');
    std::erase(cr, '\n');
    for (const auto& variant : {lf, cr, "From x@y Sat Nov 21 18:00:00 2026\r\n" + crlf, "\r\n\r\n" + crlf}) {
        const auto contact = read_mail(variant);
        EXPECT_EQ(contact.text, "one\ntwo");
        EXPECT_EQ(contact.subject, "s");
        EXPECT_EQ(contact.quarantine, "");
    }
}

TEST(email_hazards, what_is_no_mail_is_quarantined) {
    for (const std::string_view input : {"", "  \r\n ", "just words", "{\"a\": 1}", "<!DOCTYPE html>\n<p>x: y</p>",
                                         "http://example.com/\nmore", "Note: this is prose\nand: more of it",
                                         "\x89PNG\r\n\x1A\n\x01\x02\x03", "From: no header block follows this"}) {
        const auto contact = read_mail(input);
        if (input.starts_with("From:")) {
            EXPECT_EQ(contact.quarantine, "") << "a header alone is a mail";
            continue;
        }
        EXPECT_NE(contact.quarantine, "") << input;
        EXPECT_TRUE(contact.external_id.starts_with("sha256:"));
        EXPECT_EQ(contact.channel, "email");
    }
}

std::string nested(int depth) {
    std::string mail = head;
    for (int i = 0; i < depth; ++i)
        mail += "Content-Type: multipart/mixed; boundary=b" + std::to_string(i) + "\r\n\r\n--b" + std::to_string(i) +
                "\r\n";
    return mail + "\r\nwords\r\n";
}

std::string many_parts(int count) {
    std::string mail = head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
    for (int i = 0; i < count; ++i) mail += "--b\r\n\r\nx\r\n";
    return mail + "--b--\r\n";
}

TEST(email_hazards, more_than_the_limits_is_quarantined_with_the_limit_named) {
    limits bounds;
    bounds.message_bytes = 200'000;
    EXPECT_EQ(read_mail(head + "\r\n" + std::string(200'000, 'x'), {}, {}, bounds).quarantine,
              "message over 200000 bytes");
    EXPECT_EQ(read_mail(head + "X-Long: " + std::string(300'000, 'x') + "\r\n\r\nhi").quarantine,
              "header block over 262144 bytes");
    EXPECT_EQ(read_mail(many_parts(10'000)).quarantine, "more than 1000 MIME parts");
    EXPECT_EQ(read_mail(many_parts(1000)).quarantine, "");
    EXPECT_EQ(read_mail(nested(1000)).quarantine, "MIME parts nested more than 30 deep");
    EXPECT_EQ(read_mail(nested(29)).quarantine, "");
    std::string embedded = head;
    for (int i = 0; i < 1000; ++i) embedded += "Content-Type: message/rfc822\r\n\r\n";
    EXPECT_EQ(read_mail(embedded).quarantine, "MIME parts nested more than 30 deep");
}

// Each of these made some parser take quadratic time; here a megabyte of it must not be felt.
TEST(email_hazards, mails_are_read_on_several_threads_at_once) {
    const std::string mail = head + "Subject: =?gb2312?B?xOO6ww==?=\r\nTo: =?koi8-r?B?8NLJ18XU?= <x@y.z>\r\n"
                                    "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; "
                                    "charset=big5\r\n\r\n\xA7\x41\xA6\x6E\r\n"
                                    "--b\r\nContent-Type: a/b; name*=utf-8''%C3%BC\r\n\r\nx\r\n--b--\r\n";
    std::atomic<int> right = 0;
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                for (int i = 0; i < 200; ++i) {
                    const auto contact = read_mail(mail);
                    right += contact.subject == "你好" && contact.text == "你好" && contact.to.at(0).name == "Привет" &&
                             contact.attachments.at(0).name == "ü";
                }
            });
    }
    EXPECT_EQ(right, 800);
}

TEST(email_hazards, hostile_megabytes_are_read_in_linear_time) {
    const auto repeat = [](std::string_view unit, std::size_t bytes) {
        std::string out;
        while (out.size() < bytes) out += unit;
        return out;
    };
    const std::size_t size = 1u << 20;
    const std::string html = head + "Content-Type: text/html\r\n\r\n";
    for (const auto& mail : {
             head + "Subject: " + repeat("=?a?Q?", 200'000) + "\r\n\r\nx",
             head + "To: " + repeat("\"(<", 200'000) + "\r\n\r\nx",
             head + "To: " + repeat("a@b,", 200'000) + "\r\n\r\nx",
             head + "References: " + repeat("<", 200'000) + "\r\n\r\nx",
             head + "\r\n" + repeat("begin 644 x\r\n!\r\n", size),
             head + "\r\n" + repeat("begin 644 x\r\n!\r\n", size) + "\r\nend\r\n",
             head + "\r\n" + repeat("On 1 Jan 2020 a@b <\r\n", size),
             head + "\r\n" + repeat("> \r\n-- \r\n", size),
             head + "\r\n" + repeat("_____\r\nFrom: a\r\n", size),
             head + "Content-Type: text/plain; format=flowed\r\n\r\n" + repeat("a \r\n", size),
             html + repeat("<", size),
             html + repeat("<a href='", size),
             html + repeat("<!--", size),
             html + repeat("<div>", size),
             html + repeat("<b><p>", size),
             html + repeat("&", size),
             html + repeat("<script>", size),
             html + repeat("<blockquote>x", size),
             head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n" + repeat("--b \x01\r\n", size),
         }) {
        const double start = cpu_seconds();
        read_mail(mail);
        EXPECT_LT(cpu_seconds() - start, linear_seconds) << mail.substr(head.size(), 60);
    }
}

TEST(email_attachments, have_no_ending_that_reads_as_another) {
    const auto contact =
        read_mail(head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
                         "--b\r\nContent-Type: text/plain\r\n\r\nsee file\r\n"
                         "--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: "
                         "attachment; filename*=utf-8''invoice%E2%80%AEfdp.exe\r\n\r\nMZ\r\n--b--\r\n");
    ASSERT_EQ(contact.attachments.size(), 1u);
    EXPECT_EQ(contact.attachments[0].name, "invoicefdp.exe") << "it read invoiceexe.pdf";
}

TEST(email_attachments, that_are_mails_keep_the_ends_of_lines_with_which_they_came) {
    const std::string inner =
        "Subject: inner\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n"
        "--c\r\n\r\nhi\r\n\r\nyou\r\n--c\r\nContent-Transfer-Encoding: base64\r\n\r\naGkK\r\n--c--";
    auto mail = head +
                "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
                "--b\r\nContent-Type: message/rfc822\r\n\r\n" +
                inner + "\r\n--b--\r\n";
    ASSERT_EQ(read_mail(mail).attachments.size(), 1u);
    EXPECT_EQ(std::string{trim(read_mail(mail).attachments[0].content)}, inner);
    std::erase(mail, '\r');
    EXPECT_FALSE(read_mail(mail).attachments.at(0).content.contains('\r')) << "it came without";
}

} // namespace
} // namespace switchboard::channels
