#include <switchboard/util/text.hpp>

#include <gtest/gtest.h>

#include <random>
#include <unicode/unistr.h>

namespace switchboard {
namespace {

using namespace std::string_literals;

struct cleaned {
    std::string what, in, out;
};

class clean_utf8_table : public testing::TestWithParam<cleaned> {};

TEST_P(clean_utf8_table, gives_valid_text) {
    EXPECT_EQ(clean_utf8(GetParam().in), GetParam().out);
    // Where it stands in the eight-byte stride must not matter.
    for (std::size_t pad = 1; pad < 9; ++pad) {
        const std::string before(pad, 'x'), after(9, 'y');
        EXPECT_EQ(clean_utf8(before + GetParam().in + after), before + GetParam().out + after);
    }
}

INSTANTIATE_TEST_SUITE_P(inputs, clean_utf8_table,
                         testing::Values(cleaned{"ascii", "plain words\r\n\t", "plain words\r\n\t"},
                                         cleaned{"every_length", "é€😀", "é€😀"},
                                         cleaned{"nul_is_dropped", "a\0b\0\0c"s, "abc"},
                                         cleaned{"latin1", "caf\xE9 noir", "caf\uFFFD noir"},
                                         cleaned{"stray_continuation", "a\x80\xBFz", "a\uFFFD\uFFFDz"},
                                         cleaned{"cut_sequence_is_one_mark", "a\xF0\x9F\x98z", "a\uFFFDz"},
                                         cleaned{"the_next_character_is_not_swallowed",
                                                 "\xE2\x82"
                                                 "é",
                                                 "\uFFFDé"},
                                         cleaned{"overlong_slash", "\xC0\xAF", "\uFFFD\uFFFD"},
                                         cleaned{"overlong_three", "\xE0\x80\xAF", "\uFFFD\uFFFD\uFFFD"},
                                         cleaned{"above_unicode", "\xF4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD"},
                                         cleaned{"never_bytes", "\xFE\xFF", "\uFFFD\uFFFD"},
                                         cleaned{"surrogate_is_dropped", "a\xED\xA0\x80z", "az"},
                                         cleaned{"surrogate_pair_is_dropped", "a\xED\xA0\xBD\xED\xB8\x80z", "az"},
                                         cleaned{"highest", "\xF4\x8F\xBF\xBF\xED\x9F\xBF\xEE\x80\x80",
                                                 "\xF4\x8F\xBF\xBF\xED\x9F\xBF\xEE\x80\x80"}),
                         [](const auto& row) { return row.param.what; });

TEST(clean_utf8, cut_at_the_end) {
    EXPECT_EQ(clean_utf8("euro \xE2\x82"), "euro \uFFFD");
    EXPECT_EQ(clean_utf8(""), "");
}

// ICU replaces a broken sequence by one mark for each maximal subpart, as we do; it keeps NUL and marks surrogates,
// so inputs without these two must agree byte for byte.
TEST(clean_utf8, agrees_with_icu_on_random_bytes) {
    std::mt19937 random{20261121};
    constexpr std::string_view alphabet = "az\x7F\x80\x8F\x90\x9F\xA0\xBF\xC0\xC2\xDF\xE0\xE2\xEF\xF0\xF1\xF4\xF5\xFF";
    for (int round = 0; round < 200'000; ++round) {
        std::string bytes(random() % 24, ' ');
        for (char& c : bytes) c = alphabet[random() % alphabet.size()];
        std::string expected;
        icu::UnicodeString::fromUTF8(bytes).toUTF8String(expected);
        ASSERT_EQ(clean_utf8(bytes), expected) << testing::PrintToString(bytes);
    }
}

TEST(truncate_utf8, never_splits_a_character) {
    EXPECT_EQ(truncate_utf8("a€b", 5), "a€b");
    EXPECT_EQ(truncate_utf8("a€b", 4), "a€");
    EXPECT_EQ(truncate_utf8("a€b", 3), "a");
    EXPECT_EQ(truncate_utf8("a€b", 2), "a");
    EXPECT_EQ(truncate_utf8("€", 1), "");
    EXPECT_EQ(truncate_utf8("€", 0), "");
}

TEST(small_helpers, lower_and_trim) {
    EXPECT_EQ(lower_ascii("Content-TYPE É"), "content-type É");
    EXPECT_EQ(trim(" \r\n\tx y\v\f "), "x y");
    EXPECT_EQ(trim(" \t"), "");
}

} // namespace
} // namespace switchboard
