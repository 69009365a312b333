#include "support/json_schema.hpp"

#include <switchboard/util/time.hpp>

#include <algorithm>
#include <set>

namespace switchboard::test {

using nlohmann::json;

namespace {

std::int64_t characters(const std::string& utf8) {
    return std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

bool is_of_type(const json& v, const std::string& type) {
    return type == "object"    ? v.is_object()
           : type == "array"   ? v.is_array()
           : type == "string"  ? v.is_string()
           : type == "boolean" ? v.is_boolean()
           : type == "integer" ? v.is_number_integer()
           : type == "number"  ? v.is_number()
           : type == "null"    ? v.is_null()
                               : false;
}

/// What this knows; another word in a schema would go unchecked.
const std::set<std::string> keywords{
    "$ref",      "anyOf",      "type",        "enum",     "minimum",  "maximum",
    "minLength", "maxLength",  "maxItems",    "minItems", "format",   "items",
    "required",  "properties", "default",     "title",    "examples", "additionalProperties",
    "readOnly",  "writeOnly",  "description", "allOf",    "oneOf",    "const"};

/// "type" is one or several.
bool is_of_types(const json& v, const json& type) {
    if (type.is_string()) return is_of_type(v, type);
    return std::any_of(type.begin(), type.end(), [&](const json& one) { return is_of_type(v, one); });
}
std::string main_type(const json& schema) {
    const auto type = schema.value("type", json("object"));
    return type.is_string() ? type : type[0];
}

std::string joined(const std::string& at, const std::string& name) {
    return at.empty() ? name : at + "." + name;
}

} // namespace

const json& json_schema::resolved(const json& schema) const {
    if (!schema.contains("$ref")) return schema;
    return resolved(document_.at(json::json_pointer{schema["$ref"].get<std::string>().substr(1)}));
}

json json_schema::put_together(const json& schema, const json& value) const {
    const auto& s = resolved(schema);
    if (s.contains("oneOf")) {
        const auto is_meant = [&](const json& one) {
            const auto& properties = resolved(one)["properties"];
            return std::all_of(properties.items().begin(), properties.items().end(), [&](const auto& p) {
                return !p.value().contains("const") ||
                       (value.is_object() && p.value()["const"] == value.value(p.key(), json()));
            });
        };
        const auto meant = std::find_if(s["oneOf"].begin(), s["oneOf"].end(), is_meant);
        return meant == s["oneOf"].end() ? json{{"enum", json::array()}} : put_together(*meant, value);
    }
    if (!s.contains("allOf")) return s;
    json all{{"type", "object"}, {"properties", json::object()}, {"required", json::array()}};
    for (const auto& part : s["allOf"]) {
        const auto one = put_together(part, value);
        if (!one.contains("properties")) return one;
        all["properties"].update(one["properties"]);
        all["required"].insert(all["required"].end(), one["required"].begin(), one["required"].end());
    }
    return all;
}

std::vector<std::string> json_schema::violations(const json& schema, const json& value) const {
    std::vector<std::string> found;
    check(schema, value, "", found);
    return found;
}

void json_schema::check(const json& named, const json& v, const std::string& at,
                        std::vector<std::string>& found) const {
    const auto& s = resolved(named);
    const auto wrong = [&](const std::string& what) { found.push_back((at.empty() ? "it" : at) + " " + what); };
    for (const auto& [word, _] : s.items())
        if (!keywords.contains(word) && !word.starts_with("x-") && word != "unevaluatedProperties") // of a part
            wrong("has the word " + word + ", which is not checked");
    if (s.contains("oneOf") || s.contains("allOf")) return check(put_together(s, v), v, at, found);
    if (s.contains("const") && v != s["const"]) wrong("is not " + s["const"].dump());
    if (s.contains("anyOf")) {
        std::vector<std::string> least;
        for (const auto& either : s["anyOf"]) {
            std::vector<std::string> here;
            check(either, v, at, here);
            if (here.empty()) return;
            if (least.empty() || main_type(resolved(either)) != "null") least = here;
        }
        found.insert(found.end(), least.begin(), least.end());
        return;
    }
    if (s.contains("type") && !is_of_types(v, s["type"]))
        return wrong("is not of type " + s["type"].dump() + ": " + v.dump());
    if (s.contains("enum") && std::find(s["enum"].begin(), s["enum"].end(), v) == s["enum"].end())
        wrong("is none of the enum: " + v.dump());
    if (v.is_number()) {
        if (s.contains("minimum") && v < s["minimum"]) wrong("is below the minimum: " + v.dump());
        if (s.contains("maximum") && v > s["maximum"]) wrong("is above the maximum: " + v.dump());
    } else if (v.is_string()) {
        const auto& text = v.get_ref<const std::string&>();
        if (s.contains("minLength") && characters(text) < s["minLength"]) wrong("is too short");
        if (s.contains("maxLength") && characters(text) > s["maxLength"]) wrong("is too long");
        if (s.value("format", "") == "date-time" && !parse_rfc3339(text)) wrong("is no time: " + text);
    } else if (v.is_array()) {
        if (s.contains("maxItems") && v.size() > s["maxItems"]) wrong("has too many items");
        if (s.contains("minItems") && v.size() < s["minItems"]) wrong("has too few items");
        if (s.contains("items"))
            for (std::size_t i = 0; i < v.size(); ++i)
                check(s["items"], v[i], at + "[" + std::to_string(i) + "]", found);
    } else if (v.is_object()) {
        for (const auto& name : s.value("required", json::array()))
            if (!v.contains(name)) wrong("has no " + name.dump());
        const auto properties = s.value("properties", json::object());
        const auto others = s.value("additionalProperties", json(properties.empty()));
        for (const auto& [name, member] : v.items()) {
            if (properties.contains(name))
                check(properties[name], member, joined(at, name), found);
            else if (others == false)
                wrong("has " + name + ", which is in no schema");
            else if (others.is_object())
                check(others, member, joined(at, name), found);
        }
    }
}

json json_schema::value(const json& named, bool all, const knowledge& known) const {
    const auto& s = resolved(named);
    if (s.contains("anyOf")) return value(s["anyOf"][0], all, known);
    if (s.contains("enum")) return s["enum"][0];
    const auto type = main_type(s);
    if (type == "object") {
        auto out = json::object();
        const auto required = s.value("required", json::array());
        for (const auto& [name, property] : s.value("properties", json::object()).items()) {
            if (!all && std::find(required.begin(), required.end(), name) == required.end()) continue;
            auto told = known(name, resolved(property));
            if (!told.is_discarded()) out[name] = told.is_null() ? value(property, all, known) : std::move(told);
        }
        return out;
    }
    if (type == "array") return all ? json::array({value(s["items"], all, known)}) : json::array();
    if (type == "boolean") return false;
    if (type == "integer" || type == "number") {
        if (s.contains("default") && s["default"].is_number()) return s["default"];
        return s.contains("minimum") ? s["minimum"] : json(1);
    }
    if (s.value("format", "") == "date-time") return "2100-01-01T00:00:00Z";
    if (s.contains("default") && s["default"] != "") return s["default"];
    return std::string(std::max<std::size_t>(s.value("minLength", 1u), 1), 'a');
}

std::vector<json_schema::wrong_value> json_schema::wrong_values(const json& schema, const json& good) const {
    std::vector<wrong_value> out;
    spoil(schema, good, "", [&](wrong_value w) { out.push_back(std::move(w)); });
    return out;
}

void json_schema::spoil(const json& named, const json& good, const std::string& field,
                        const std::function<void(wrong_value)>& take) const {
    const auto& s = resolved(named);
    const auto offer = [&](const char* what, json value) { take({field, what, std::move(value)}); };
    if (s.contains("anyOf")) return spoil(s["anyOf"][0], good, field, take);
    const auto type = main_type(s);
    offer("of another type", type == "string" ? json(4711) : json("of another type"));
    if (s.contains("enum")) offer("no such choice", "no-such-choice");
    if (type == "integer") {
        offer("a fraction", 1.5);
        if (s.contains("minimum") && s["minimum"] > INT64_MIN)
            offer("too little", s["minimum"].get<std::int64_t>() - 1);
        if (s.contains("maximum") && s["maximum"] < INT64_MAX) offer("too much", s["maximum"].get<std::int64_t>() + 1);
    }
    if (type == "string" && s.contains("maxLength") && s["maxLength"] < 100'000)
        offer("too long", std::string(s["maxLength"].get<std::size_t>() + 1, 'a'));
    if (type == "string" && s.value("minLength", 0) > 0) offer("too short", "");
    if (s.value("format", "") == "date-time") offer("no time", "yesterday");
    if (type == "array" && good.is_array() && !good.empty()) {
        if (s.contains("maxItems") && s["maxItems"] < 1000)
            offer("too many", std::vector<json>(s["maxItems"].get<std::size_t>() + 1, good[0]));
        spoil(s["items"], good[0], field + "[0]", [&](wrong_value w) {
            auto whole = good;
            whole[0] = std::move(w.value);
            take({w.field, w.what, std::move(whole)});
        });
    }
    if (type != "object" || !good.is_object() || !s.contains("properties")) return;
    for (const auto& name : s.value("required", json::array())) {
        auto whole = good;
        whole.erase(name.get<std::string>());
        take({joined(field, name), "missing", std::move(whole)});
    }
    if (s.value("additionalProperties", json(true)) == false) {
        auto whole = good;
        whole["no_such_field"] = 1;
        take({joined(field, "no_such_field"), "unknown", std::move(whole)});
    }
    for (const auto& [name, property] : s["properties"].items())
        if (good.contains(name))
            spoil(property, good[name], joined(field, name), [&](wrong_value w) {
                auto whole = good;
                whole[name] = std::move(w.value);
                take({w.field, w.what, std::move(whole)});
            });
}

} // namespace switchboard::test
