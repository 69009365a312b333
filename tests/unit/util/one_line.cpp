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

} // namespace
} // namespace switchboard
