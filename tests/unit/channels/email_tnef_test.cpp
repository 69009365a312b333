// winmail.dat, built here byte by byte as MS-OXTNEF says.

#include "email_support.hpp"

#include "channels/email/rtf.hpp"
#include "channels/email/tnef.hpp"

#include <switchboard/util/hash.hpp>

#include <gtest/gtest.h>

#include <cstdint>

namespace switchboard::channels::email {
namespace {

std::string number(std::uint32_t value, int size) {
    std::string out;
    for (int i = 0; i < size; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
    return out;
}

std::string attribute(int level, std::uint32_t id, std::string_view data) {
    std::uint32_t sum = 0;
    for (const char c : data) sum += static_cast<unsigned char>(c);
    return number(static_cast<std::uint32_t>(level), 1) + number(id, 4) +
           number(static_cast<std::uint32_t>(data.size()), 4) + std::string(data) + number(sum, 2);
}

std::string padded(std::string bytes) {
    while (bytes.size() % 4 != 0) bytes += '\0';
    return bytes;
}

std::string property(std::uint32_t type, std::uint32_t id, std::string_view bytes) {
    return number(type, 2) + number(id, 2) + number(1, 4) + number(static_cast<std::uint32_t>(bytes.size()), 4) +
           padded(std::string(bytes));
}

std::string text(std::uint32_t id, std::string_view value) {
    return property(0x1E, id, std::string(value) + '\0');
}
std::string wide(std::uint32_t id, std::u16string_view value) {
    std::string bytes;
    for (const char16_t c : value) bytes += number(c, 2);
    return property(0x1F, id, bytes + std::string(2, '\0'));
}

std::string properties(const std::vector<std::string>& all) {
    std::string out = number(static_cast<std::uint32_t>(all.size()), 4);
    for (const auto& one : all) out += one;
    return out;
}

std::string file(std::string_view title, std::string_view data, const std::vector<std::string>& more = {}) {
    std::string out = attribute(2, 0x69002, std::string(14, '\0'));
    if (!title.empty()) out += attribute(2, 0x18010, std::string(title) + '\0');
    out += attribute(2, 0x6800F, data);
    return more.empty() ? out : out + attribute(2, 0x69005, properties(more));
}

std::string tnef(const std::string& attributes) {
    return number(0x223E9F78, 4) + number(1, 2) + attribute(1, 0x69007, number(1252, 4) + number(0, 4)) + attributes;
}

tnef_content unpack(const std::string& bytes) {
    return read_tnef(bytes, 100, 1u << 20);
}

TEST(winmail, keeps_every_file_under_the_name_that_its_sender_saw) {
    const auto packed = unpack(tnef(
        file("REPORT~1.TXT", "one", {text(0x3707, "report of the year.txt")}) +
        file("B.BIN", "two", {wide(0x3707, u"Übersicht – привет.txt"), text(0x370E, "text/plain")}) +
        file("same.bin", "three") + file("same.bin", "four") + file("..\\..\\evil/x.txt", "five") + file("", "six")));
    EXPECT_FALSE(packed.damaged);
    std::vector<std::string> names, contents;
    for (const auto& one : packed.attachments) {
        names.push_back(one.name);
        contents.push_back(one.content);
    }
    EXPECT_EQ(names, (std::vector<std::string>{"report of the year.txt", "Übersicht – привет.txt", "same.bin",
                                               "same.bin", "_.._evil_x.txt", "attachment.bin"}));
    EXPECT_EQ(contents, (std::vector<std::string>{"one", "two", "three", "four", "five", "six"}));
    EXPECT_EQ(packed.attachments[1].type, "text/plain");
    EXPECT_EQ(packed.attachments[0].sha256, sha256_hex("one"));
}

TEST(winmail, gives_the_words_of_its_message_in_each_of_their_forms) {
    EXPECT_EQ(unpack(tnef(attribute(1, 0x2800C,
                                    std::string("Gr\xFC\xDF"
                                                "e\r\nhere\0",
                                                12))))
                  .text,
              "Grüße\nhere");
    EXPECT_EQ(unpack(tnef(attribute(1, 0x69003,
                                    properties({wide(0x1000, u"привет"), property(0x102, 0x1013, "<p>Hi</p>"),
                                                text(0x37, "Greetings")}))))
                  .text,
              "привет");
    const auto all = unpack(tnef(attribute(
        1, 0x69003, properties({text(0x1000, "hi"), property(0x102, 0x1013, "<p>Hi</p>"), text(0x37, "Greetings")}))));
    EXPECT_EQ(all.html, "<p>Hi</p>");
    EXPECT_EQ(all.subject, "Greetings");
    const std::string rtf = "{\\rtf1\\ansi Hello \\b world\\b0\\par next}";
    const auto size = static_cast<std::uint32_t>(rtf.size());
    const auto formatted = unpack(tnef(attribute(
        1, 0x69003,
        properties({property(0x102, 0x1009, number(size + 12, 4) + number(size, 4) + "MELA" + number(0, 4) + rtf)}))));
    EXPECT_EQ(formatted.text, "Hello world\nnext");
    ASSERT_EQ(formatted.attachments.size(), 1u);
    EXPECT_EQ(formatted.attachments[0].content, rtf);
}

TEST(winmail, opens_a_message_inside_it) {
    const std::string inner = tnef(attribute(1, 0x2800C, std::string("inner words\0", 12)) + file("deep.txt", "deep"));
    const std::string message{"\x07\x03\x02\x00\x00\x00\x00\x00\xC0\x00\x00\x00\x00\x00\x00\x46", 16};
    const auto packed = unpack(tnef(file("", "", {text(0x3001, "Fwd"), property(0x0D, 0x3701, message + inner)})));
    ASSERT_EQ(packed.attachments.size(), 2u);
    EXPECT_EQ(packed.attachments[0].name, "Fwd.txt");
    EXPECT_EQ(packed.attachments[0].content, "inner words");
    EXPECT_EQ(packed.attachments[1].name, "deep.txt");
}

TEST(winmail, that_is_cut_short_gives_what_was_there_and_says_so) {
    const std::string whole = tnef(file("a.txt", "first") + file("b.txt", std::string(100, 'b')));
    const auto cut = unpack(whole.substr(0, whole.size() - 50));
    EXPECT_TRUE(cut.damaged);
    ASSERT_GE(cut.attachments.size(), 1u);
    EXPECT_EQ(cut.attachments[0].content, "first");
    EXPECT_TRUE(unpack("not one at all").damaged);
    EXPECT_FALSE(unpack(whole + "\x00\x00rubbish").damaged); // what some writers leave behind the end
    for (std::size_t length = 0; length < whole.size(); ++length) unpack(whole.substr(0, length));
}

TEST(winmail, in_a_mail_stays_and_stands_beside_its_files) {
    const auto mail = [](std::string_view words) {
        return "From: a@b.c\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n" + std::string(words) +
               "\r\n--b\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: "
               "base64\r\n\r\n" +
               base64(tnef(attribute(1, 0x2800C, std::string("packed words\0", 13)) + file("a.txt", "one"))) +
               "\r\n--b--\r\n";
    };
    const auto own_words = read_mail(mail("own words"));
    EXPECT_EQ(own_words.text, "own words");
    ASSERT_EQ(own_words.attachments.size(), 2u);
    EXPECT_EQ(own_words.attachments[0].name, "winmail.dat");
    EXPECT_EQ(own_words.attachments[1].name, "a.txt");
    EXPECT_EQ(read_mail(mail("")).text, "packed words");
    const auto broken = read_mail("From: a@b.c\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n\r\nnot TNEF");
    EXPECT_TRUE(has_flag(broken, "damaged"));
    ASSERT_EQ(broken.attachments.size(), 1u);
}

TEST(rtf, gives_text_in_its_charsets_and_the_html_that_it_wraps) {
    EXPECT_EQ(read_rtf("{\\rtf1\\ansi\\ansicpg1251{\\fonttbl{\\f0 Arial;}}\\f0 \\'ef\\'f0\\'e8\\par \\u8364?5\\tab "
                       "x\\~y {\\*\\unknown hidden}\\{z\\}}")
                  .text,
              "при\n€5\tx\xC2\xA0y {z}");
    const auto page =
        read_rtf("{\\rtf1\\ansi\\fromhtml1 {\\*\\htmltag64 <p>}\\htmlrtf \\par\\htmlrtf0 Hello{\\*\\htmltag72 </p>}}");
    EXPECT_EQ(page.html, "<p>Hello</p>");
    EXPECT_TRUE(page.is_wrapped);
}

TEST(rtf, is_decompressed_as_the_specification_shows) {
    // The two examples of MS-OXRTFCP section 4.
    const std::string first{
        "\x2d\x00\x00\x00\x2b\x00\x00\x00\x4c\x5a\x46\x75\xf1\xc5\xc7\xa7\x03\x00\x0a\x00\x72\x63\x70\x67\x31\x32\x35"
        "\x42\x32\x0a\xf3\x20\x68\x65\x6c\x09\x00\x20\x62\x77\x05\xb0\x6c\x64\x7d\x0a\x80\x0f\xa0",
        49};
    EXPECT_EQ(decompress_rtf(first), "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
    const std::string second{"\x1a\x00\x00\x00\x1c\x00\x00\x00\x4c\x5a\x46\x75\xe2\xd4\x4b\x51\x41\x00\x04\x20\x57\x58"
                             "\x59\x5a\x0d\x6e\x7d\x01\x0e\xb0",
                             30};
    EXPECT_EQ(decompress_rtf(second), "{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}");
    EXPECT_FALSE(decompress_rtf("short").has_value());
}

} // namespace
} // namespace switchboard::channels::email
