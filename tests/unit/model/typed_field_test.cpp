#include <switchboard/model/typed_field.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

/// What may stand in the fields that an admin declares.
namespace switchboard {
namespace {

using nlohmann::json;

typed_field field(const char* name, field_type type, bool required = false) {
    typed_field f;
    f.name = name, f.label = name, f.type = type, f.required = required;
    if (type == field_type::choice || type == field_type::choices) f.choices = {"red", "blue"};
    return f;
}

/// "" or what is wrong with the value of one field.
std::string wrong(field_type type, const json& value) {
    const std::vector fields{field("x", type)};
    const auto all = misfits(fields, json{{"x", value}}, "data");
    if (all.empty()) return "";
    EXPECT_EQ(all.front().field, "data.x");
    return all.front().message;
}

TEST(typed_field, takes_what_fits) {
    const std::vector<std::pair<field_type, json>> good{
        {field_type::text, "Tea"},
        {field_type::number, 1.5},
        {field_type::money, {{"amount", 1999}, {"currency", "EUR"}}},
        {field_type::money, {{"amount", -1}, {"currency", "JPY"}}},
        {field_type::date, "2028-02-29"},
        {field_type::choice, "red"},
        {field_type::choices, {"red", "blue"}},
        {field_type::yes_no, false},
        {field_type::url, "https://shop.example/1"},
        {field_type::phone, "+49 30 1"},
        {field_type::email, "ada@example.com"},
        {field_type::lines,
         {{{"text", "Kettle"}, {"quantity", 2}, {"amount", {{"amount", 4500}, {"currency", "EUR"}}}}}},
        {field_type::text, nullptr}};
    for (const auto& [type, value] : good) EXPECT_EQ(wrong(type, value), "") << name_of(type) << ' ' << value;
}

TEST(typed_field, refuses_what_does_not) {
    const std::vector<std::pair<field_type, json>> bad{
        {field_type::text, 1},
        {field_type::text, std::string(2001, 'x')},
        {field_type::number, "1"},
        {field_type::money, 19.99},
        {field_type::money, {{"amount", 19.99}, {"currency", "EUR"}}},
        {field_type::money, {{"amount", 1999}, {"currency", "euro"}}},
        {field_type::money, {{"amount", 1999}}},
        {field_type::money, {{"amount", 18'000'000'000'000'000'000u}, {"currency", "EUR"}}},
        {field_type::money, {{"amount", 1999}, {"currency", "EUR"}, {"vat", 1}}},
        {field_type::date, "2027-02-29"},
        {field_type::date, "2027-2-9"},
        {field_type::date, "tomorrow"},
        {field_type::date, "2026- 1- 5"},
        {field_type::date, "2026-+1-+5"},
        {field_type::date, "-026-12-25"},
        {field_type::date, "0000-01-01"},
        {field_type::phone, "-"},
        {field_type::email, "@"},
        {field_type::email, "ada@"},
        {field_type::url, "https://"},
        {field_type::url, "https://shop.example/a b"},
        {field_type::choice, "green"},
        {field_type::choices, {"red", "green"}},
        {field_type::choices, {"red", "blue", "red"}},
        {field_type::yes_no, "yes"},
        {field_type::url, "javascript:alert(1)"},
        {field_type::email, "ada"},
        {field_type::lines, "Kettle"},
        {field_type::lines, {{{"quantity", 1}}}},
        {field_type::lines, {{{"text", "Kettle"}, {"amount", 4500}}}},
        {field_type::lines, {{{"text", "Kettle"}, {"script", "x"}}}}};
    for (const auto& [type, value] : bad) EXPECT_NE(wrong(type, value), "") << name_of(type) << ' ' << value;
}

TEST(typed_field, asks_for_what_is_required_and_knows_its_own_only) {
    const std::vector fields{field("total", field_type::money, true), field("note", field_type::text)};
    const auto all = misfits(fields, json{{"colour", "red"}}, "data");
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].field, "data.total");
    EXPECT_EQ(all[1].field, "data.colour");
    EXPECT_EQ(misfits(fields, json::array(), "data").front().field, "data");
}

TEST(typed_field, that_is_required_must_say_something) {
    const std::vector fields{field("name", field_type::text, true), field("colours", field_type::choices, true),
                             field("paid", field_type::yes_no, true), field("count", field_type::number, true)};
    const json empty{{"name", " \n"}, {"colours", json::array()}, {"paid", false}, {"count", 0}};
    const auto all = misfits(fields, empty, "data");
    ASSERT_EQ(all.size(), 2u) << "no and 0 are answers";
    EXPECT_EQ(all[0].field, "data.name");
    EXPECT_EQ(all[0].message, "must be there");
    EXPECT_EQ(all[1].field, "data.colours");
}

TEST(typed_field, is_declared_with_a_name_of_its_own) {
    auto twice = std::vector{field("total", field_type::money), field("total", field_type::text)};
    EXPECT_EQ(wrong_declaration(twice, "fields").front().field, "fields[1].name");
    auto blank = std::vector{field("Total sum", field_type::money)};
    EXPECT_EQ(wrong_declaration(blank, "fields").front().field, "fields[0].name");
    auto none = std::vector{field("colour", field_type::choice)};
    none[0].choices.clear();
    EXPECT_EQ(wrong_declaration(none, "fields").front().field, "fields[0].choices");
    auto doubled = std::vector{field("colour", field_type::choice)};
    doubled[0].choices = {"red", "blue", "red"};
    EXPECT_EQ(wrong_declaration(doubled, "fields").front().field, "fields[0].choices");
    auto needless = std::vector{field("colour", field_type::text)};
    needless[0].choices = {"red"};
    EXPECT_EQ(wrong_declaration(needless, "fields").front().field, "fields[0].choices");
}

} // namespace
} // namespace switchboard
