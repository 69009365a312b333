#include <switchboard/model/schema.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>

namespace switchboard {
namespace {

std::int64_t characters(std::string_view utf8) {
    return std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

bool is_within(std::int64_t n, const datum& least, const datum& most) {
    return (!least.exists() || n >= least.number) && (!most.exists() || n <= most.number);
}

datum schema_of_secret_answer(const datum& description) {
    auto set = schema_of_type("boolean");
    set.set("description", "Whether there is one.");
    auto out = schema_of_type("object");
    out.set("properties", datum::object({{"set", std::move(set)}}));
    out.set("required", datum::list({"set"}));
    out.set("description", description);
    return out;
}

} // namespace

datum schema_of_type(std::string_view type) {
    return datum::object({{"type", type}});
}

datum schema_of_text(std::int64_t least, std::int64_t most) {
    auto out = schema_of_type("string");
    if (least > 0) out.set("minLength", least);
    out.set("maxLength", most);
    return out;
}

datum schema_of_line(std::int64_t least, std::int64_t most) {
    auto out = schema_of_text(least, most);
    out.set("x-one-line", true);
    return out;
}

datum schema_of_integer(std::int64_t least, std::int64_t most) {
    auto out = schema_of_type("integer");
    if (least != INT64_MIN) out.set("minimum", least);
    if (most != INT64_MAX) out.set("maximum", most);
    return out;
}

datum schema_of_reference(std::string_view table) {
    auto out = schema_of_integer(1, INT64_MAX);
    out.set("x-refers-to", table);
    return out;
}

datum schema_of_list(datum items, std::int64_t least, std::int64_t most) {
    auto out = schema_of_type("array");
    out.set("items", std::move(items));
    if (least > 0) out.set("minItems", least);
    out.set("maxItems", most);
    return out;
}

datum schema_of_choice(std::vector<std::string_view> names) {
    auto out = schema_of_type("string");
    out.set("enum", datum::list({names.begin(), names.end()}));
    return out;
}

datum schema_of_json(std::int64_t most_bytes) {
    auto out = schema_of_type("object");
    out.set("x-max-bytes", most_bytes);
    return out;
}

datum schema_of_time() {
    auto out = schema_of_type("string");
    out.set("format", "date-time");
    return out;
}

datum schema_of_secret(std::int64_t least, std::int64_t most) {
    return schema_or_null(schema_write_only(schema_of_text(least, most)));
}

datum schema_or_null(datum schema) {
    return datum::object({{"anyOf", datum::list({std::move(schema), schema_of_type("null")})}});
}

datum schema_read_only(datum schema) {
    schema.set("readOnly", true);
    return schema;
}

datum schema_write_only(datum schema) {
    schema.set("writeOnly", true);
    return schema;
}

datum schema_fixed(datum schema) {
    schema.set("x-fixed", true);
    return schema;
}

datum schema_assigned(datum schema) {
    schema.set("x-assigned", true);
    return schema;
}

bool fits(const datum& value, const datum& schema) {
    using enum datum::kind;
    if (const auto& either = schema["anyOf"].items; !either.empty())
        return value.is == null || fits(value, either.front());
    if (schema["enum"].exists()) return std::ranges::count(schema["enum"].items, value) > 0;
    switch (value.is) {
    case text:
    case secret:
        return is_within(characters(value.text), schema["minLength"], schema["maxLength"]);
    case integer:
        return is_within(value.number, schema["minimum"], schema["maximum"]);
    case list:
        return is_within(std::ssize(value.items), schema["minItems"], schema["maxItems"]);
    case object:
        return std::ranges::all_of(
            value.members, [&](const auto& member) { return fits(member.second, schema["properties"][member.first]); });
    default:
        return value.is != null && value.is != absent;
    }
}

datum schema_of_members(datum properties, const words& about, const datum& fresh) {
    auto required = datum::list();
    for (auto help = about.help; auto& [name, schema] : properties.members) {
        if (fits(fresh[name], schema)) {
            if (!schema["readOnly"].exists()) schema.set("default", fresh[name]);
        } else if (fresh[name].number != 0 || !fresh[name].text.empty()) {
            throw std::logic_error{std::string{about.noun} + "." + name + ": its default is outside of its limits"};
        } else if (!schema["readOnly"].exists()) {
            if (!schema["x-assigned"].exists()) required.items.emplace_back(name);
        }
        schema.set("description", *help++);
    }
    auto out = schema_of_type("object");
    out.set("title", about.noun);
    out.set("properties", std::move(properties));
    out.set("required", std::move(required));
    out.set("additionalProperties", false);
    return out;
}

datum schema_of_form(const datum& schema, form f) {
    auto properties = datum::object();
    for (auto [name, property] : schema["properties"].members) {
        if (property["readOnly"].exists() || (f == form::patch && property["x-fixed"].exists())) continue;
        if (f == form::patch) property.remove("default"); // what is not named stays as it is
        properties.set(name, std::move(property));
    }
    auto out = schema;
    out.set("properties", std::move(properties));
    if (f == form::patch) out.remove("required");
    return out;
}

datum schema_of_answer(const datum& schema) {
    auto out = schema;
    out.remove("default");
    if (auto either = schema["anyOf"].items; !either.empty()) {
        if (either.front()["writeOnly"].exists()) return schema_of_secret_answer(schema["description"]);
        either.front() = schema_of_answer(either.front());
        out.set("anyOf", datum::list(std::move(either)));
    }
    if (schema["items"].exists()) out.set("items", schema_of_answer(schema["items"]));
    if (schema["title"].text.empty()) return out; // nothing of ours that is declared
    auto properties = datum::object();
    auto all = datum::list();
    for (const auto& [name, property] : schema["properties"].members) {
        all.items.emplace_back(name);
        properties.set(name, schema_of_answer(property));
    }
    out.set("properties", std::move(properties));
    out.set("required", std::move(all));
    return out;
}

} // namespace switchboard
