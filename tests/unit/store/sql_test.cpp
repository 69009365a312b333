#include "store/sql.hpp"

#include "store/run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard::store {
namespace {

using namespace std::chrono_literals;
using namespace std::string_view_literals;
using strings = std::vector<std::string>;

TEST(array_literals, quote_what_would_break_them) {
    EXPECT_EQ(array_literal(strings{}), "{}");
    EXPECT_EQ(array_literal(strings{"a", "", "NULL"}), R"({"a","","NULL"})");
    EXPECT_EQ(array_literal(strings{R"(q"uote)", R"(back\slash)", "com,ma", "{brace}"}),
              R"({"q\"uote","back\\slash","com,ma","{brace}"})");
    EXPECT_EQ(array_literal(std::vector<std::int64_t>{1, -2, 9223372036854775807}), "{1,-2,9223372036854775807}");
    EXPECT_EQ(array_literal(std::vector<std::optional<std::int64_t>>{1, std::nullopt}), "{1,NULL}");
    EXPECT_EQ(array_literal(std::vector<std::optional<std::string>>{"NULL", std::nullopt}), R"({"NULL",NULL})");
}

TEST(array_literals, come_back_as_they_went) {
    const strings hard{"",  " ",    "a b",  "\"",        "\\",    "\\\"", ",", "{",
                       "}", "NULL", "null", "new\nline", "tab\t", "Ünï",  "'"};
    EXPECT_EQ(parse_text_array(array_literal(hard)), hard);
    EXPECT_EQ(parse_text_array("{plain,NULL,\"NULL\"}"), (strings{"plain", "", "NULL"}));
    EXPECT_EQ(parse_id_array("{5,-6}"), (std::vector<std::int64_t>{5, -6}));
    EXPECT_THROW(parse_text_array("no array"), std::invalid_argument);
}

TEST(times, come_back_as_they_went) {
    const timestamp t = std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + 18h + 40min + 18s + 250us;
    EXPECT_EQ(sql_value{t}.text, "2026-11-21 18:40:18.000250+00");
    EXPECT_EQ(time_from(*sql_value{t}.text), t);
    EXPECT_EQ(time_from("2026-11-21 18:40:18+00"), t - 250us);
    EXPECT_EQ(time_from("2026-11-21 18:40:18.25+00"), t - 250us + 250ms);
    const timestamp before = timestamp{} - 1us; // 1969
    EXPECT_EQ(time_from(*sql_value{before}.text), before);
    EXPECT_EQ(time_from("infinity"), timestamp::max());
    EXPECT_THROW(time_from("yesterday"), std::invalid_argument);
}

TEST(values, tell_null_from_empty) {
    EXPECT_EQ(sql_value{std::optional<std::string>{}}.text, std::nullopt);
    EXPECT_EQ(sql_value{std::optional<std::string>{""}}.text, "");
    EXPECT_EQ(sql_value{std::optional<std::int64_t>{7}}.text, "7");
    EXPECT_EQ(sql_value{true}.text, "t");
}

TEST(bytes, are_written_as_hex) {
    EXPECT_EQ(bytes_literal(std::string_view{"\0\xff A", 4}), "\\x00ff2041");
    EXPECT_EQ(bytes_literal(""), "\\x");
}

TEST(copy_text, gives_back_what_was_escaped) {
    EXPECT_EQ(without_copy_escapes(R"(a\tb\nc\rd\\e ü)"), "a\tb\nc\rd\\e ü");
    EXPECT_EQ(without_copy_escapes(""), "");
}

TEST(connection_strings, gain_our_settings_but_keep_the_users) {
    const database_options options{.application_name = "node"};
    EXPECT_THAT(
        connection_string("host=/run dbname=x", options),
        testing::AllOf(testing::HasSubstr("connect_timeout='5'"), testing::HasSubstr("application_name='node'")));
    EXPECT_THAT(connection_string("postgresql:///x?host=/run", options), testing::HasSubstr("&connect_timeout=5"));
    EXPECT_THAT(connection_string("postgresql://h/x", options), testing::HasSubstr("/x?connect_timeout=5"));
    EXPECT_THAT(connection_string("postgresql://h/x?connect_timeout=30", options),
                testing::Not(testing::HasSubstr("connect_timeout=5")));
}

} // namespace
} // namespace switchboard::store
