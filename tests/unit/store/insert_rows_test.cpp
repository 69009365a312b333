#include "store/insert_rows.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace switchboard::store {
namespace {

using namespace std::chrono_literals;
using namespace std::string_view_literals;

template <class... V>
std::string array_of(column_type type, const V&... values) {
    column_values column{type};
    (column.put(values), ...);
    return column.take();
}

/// One dimension, whether there are NULLs, the type of the elements, how many, the first is number one.
std::string head(char nulls, std::string_view type, char count) {
    std::string out{"\0\0\0\1\0\0\0"sv};
    out += nulls;
    out += type;
    out += "\0\0\0"sv;
    out += count;
    out += "\0\0\0\1"sv;
    return out;
}

TEST(column_values, carry_each_value_in_the_width_of_its_column) {
    using enum column_type;
    EXPECT_EQ(array_of(int2, 7), head(0, "\0\0\0\x15"sv, 1) + std::string{"\0\0\0\2\0\7"sv});
    EXPECT_EQ(array_of(int4, 7), head(0, "\0\0\0\x17"sv, 1) + std::string{"\0\0\0\4\0\0\0\7"sv});
    EXPECT_EQ(array_of(int8, std::int64_t{-1}),
              head(0, "\0\0\0\x14"sv, 1) + std::string{"\0\0\0\x08\xff\xff\xff\xff\xff\xff\xff\xff"sv});
    EXPECT_EQ(array_of(boolean, true, false), head(0, "\0\0\0\x10"sv, 2) + std::string{"\0\0\0\1\1\0\0\0\1\0"sv});
    EXPECT_EQ(array_of(jsonb, "[]"), head(0, "\0\0\x0e\xda"sv, 1) + std::string{"\0\0\0\3\1[]"sv});
    EXPECT_EQ(array_of(bytea, binary{"\0\xff"sv}), head(0, "\0\0\0\x11"sv, 1) + std::string{"\0\0\0\2\0\xff"sv});
    const timestamp just_after = std::chrono::sys_days{std::chrono::year{2000} / 1 / 1} + 1us;
    EXPECT_EQ(array_of(timestamptz, just_after),
              head(0, "\0\0\x04\xa0"sv, 1) + std::string{"\0\0\0\x08\0\0\0\0\0\0\0\1"sv});
}

TEST(column_values, tell_null_from_empty) {
    EXPECT_EQ(array_of(column_type::text, std::optional<std::string>{}, ""),
              head(1, "\0\0\0\x19"sv, 2) + std::string{"\xff\xff\xff\xff\0\0\0\0"sv});
}

TEST(column_values, carry_a_list_as_its_literal) {
    const std::vector<std::string> list{"x", ""};
    EXPECT_EQ(array_of(column_type::text_array, list),
              head(0, "\0\0\0\x19"sv, 1) + std::string{"\0\0\0\x08{\"x\",\"\"}"sv});
}

TEST(column_values, refuse_what_does_not_fit_their_column) {
    using enum column_type;
    EXPECT_THROW(array_of(int2, 40'000), std::logic_error);
    EXPECT_THROW(array_of(int8, "7"), std::logic_error);
    EXPECT_THROW(array_of(text, 7), std::logic_error);
}

} // namespace
} // namespace switchboard::store
