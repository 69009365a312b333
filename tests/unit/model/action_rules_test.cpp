#include <switchboard/model/action_rules.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>

/// What a kind of action asks of the form and of the object.
namespace switchboard {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::ElementsAre;
using testing::Field;

constexpr timestamp noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + 12h};

typed_field field(const char* name, field_type type, bool required = false) {
    typed_field f;
    f.name = name, f.label = name, f.type = type, f.required = required;
    return f;
}

action_condition condition(const char* of, condition_test test, const char* value) {
    action_condition c;
    c.field = of, c.test = test, c.value = value, c.otherwise = "no";
    return c;
}

const std::vector<typed_field> of_order{field("state", field_type::text), field("delivered", field_type::date),
                                        field("total", field_type::money), field("gift", field_type::yes_no),
                                        field("items", field_type::lines)};

action_kind refund() {
    action_kind k;
    k.name = "refund", k.title = "Refund";
    k.fields = {field("amount", field_type::money, true), field("count", field_type::number)};
    k.amount_field = "amount", k.currency = "EUR";
    return k;
}

bool fits(const char* of, condition_test test, const char* value, const json& object) {
    auto k = refund();
    k.conditions = {condition(of, test, value)};
    return !why_not_eligible(k, {{"count", 3}}, object, noon);
}

/// The fields that are wrong in the declaration.
std::vector<std::string> wrong(const action_kind& k, const std::vector<typed_field>* object = &of_order) {
    std::vector<std::string> out;
    for (const auto& e : wrong_declaration(k, object)) out.push_back(e.field);
    return out;
}

TEST(action_conditions, compare_texts_and_answers) {
    using enum condition_test;
    EXPECT_TRUE(fits("object.state", is, "sent", {{"state", "sent"}}));
    EXPECT_FALSE(fits("object.state", is, "sent", {{"state", "Sent"}}));
    EXPECT_FALSE(fits("object.state", is_not, "sent", {{"state", "sent"}}));
    EXPECT_TRUE(fits("object.gift", is, "yes", {{"gift", true}}));
    EXPECT_TRUE(fits("object.gift", is, "no", {{"gift", false}}));
    EXPECT_TRUE(fits("form.count", is, "3", json::object()));
}

TEST(action_conditions, compare_numbers_and_money) {
    using enum condition_test;
    EXPECT_TRUE(fits("form.count", at_most, "3", json::object()));
    EXPECT_FALSE(fits("form.count", at_most, "2.5", json::object()));
    EXPECT_TRUE(fits("form.count", at_least, "3", json::object()));
    const json order{{"total", {{"amount", 1999}, {"currency", "EUR"}}}};
    EXPECT_TRUE(fits("object.total", at_least, "1999", order));
    EXPECT_FALSE(fits("object.total", at_least, "2000", order));
}

TEST(action_conditions, count_days_by_the_calendar) {
    using enum condition_test;
    const auto delivered = [](const char* day) { return json{{"delivered", day}}; };
    EXPECT_TRUE(fits("object.delivered", newer_than_days, "30", delivered("2026-10-22")));
    EXPECT_FALSE(fits("object.delivered", newer_than_days, "30", delivered("2026-10-21")));
    EXPECT_TRUE(fits("object.delivered", older_than_days, "30", delivered("2026-10-22")));
    EXPECT_FALSE(fits("object.delivered", older_than_days, "30", delivered("2026-10-23")));
}

TEST(action_conditions, are_not_met_by_what_is_not_known) {
    using enum condition_test;
    for (const auto test : {is, at_most, at_least, newer_than_days, older_than_days})
        EXPECT_FALSE(fits("object.gone", test, "1", json::object())) << name_of(test);
    EXPECT_TRUE(fits("object.gone", is_not, "1", json::object()));
    EXPECT_FALSE(fits("object.delivered", newer_than_days, "30", {{"delivered", "soon"}}));
    EXPECT_FALSE(fits("object.delivered", newer_than_days, "30", {{"delivered", 5}}));
}

TEST(action_conditions, say_the_sentence_of_the_first_that_is_not_met) {
    auto k = refund();
    k.conditions = {condition("form.count", condition_test::is, "3"), condition("form.count", condition_test::is, "4")};
    k.conditions[1].otherwise = "returns are taken for 30 days";
    EXPECT_EQ(why_not_eligible(k, {{"count", 3}}, json::object(), noon), "returns are taken for 30 days");
}

TEST(action_kind_declaration, is_taken_when_it_holds_together) {
    auto k = refund();
    k.conditions = {condition("object.delivered", condition_test::newer_than_days, "30"),
                    condition("form.amount", condition_test::at_most, "50000")};
    EXPECT_THAT(wrong(k), ElementsAre());
}

TEST(action_kind_declaration, names_what_is_wrong) {
    auto k = refund();
    k.amount_field = "count";
    EXPECT_THAT(wrong(k), ElementsAre("amount_field")) << "no money";
    k.amount_field = "", k.currency = "EUR";
    EXPECT_THAT(wrong(k), ElementsAre("currency")) << "of nothing";
    k = refund(), k.currency = "euro";
    EXPECT_THAT(wrong(k), ElementsAre("currency"));
    k = refund(), k.fields[0].required = false;
    EXPECT_THAT(wrong(k), ElementsAre("amount_field")) << "it could be left out";
    k = refund(), k.fields[1].sensitive = true;
    EXPECT_THAT(wrong(k), ElementsAre("fields[1].sensitive"));
    k = refund(), k.name = "Re fund";
    EXPECT_THAT(wrong(k), ElementsAre("name"));
}

TEST(action_kind_declaration, asks_of_a_field_only_what_it_can_answer) {
    const auto said = [](const char* of, condition_test test, const char* value,
                         const std::vector<typed_field>* object = &of_order) {
        auto k = refund();
        k.conditions = {condition(of, test, value)};
        return wrong(k, object);
    };
    using enum condition_test;
    EXPECT_THAT(said("state", is, "x"), ElementsAre("conditions[0].field"));
    EXPECT_THAT(said("object.none", is, "x"), ElementsAre("conditions[0].field"));
    EXPECT_THAT(said("object.state", is, "x", nullptr), ElementsAre("conditions[0].field")) << "done to no object";
    EXPECT_THAT(said("object.state", at_most, "3"), ElementsAre("conditions[0].test"));
    EXPECT_THAT(said("object.items", is, "x"), ElementsAre("conditions[0].test"));
    EXPECT_THAT(said("object.total", is, "3"), ElementsAre("conditions[0].test"));
    for (const auto* no_number : {"many", "", "nan", "inf", "1e999", "3 days"})
        EXPECT_THAT(said("form.count", at_most, no_number), ElementsAre("conditions[0].value")) << no_number;
}

} // namespace
} // namespace switchboard
