#include "api/example.hpp"

#include <switchboard/util/form.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace switchboard::api {
namespace {

constexpr int deepest = 12; // no schema that holds itself is followed further

/// What a reader recognises: texts by the name of their property.
constexpr std::array<std::pair<std::string_view, std::string_view>, 26> known_texts{{
    {"address", "help@example.com"},
    {"channel", "email"},
    {"content", "SGVsbG8="},
    {"csrf_token", "5f1c2a9e04b7d683"},
    {"date", "2030-12-25"},
    {"email", "ada@example.com"},
    {"from", "09:00"},
    {"from_address", "help@example.com"},
    {"jurisdiction", "DE"},
    {"kind", "email"},
    {"language", "en"},
    {"login", "ada"},
    {"name", "Ada Example"},
    {"next", "42"},
    {"number", "10042"},
    {"page_url", "https://shop.example/kettles"},
    {"password", "seven brass kettles"},
    {"current_password", "nine iron kettles"},
    {"phone", "+493012345678"},
    {"role", "agent"},
    {"subject", "The kettle leaks"},
    {"text", "The kettle leaks."},
    {"time_zone", "Europe/Berlin"},
    {"timezone", "Europe/Berlin"},
    {"to", "17:00"},
    {"value", "ada@example.com"},
}};

bool fits_text(std::string_view text, const datum& schema) {
    const auto size = static_cast<std::int64_t>(text.size());
    const auto &least = schema["minLength"], &most = schema["maxLength"];
    return (!least.exists() || size >= least.number) && (!most.exists() || size <= most.number);
}

class maker {
public:
    explicit maker(const schemas& all) : all_{all} {}

    datum make(const datum& schema, std::string_view name, int depth) const {
        if (const auto& ref = schema["$ref"]; ref.exists()) {
            const auto found = all_.named.find(ref.text.substr(ref.text.rfind('/') + 1));
            return make(from_own_json(found->second), name, depth);
        }
        if (!schema["anyOf"].items.empty())
            return depth < deepest ? make(schema["anyOf"].items[0], name, depth) : nullptr;
        if (!schema["oneOf"].items.empty()) return make(schema["oneOf"].items[0], name, depth);
        if (!schema["allOf"].items.empty()) return all_of(schema["allOf"], name, depth);
        if (schema["const"].exists()) return schema["const"];
        if (!schema["enum"].items.empty()) return schema["enum"].items[0];
        const auto& type = schema["type"].items.empty() ? schema["type"] : schema["type"].items[0];
        if (type.text == "array") return list_of(schema, name, depth);
        if (type.text == "boolean") return true;
        if (type.text == "integer") return whole_number(schema);
        if (type.text == "number") return 0.5;
        if (type.text == "string") return text_of(schema, name);
        return object_of(schema, depth);
    }

private:
    datum all_of(const datum& parts, std::string_view name, int depth) const {
        auto out = datum::object();
        for (const auto& part : parts.items)
            for (auto& [member, value] : make(part, name, depth).members) out.set(member, std::move(value));
        return out;
    }
    datum object_of(const datum& schema, int depth) const {
        auto out = datum::object();
        for (const auto& [name, property] : schema["properties"].members)
            out.set(name, make(property, name, depth + 1));
        return out;
    }
    datum list_of(const datum& schema, std::string_view name, int depth) const {
        if (depth >= deepest) return datum::list();
        if (name.ends_with("s")) name.remove_suffix(1);
        return datum::list({make(schema["items"], name, depth + 1)});
    }
    static datum whole_number(const datum& schema) {
        if (schema["default"].is == datum::kind::integer) return schema["default"];
        const auto &least = schema["minimum"], &most = schema["maximum"];
        const auto one = std::max<std::int64_t>(least.exists() ? least.number : 1, 1);
        return most.exists() ? std::min(one, most.number) : one;
    }
    static datum text_of(const datum& schema, std::string_view name) {
        if (schema["format"].text == "date-time") return "2030-03-04T09:30:00Z";
        const auto known = std::ranges::find(known_texts, name, [](const auto& k) { return k.first; });
        if (known != known_texts.end() && fits_text(known->second, schema)) return known->second;
        if (const auto& usual = schema["default"]; usual.is == datum::kind::text && !usual.text.empty()) return usual;
        std::string out{name.empty() ? "text" : name};
        std::ranges::replace(out, '_', ' ');
        if (const auto& least = schema["minLength"]; least.exists() && std::ssize(out) < least.number)
            out.resize(static_cast<std::size_t>(least.number), '0');
        if (const auto& most = schema["maxLength"]; most.exists() && std::ssize(out) > most.number)
            out.resize(static_cast<std::size_t>(most.number));
        return out;
    }

    const schemas& all_;
};

} // namespace

std::string example_of(const std::string& schema, const schemas& all) {
    return to_json(maker{all}.make(from_own_json(schema), "", 0));
}

} // namespace switchboard::api
