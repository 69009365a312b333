#include <switchboard/util/form.hpp>

#include <switchboard/util/name.hpp>
#include <switchboard/util/one_line.hpp>
#include <switchboard/util/text.hpp>
#include <switchboard/util/time.hpp>

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace switchboard {
namespace {

using tree = nlohmann::ordered_json; // members stay in the order of the declaration
using kind = datum::kind;

tree tree_of(const datum& value) {
    switch (value.is) { // without a default: who adds a kind is asked here whether it may be told
    case kind::absent:
    case kind::null:
        return nullptr;
    case kind::boolean:
        return value.number != 0;
    case kind::integer:
        return value.number;
    case kind::real:
        return value.real;
    case kind::time:
        return to_rfc3339(value.time());
    case kind::text:
        return value.text;
    case kind::secret:
        return {{"set", true}};
    case kind::list: {
        auto out = tree::array();
        for (const auto& item : value.items) out.push_back(tree_of(item));
        return out;
    }
    case kind::object:
        break;
    }
    auto out = tree::object();
    for (const auto& [name, member] : value.members) out[name] = tree_of(member);
    return out;
}

datum datum_of(const nlohmann::json& from) {
    if (from.is_null()) return nullptr;
    if (from.is_boolean()) return from.get<bool>();
    if (from.is_string()) return from.get<std::string>();
    const bool too_large = from.is_number_unsigned() && from.get<std::uint64_t>() > INT64_MAX;
    if (from.is_number_float() || too_large) return from.get<double>();
    if (from.is_number()) return from.get<std::int64_t>();
    auto out = from.is_array() ? datum::list() : datum::object();
    for (const auto& [name, value] : from.items())
        if (from.is_array())
            out.items.push_back(datum_of(value));
        else
            out.members.emplace_back(name, datum_of(value));
    return out;
}

/// A date that PostgreSQL keeps and that people mean.
bool is_sensible(timestamp t) {
    using namespace std::chrono;
    return t >= sys_days{year{1900} / 1 / 1} && t < sys_days{year{3000} / 1 / 1};
}

/// Never stops at the first mistake: all of them are told.
class judge_of_forms {
public:
    explicit judge_of_forms(form f) : form_{f} {}

    std::vector<field_error> errors;

    void value(datum& d, const datum& schema);

private:
    static constexpr std::size_t most_errors = 50; // past this many they say nothing new

    void fail(std::string message) {
        if (errors.size() < most_errors) errors.push_back({path_, std::move(message)});
    }
    template <class F>
    void inside(const std::string& step, F f) {
        const auto length = path_.size();
        path_ += path_.empty() && step.starts_with('.') ? step.substr(1) : step;
        f();
        path_.resize(length);
    }

    void text(datum& d, const datum& schema);
    void integer(const datum& d, const datum& schema);
    void list(datum& d, const datum& schema);
    void object(datum& d, const datum& schema);

    const form form_;
    std::string path_;
};

void judge_of_forms::value(datum& d, const datum& schema) {
    if (const auto& either = schema["anyOf"].items; !either.empty())
        return d.is == kind::null ? void() : value(d, either.front());
    const auto& type = schema["type"].text;
    if (type == "string") return text(d, schema);
    if (type == "integer") return integer(d, schema);
    if (type == "array") return list(d, schema);
    if (type == "object") return object(d, schema);
    if (type == "boolean" && d.is != kind::boolean) return fail("must be true or false");
    if (type == "number" && d.is == kind::integer) d = static_cast<double>(d.number);
    if (type == "number" && d.is != kind::real) return fail("must be a number");
}

void judge_of_forms::text(datum& d, const datum& schema) {
    if (d.is != kind::text) return fail("must be a text");
    if (const auto& names = schema["enum"].items; !names.empty()) {
        if (std::ranges::count(names, d) > 0) return;
        std::vector<std::string_view> known;
        for (const auto& name : names) known.push_back(name.text);
        return fail(fmt::format("must be one of {}", fmt::join(known, ", ")));
    }
    if (schema["format"] == datum{"date-time"}) {
        const auto at = parse_rfc3339(d.text);
        if (!at || !is_sensible(*at)) return fail("must be a time like 2026-11-21T18:40:18Z");
        d = *at;
        return;
    }
    if (schema["x-one-line"].exists()) d.text = plain_name(d.text);
    const auto least = schema["minLength"].number;
    if (least > 0 && !schema["writeOnly"].exists()) d.text = std::string{trim(d.text)};
    const bool is_seen = least == 0 || !schema["x-one-line"].exists() || !same_name_form(d.text).empty();
    if (!d.text.empty() && !is_seen) return fail("must have characters that can be seen");
    if (fits(d, schema)) return;
    if (least == 1 && d.text.empty()) return fail("must not be empty");
    if (least > 1) return fail(fmt::format("must have {} to {} characters", least, schema["maxLength"].number));
    fail(fmt::format("must have at most {} characters", schema["maxLength"].number));
}

void judge_of_forms::integer(const datum& d, const datum& schema) {
    if (d.is != kind::integer) return fail("must be a whole number");
    if (fits(d, schema)) return;
    if (!schema["maximum"].exists()) return fail(fmt::format("must be at least {}", schema["minimum"].number));
    fail(fmt::format("must be between {} and {}", schema["minimum"].number, schema["maximum"].number));
}

void judge_of_forms::list(datum& d, const datum& schema) {
    if (d.is != kind::list) return fail("must be a list");
    if (schema["minItems"].exists() && d.items.empty()) return fail("must not be empty");
    if (const auto& most = schema["maxItems"]; most.exists() && std::ssize(d.items) > most.number)
        return fail(fmt::format("must have at most {} items", most.number));
    for (std::size_t i = 0; i < d.items.size(); ++i)
        inside("[" + std::to_string(i) + "]", [&] { value(d.items[i], schema["items"]); });
}

void judge_of_forms::object(datum& d, const datum& schema) {
    if (d.is != kind::object) return fail("must be an object");
    const auto& properties = schema["properties"];
    if (!properties.exists()) { // what is in it is another's to judge
        const auto& most = schema["x-max-bytes"];
        if (most.exists() && std::ssize(to_json(d)) > most.number)
            fail(fmt::format("must have at most {} bytes", most.number));
        return;
    }
    for (const auto& [name, about] : properties.members) { // so that mistakes are told in the order of the form
        const auto member = std::ranges::find(d.members, name, &datum::members_type::value_type::first);
        inside("." + name, [&] {
            if (member == d.members.end()) {
                if (std::ranges::count(schema["required"].items, datum{name}) > 0) fail("is required");
            } else if (about["readOnly"].exists()) {
                fail("cannot be set");
            } else if (about["x-fixed"].exists() && form_ == form::patch) {
                fail("cannot be changed");
            } else {
                value(member->second, about);
            }
        });
    }
    for (const auto& [name, member] : d.members)
        if (!properties[name].exists())
            inside("." + std::string{truncate_utf8(name, 100)}, [&] { fail("is not known here"); });
}

} // namespace

std::string to_json(const datum& value) {
    return tree_of(value).dump();
}

datum from_own_json(std::string_view json) {
    return datum_of(own_json(json));
}

std::expected<datum, std::string> from_outside_json(std::string_view json, const json_bounds& bounds) {
    auto read = outside_json(json, bounds);
    if (!read) return std::unexpected{std::move(read.error())};
    return datum_of(*read);
}

std::expected<datum, refusal> judge(datum sent, const datum& schema, form f) {
    judge_of_forms judging{f};
    auto expected = schema;
    if (f == form::patch) expected.remove("required");
    judging.value(sent, expected);
    if (judging.errors.empty()) return sent;
    const auto& first = judging.errors.front();
    return std::unexpected{refusal{refusal::kind::invalid,
                                   (first.field.empty() ? "the body" : first.field) + " " + first.message,
                                   std::move(judging.errors)}};
}

} // namespace switchboard
