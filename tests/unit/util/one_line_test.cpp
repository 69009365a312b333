#include <switchboard/util/one_line.hpp>

#include <gtest/gtest.h>

namespace switchboard {
namespace {

TEST(one_line, makes_a_space_of_what_breaks_a_line_or_is_no_character) {
    for (const std::string_view broken :
         {"two\nwords", "two\r\nwords", "two\r\n words", "two \twords", "two\x01\x7Fwords", "two\xC2\x85words",
          "two\xE2\x80\xA8words", "two\xE2\x80\xA9\xC2\x9Bwords", "\r\n two\vwords \x1B"})
        EXPECT_EQ(one_line(broken), "two words") << broken;
}

TEST(one_line, keeps_every_other_character) {
    for (const std::string_view text :
         {"", "Größe — 注文①", "a  b", "\xC2\xA0", "👍🏽 ok", "a\xE2\x80\xAA", "\xE2\x80\xB0"})
        EXPECT_EQ(one_line(text), text);
    EXPECT_EQ(one_line(std::string_view{"a\0b\xFF", 4}), "ab\xEF\xBF\xBD");
}

TEST(plain_name, has_no_invisible_control_that_turns_the_direction_of_writing) {
    EXPECT_EQ(plain_name("Ada\u202E\nCaf\u00E9"), "Ada Café");
    for (const char* control : {"\u061C", "\u200E", "\u200F", "\u202A", "\u202B", "\u202C", "\u202D", "\u202E",
                                "\u2066", "\u2067", "\u2068", "\u2069"})
        EXPECT_EQ(plain_name(std::string{"invoice"} + control + "fdp.exe"), "invoicefdp.exe") << "the true ending";
    EXPECT_EQ(plain_name("\u202E\x1B\u2066"), "");
    for (const char* text : {"شركة", "שלום", "می\u200Cخواهم", "👩\u200D🔬", "a\u2010b"})
        EXPECT_EQ(plain_name(text), text);
}

TEST(plain_file_name, shows_its_ending_however_long_it_is) {
    EXPECT_EQ(plain_file_name("photo.jpg" + std::string(300, ' ') + ".exe", 200), "photo.jpg .exe");
    const auto cut = plain_file_name(std::string(300, 'a') + ".pdf", 50);
    EXPECT_EQ(cut.size(), 50);
    EXPECT_TRUE(cut.ends_with("a.pdf"));
    EXPECT_EQ(plain_file_name("short.pdf", 50), "short.pdf");
}

} // namespace
} // namespace switchboard
