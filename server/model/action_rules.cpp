#include <switchboard/model/action_rules.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <string_view>

namespace switchboard {
namespace {

using nlohmann::json;

constexpr std::string_view of_form = "form.", of_its_object = "object.";

std::optional<double> number_of(std::string_view text) {
    double out = 0;
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (wrong != std::errc{} || end != text.data() + text.size() || !std::isfinite(out)) return std::nullopt;
    return out;
}

const typed_field* find_field(const std::vector<typed_field>& fields, std::string_view name) {
    const auto found = std::ranges::find(fields, name, [](const typed_field& f) { return std::string_view{f.name}; });
    return found == fields.end() ? nullptr : &*found;
}

bool compares(condition_test test, field_type type) {
    switch (test) {
    case condition_test::at_most:
    case condition_test::at_least:
        return type == field_type::number || type == field_type::money;
    case condition_test::newer_than_days:
    case condition_test::older_than_days:
        return type == field_type::date;
    case condition_test::is:
    case condition_test::is_not:
        break;
    }
    return type != field_type::lines && type != field_type::choices && type != field_type::money;
}

/// As an admin writes it.
std::optional<std::string> text_of(const json& v) {
    if (v.is_string()) return v.get<std::string>();
    if (v.is_boolean()) return v.get<bool>() ? "yes" : "no";
    if (v.is_number()) return v.dump();
    return std::nullopt;
}

std::optional<double> number_in(const json& v) {
    if (v.is_number()) return v.get<double>();
    if (v.is_object() && v.contains("amount") && v["amount"].is_number()) return v["amount"].get<double>();
    return std::nullopt;
}

/// How many days ago it was, by UTC's calendar.
std::optional<double> days_since(const json& v, timestamp now) {
    int year = 0;
    unsigned month = 0, day = 0;
    if (!v.is_string() || std::sscanf(v.get_ref<const std::string&>().c_str(), "%4d-%2u-%2u", &year, &month, &day) != 3)
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
    if (!date.ok()) return std::nullopt;
    return static_cast<double>((std::chrono::floor<std::chrono::days>(now) - std::chrono::sys_days{date}).count());
}

bool fits(const action_condition& c, const json& value, timestamp now) {
    const condition_test test = c.test;
    if (test == condition_test::is || test == condition_test::is_not) {
        const auto text = text_of(value);
        return (text && *text == c.value) == (test == condition_test::is);
    }
    const bool by_days = test == condition_test::newer_than_days || test == condition_test::older_than_days;
    const auto is = by_days ? days_since(value, now) : number_in(value), bound = number_of(c.value);
    if (!is || !bound) return false;
    return test == condition_test::at_most || test == condition_test::newer_than_days ? *is <= *bound : *is >= *bound;
}

/// What is wrong with one of the conditions, behind `at`.
std::vector<field_error> wrong_condition(const action_condition& c, const std::string& at,
                                         const std::vector<typed_field>& of_kind,
                                         const std::vector<typed_field>* of_object) {
    const std::string_view name = c.field;
    const bool of_the_object = name.starts_with(of_its_object);
    if (!of_the_object && !name.starts_with(of_form)) return {{at + ".field", "must begin with form. or object."}};
    if (of_the_object && of_object == nullptr) return {{at + ".field", "looks at an object, and this is done to none"}};
    const auto* field = find_field(of_the_object ? *of_object : of_kind, name.substr(name.find('.') + 1));
    if (field == nullptr) return {{at + ".field", "is no field of it"}};
    const condition_test test = c.test;
    if (!compares(test, field->type))
        return {{at + ".test", fmt::format("cannot be asked of a field of type {}", name_of(field->type))}};
    if (test != condition_test::is && test != condition_test::is_not && !number_of(c.value))
        return {{at + ".value", "must be a number"}};
    return {};
}

void append(std::vector<field_error>& to, std::vector<field_error> more) {
    std::ranges::move(more, std::back_inserter(to));
}

std::vector<field_error> wrong_amount(const action_kind& kind) {
    if (kind.amount_field.empty())
        return kind.currency.empty()
                   ? std::vector<field_error>{}
                   : std::vector<field_error>{{"currency", "is for what costs something: amount_field says by which"}};
    std::vector<field_error> out;
    const auto* amount = find_field(kind.fields, kind.amount_field);
    if (amount == nullptr || amount->type != field_type::money || !amount->required)
        out.push_back({"amount_field", "must be one of the fields, of type money and required"});
    if (!is_currency(kind.currency)) out.push_back({"currency", "must be three capital letters (ISO 4217)"});
    return out;
}

} // namespace

std::vector<field_error> wrong_declaration(const action_kind& kind, const std::vector<typed_field>* of_object) {
    std::vector<field_error> out;
    if (!is_slug(kind.name)) out.push_back({"name", "must be small letters, digits, _ and -, beginning with a letter"});
    append(out, wrong_declaration(kind.fields, "fields"));
    for (std::size_t i = 0; i < kind.fields.size(); ++i)
        if (kind.fields[i].sensitive)
            out.push_back({fmt::format("fields[{}].sensitive", i), "must be false: everybody on the ticket reads it"});
    append(out, wrong_amount(kind));
    for (std::size_t i = 0; i < kind.conditions.size(); ++i)
        append(out, wrong_condition(kind.conditions[i], fmt::format("conditions[{}]", i), kind.fields, of_object));
    return out;
}

std::optional<std::string> why_not_eligible(const action_kind& kind, const json& form, const json& object,
                                            timestamp now) {
    for (const auto& c : kind.conditions) {
        const std::string_view name = c.field;
        const auto& from = name.starts_with(of_form) ? form : object;
        const auto found = from.find(std::string{name.substr(name.find('.') + 1)});
        if (!fits(c, found == from.end() ? json{} : *found, now)) return std::string{c.otherwise};
    }
    return std::nullopt;
}

} // namespace switchboard
