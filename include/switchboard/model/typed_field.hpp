#pragma once

#include <switchboard/model/noun.hpp>
#include <switchboard/model/refusal.hpp>

#include <boost/describe/enum.hpp>
#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <span>
#include <vector>

/// Fields that an admin declares, and what may stand in them.
namespace switchboard {

/// `money`: {"amount": 1999, "currency": "EUR"} in minor units, never a fraction. `date`: "2026-12-25". `choices`: a
/// list of some of the choices. `lines`: a list of {"text", "quantity", "amount"}, as an order has them; the amount is
/// money and may be missing.
BOOST_DEFINE_FIXED_ENUM_CLASS(field_type, std::uint8_t, text, number, money, date, choice, choices, yes_no, url, phone,
                              email, lines)

/// Of money; beyond it somebody has sent another number.
inline constexpr std::int64_t most_minor_units = 1'000'000'000'000;

struct typed_field {
    text<1, 40> name;
    line<1, 100> label;
    field_type type = field_type::text;
    list<line<1, 100>, 200> choices;
    bool required = false;
    bool sensitive = false;
    bool column = false;
};
DESCRIBE(typed_field, (name, "By what it is kept: small letters, digits and _."), (label, "What people call it."),
         (type, "What may stand in it."), (choices, "What can be chosen, where something is chosen."),
         (required, "Whether it must be there."),
         (sensitive, "Whether only those see it who may see what is sensitive."), (column, "Whether lists show it."))

/// What is wrong with the declaration; `at`: where it stands, as "fields".
std::vector<field_error> wrong_declaration(std::span<const typed_field> fields, const std::string& at);

/// What is wrong with the values, which are an object: each with its name behind `at`, as "data.total". What no field
/// is called is wrong, too: it would never be shown.
std::vector<field_error> misfits(std::span<const typed_field> fields, const nlohmann::json& values,
                                 const std::string& at);

/// Three capital letters (ISO 4217).
bool is_currency(std::string_view code);

/// Whether it can stand in an address: small letters, digits, _ and -, beginning with a letter.
bool is_slug(std::string_view name);

} // namespace switchboard
