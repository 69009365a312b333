#include <switchboard/util/json.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>

namespace switchboard {
namespace {

using namespace std::string_literals;
using nlohmann::json;

constexpr json_bounds small{.bytes = 200, .depth = 3, .values = 6, .text_bytes = 10, .name_bytes = 5};

std::string nested(std::size_t depth, char open = '[', char close = ']') {
    return std::string(depth, open) + std::string(depth, close);
}

struct bad_json {
    const char* what;
    std::string text, reason;
};

class outside_json_table : public testing::TestWithParam<bad_json> {};

TEST_P(outside_json_table, is_refused_with_its_reason) {
    const auto read = outside_json(GetParam().text, small);
    ASSERT_FALSE(read) << *read;
    EXPECT_EQ(read.error(), GetParam().reason);
}

INSTANTIATE_TEST_SUITE_P(
    inputs, outside_json_table,
    testing::Values(bad_json{"empty", "", "not JSON: stops being so at byte 1"},
                    bad_json{"spaces", "  ", "not JSON: stops being so at byte 3"},
                    bad_json{"open_object", "{", "not JSON: stops being so at byte 2"},
                    bad_json{"open_array", "[1", "not JSON: stops being so at byte 3"},
                    bad_json{"open_text", "\"abc", "not JSON: stops being so at byte 5"},
                    bad_json{"no_value", R"({"a":})", "not JSON: stops being so at byte 6"},
                    bad_json{"no_name", "{1:2}", "not JSON: stops being so at byte 2"},
                    bad_json{"half_a_word", "nul", "not JSON: stops being so at byte 4"},
                    bad_json{"more_behind_it", "{}x", "not JSON: stops being so at byte 3"},
                    bad_json{"two_values", "1 2", "not JSON: stops being so at byte 3"},
                    bad_json{"comma_at_the_end", "[1,]", "not JSON: stops being so at byte 4"},
                    bad_json{"a_comment", "[1/**/]", "not JSON: stops being so at byte 3"},
                    bad_json{"not_a_number", "NaN", "not JSON: stops being so at byte 1"},
                    bad_json{"leading_zero", "01", "not JSON: stops being so at byte 2"},
                    bad_json{"broken_utf8", "\"\xff\"", "not JSON: stops being so at byte 2"},
                    bad_json{"cut_utf8", "\"\xe2\x82\"", "not JSON: stops being so at byte 4"},
                    bad_json{"surrogate_in_utf8", "\"\xed\xa0\x80\"", "not JSON: stops being so at byte 3"},
                    bad_json{"lone_surrogate", R"("\ud83d")", "not JSON: stops being so at byte 8"},
                    bad_json{"bare_nul", "\"a\0b\""s, "not JSON: stops being so at byte 3"},
                    bad_json{"more_behind_a_nul", "1\0x"s, "not JSON: stops being so at byte 2"},
                    bad_json{"control_character", "\"a\nb\"", "not JSON: stops being so at byte 3"},
                    bad_json{"nul_in_a_text", R"(["x\u0000"])", "made of a text with a NUL character"},
                    bad_json{"nul_in_a_name", R"({"x\u0000":1})", "made of a text with a NUL character"},
                    bad_json{"too_large_a_number", R"({"a":1e999})", "made of a number that is out of range"},
                    bad_json{"name_twice", R"({"a":1,"b":2,"a":3})", R"(ambiguous: "a" stands twice in one object)"},
                    bad_json{"name_twice_by_escape", R"({"a":1,"\u0061":3})",
                             R"(ambiguous: "a" stands twice in one object)"},
                    bad_json{"too_deep", nested(4), "nested deeper than 3 levels"},
                    bad_json{"too_deep_in_members", R"({"a":{"a":{"a":{}}}})", "nested deeper than 3 levels"},
                    bad_json{"much_too_deep_and_never_closed", std::string(200, '['), "nested deeper than 3 levels"},
                    bad_json{"too_many_elements", "[1,2,3,4,5,6]", "made of more than 6 values"},
                    bad_json{"too_many_in_all", R"([[1],[2],[{"a":3}]])", "made of more than 6 values"},
                    bad_json{"too_long_a_text", R"(["12345678901"])", "made of texts above 10 bytes"},
                    bad_json{"too_long_a_name", R"({"123456":1})", "made of names above 5 bytes"},
                    bad_json{"too_large", std::string(201, ' '), "larger than 200 bytes"}),
    [](const auto& test) { return test.param.what; });

TEST(outside_json, takes_what_is_just_within_the_bounds) {
    EXPECT_EQ(outside_json(nested(3), small).value(), json::array({json::array({json::array()})}));
    EXPECT_EQ(outside_json("[1,2,3,4,5]", small).value().size(), 5u);
    EXPECT_EQ(outside_json(R"({"12345":"1234567890"})", small).value()["12345"], "1234567890");
    EXPECT_EQ(outside_json("7" + std::string(199, ' '), small).value(), 7);
    EXPECT_TRUE(outside_json(R"(["\"[[[[[{{{{"])", small)); // a bracket in a text opens nothing
    EXPECT_TRUE(outside_json(nested(32)));
    EXPECT_FALSE(outside_json(nested(33)));
}

TEST(outside_json, reads_every_kind_of_value_as_it_stands) {
    const auto* text = R"( {"a":[null,true,false,-3,18446744073709551615,1.5,"é\n😀"],"b":{},"c":[[]]} )";
    EXPECT_EQ(outside_json(text).value(), json::parse(text));
    EXPECT_EQ(outside_json("\"x\"").value(), "x");
    EXPECT_EQ(outside_json("\xEF\xBB\xBF{}").value(), json::object());
}

TEST(outside_json, mends_what_must_not_be_lost) {
    const auto mended = [](const std::string& text) { return outside_json(text, {}, json_manner::mended).value(); };
    EXPECT_EQ(mended("\"a\xff"
                     "b\""),
              "a\uFFFD"
              "b");
    EXPECT_EQ(mended(R"("a\ud83db")"), "a\uFFFD"
                                       "b");
    EXPECT_EQ(mended(R"("\ude00\ud83d")"), "\uFFFD\uFFFD");
    EXPECT_EQ(mended(R"("\ud83d\ude00")"), "😀");
    EXPECT_EQ(mended(R"("\\ud83d")"), R"(\ud83d)");
    EXPECT_EQ(mended(R"(["x\u0000y"])"), json::array({"xy"}));
    EXPECT_EQ(mended(R"({"x\u0000":1})"), (json{{"x", 1}}));
    EXPECT_EQ(mended(R"({"a":{"b":1},"a":[2]})"), (json{{"a", {2}}})) << "the last counts";
    EXPECT_FALSE(outside_json(nested(33), {}, json_manner::mended)) << "its bounds are the same";
}

// Each in less time than a reader that looks again at what it has seen would need for a tenth of it.
TEST(outside_json, refuses_the_largest_at_once) {
    const auto begin = std::chrono::steady_clock::now();
    constexpr std::size_t large = 16u << 20;
    for (const auto manner : {json_manner::exact, json_manner::mended}) {
        EXPECT_FALSE(outside_json(std::string(large, '['), {}, manner));
        EXPECT_FALSE(outside_json(std::string(large, '"'), {}, manner));
        std::string many = "[";
        while (many.size() < large) many += "0,";
        EXPECT_EQ(outside_json(many, {}, manner).error(), "made of more than 100000 values");
        std::string members = "{";
        for (int i = 0; i < 110'000; ++i) members += "\"" + std::to_string(i) + "\":{},";
        EXPECT_EQ(outside_json(members, {}, manner).error(), "made of more than 100000 values");
        EXPECT_TRUE(outside_json("\"" + std::string(large, 'x') + "\"", {}, manner));
        EXPECT_FALSE(outside_json("\"" + std::string(large, '\\'), {}, manner));
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{20});
}

TEST(own_json, reads_what_we_wrote_and_throws_at_anything_else) {
    EXPECT_EQ(own_json(R"({"a":[1]})"), (json{{"a", {1}}}));
    EXPECT_THROW(own_json("{"), std::exception);
}

} // namespace
} // namespace switchboard
