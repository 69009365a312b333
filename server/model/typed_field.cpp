#include <switchboard/model/typed_field.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <string_view>

namespace switchboard {
namespace {

using nlohmann::json;

constexpr std::size_t most_characters = 2000;
constexpr std::size_t most_lines = 200;

bool is_text(const json& v, std::size_t most = most_characters) {
    return v.is_string() && v.get_ref<const std::string&>().size() <= most;
}

std::optional<std::string> wrong_money(const json& v) {
    if (!v.is_object() || v.size() != 2 || !v.contains("amount") || !v.contains("currency"))
        return R"(must be money, as {"amount": 1999, "currency": "EUR"})";
    const auto& amount = v["amount"];
    if (!amount.is_number_integer()) return "must be an amount of whole minor units, as 1999 for 19.99";
    if (amount.is_number_unsigned() && amount.get<std::uint64_t>() > most_minor_units) return "is too much";
    if (amount.get<std::int64_t>() > most_minor_units || amount.get<std::int64_t>() < -most_minor_units)
        return "is too much";
    if (!v["currency"].is_string() || !is_currency(v["currency"].get_ref<const std::string&>()))
        return "must name its currency by three capital letters (ISO 4217)";
    return std::nullopt;
}

/// Digits alone: no sign and no blank.
std::optional<int> digits_of(std::string_view text) {
    int out = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        out = out * 10 + (c - '0');
    }
    return out;
}

/// RFC 3339's full-date, from the year 1 on.
bool is_date(const json& v) {
    if (!is_text(v, 10)) return false;
    const std::string_view text = v.get_ref<const std::string&>();
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
    const auto year = digits_of(text.substr(0, 4)), month = digits_of(text.substr(5, 2)),
               day = digits_of(text.substr(8));
    if (!year || !month || !day || *year == 0) return false;
    return std::chrono::year_month_day{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                       std::chrono::day{static_cast<unsigned>(*day)}}
        .ok();
}

/// As little as an address must have; whether mail comes there only sending shows.
bool is_mail_address(const json& v) {
    if (!is_text(v, 254)) return false;
    const std::string_view text = v.get_ref<const std::string&>();
    const auto at = text.find('@');
    return at != text.npos && at > 0 && at + 1 < text.size() && text.find_first_of(" \t\r\n<>,;") == text.npos;
}

bool is_web_address(const json& v) {
    if (!is_text(v)) return false;
    const std::string_view text = v.get_ref<const std::string&>();
    for (const std::string_view scheme : {"https://", "http://"})
        if (text.starts_with(scheme))
            return text.size() > scheme.size() && text.find_first_of(" \t\r\n<>\"") == text.npos;
    return false;
}

/// Nothing is known: not there, blank, or a list of nothing.
bool is_empty(const json& v) {
    if (v.is_string()) return v.get_ref<const std::string&>().find_first_not_of(" \t\r\n") == std::string::npos;
    return v.is_null() || (v.is_array() && v.empty());
}

bool is_one_of(const typed_field& f, const json& v) {
    return v.is_string() && std::ranges::find(f.choices, v.get_ref<const std::string&>()) != f.choices.end();
}

std::optional<std::string> wrong_lines(const json& v) {
    if (!v.is_array() || v.size() > most_lines) return fmt::format("must be a list of at most {} lines", most_lines);
    for (std::size_t i = 0; i < v.size(); ++i) {
        const auto& one = v[i];
        const auto said = [&](std::string_view what) { return fmt::format("line {}: {}", i + 1, what); };
        if (!one.is_object()) return said("must be an object");
        for (const auto& [name, value] : one.items()) {
            if (name == "text" ? !is_text(value) : name == "quantity" ? !value.is_number() : name != "amount")
                return said(name + " is not as it must be");
            if (name == "amount")
                if (const auto wrong = wrong_money(value)) return said("amount " + *wrong);
        }
        if (!one.contains("text")) return said("needs a text");
    }
    return std::nullopt;
}

std::optional<std::string> unless(bool fits, std::string otherwise) {
    if (fits) return std::nullopt;
    return otherwise;
}

std::optional<std::string> wrong_value(const typed_field& f, const json& v) {
    switch (f.type) {
    case field_type::text:
        return unless(is_text(v), fmt::format("must be a text of at most {} bytes", most_characters));
    case field_type::number:
        return unless(v.is_number(), "must be a number");
    case field_type::money:
        return wrong_money(v);
    case field_type::date:
        return unless(is_date(v), "must be a date, as 2026-12-25");
    case field_type::choice:
        return unless(is_one_of(f, v), "is none of its choices");
    case field_type::choices:
        return unless(v.is_array() && v.size() <= f.choices.size() &&
                          std::ranges::all_of(v, [&](const json& one) { return is_one_of(f, one); }),
                      "must be a list of its choices");
    case field_type::yes_no:
        return unless(v.is_boolean(), "must be true or false");
    case field_type::url:
        return unless(is_web_address(v), "must be an address that begins with https:// or http://");
    case field_type::phone:
        return unless(is_text(v, 64) &&
                          v.get_ref<const std::string&>().find_first_of("0123456789") != std::string::npos,
                      "must be a number of at most 64 characters");
    case field_type::email:
        return unless(is_mail_address(v), "must be an e-mail address");
    case field_type::lines:
        return wrong_lines(v);
    }
    return std::nullopt;
}

bool needs_choices(field_type t) {
    return t == field_type::choice || t == field_type::choices;
}

} // namespace

bool is_currency(std::string_view code) {
    return code.size() == 3 && std::ranges::all_of(code, [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool is_slug(std::string_view name) {
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    return !name.empty() && is_letter(name.front()) && std::ranges::all_of(name, [&](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
}

std::vector<field_error> wrong_declaration(std::span<const typed_field> fields, const std::string& at) {
    std::vector<field_error> out;
    std::set<std::string> names;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const auto& f = fields[i];
        const auto wrong = [&](const char* member, std::string what) {
            out.push_back({fmt::format("{}[{}].{}", at, i, member), std::move(what)});
        };
        if (!is_slug(f.name)) wrong("name", "must be small letters, digits and _, beginning with a letter");
        if (!names.insert(f.name).second) wrong("name", "is another field's already");
        if (needs_choices(f.type) && f.choices.empty()) wrong("choices", "must say what can be chosen");
        if (std::set(f.choices.begin(), f.choices.end()).size() != f.choices.size())
            wrong("choices", "name one of them twice");
        if (!needs_choices(f.type) && !f.choices.empty())
            wrong("choices", "are for fields in which something is chosen");
    }
    return out;
}

std::vector<field_error> misfits(std::span<const typed_field> fields, const json& values, const std::string& at) {
    if (!values.is_object()) return {{at, "must be an object"}};
    std::vector<field_error> out;
    for (const auto& f : fields) {
        const auto found = values.find(f.name);
        if (f.required && (found == values.end() || is_empty(*found))) {
            out.push_back({at + "." + f.name, "must be there"});
        } else if (found == values.end() || found->is_null()) {
            continue;
        } else if (auto wrong = wrong_value(f, *found)) {
            out.push_back({at + "." + f.name, std::move(*wrong)});
        }
    }
    for (const auto& [name, value] : values.items())
        if (std::ranges::find(fields, name, [](const typed_field& f) -> const std::string& { return f.name; }) ==
            fields.end())
            out.push_back({at + "." + name, "is no field of this kind"});
    return out;
}

} // namespace switchboard
