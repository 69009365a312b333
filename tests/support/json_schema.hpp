#pragma once

#include <nlohmann/json.hpp>

#include <functional>
#include <string>
#include <vector>

namespace switchboard::test {

/// JSON Schema as the server's OpenAPI document uses it: holds values against it and makes values from it.
class json_schema {
public:
    /// `document` outlives this: its #/components/… are what a $ref names.
    explicit json_schema(const nlohmann::json& document) : document_{document} {}

    const nlohmann::json& resolved(const nlohmann::json& schema) const;

    /// What is wrong with the value, each with its place. Stricter than the standard: an object that lists properties
    /// has no others.
    std::vector<std::string> violations(const nlohmann::json& schema, const nlohmann::json& value) const;

    /// A value that the schema allows: with all that may be sent, or with no more than must be. `known` may have a
    /// value for the property of this name, that no schema could tell; null = it has not, discarded = it is
    /// not sent.
    using knowledge = std::function<nlohmann::json(const std::string& property, const nlohmann::json& schema)>;
    nlohmann::json value(const nlohmann::json& schema, bool all, const knowledge& known) const;

    /// Values that it does not allow: `good`, each with one thing wrong.
    struct wrong_value {
        std::string field; // as the server names it: members[0].rank
        std::string what;
        nlohmann::json value;
    };
    std::vector<wrong_value> wrong_values(const nlohmann::json& schema, const nlohmann::json& good) const;

private:
    /// Of several that are one: with the one whose constants the value has, and the members of all of them.
    nlohmann::json put_together(const nlohmann::json& schema, const nlohmann::json& value) const;
    void check(const nlohmann::json& schema, const nlohmann::json& value, const std::string& at,
               std::vector<std::string>& found) const;
    void spoil(const nlohmann::json& schema, const nlohmann::json& good, const std::string& field,
               const std::function<void(wrong_value)>& take) const;

    const nlohmann::json& document_;
};

} // namespace switchboard::test
