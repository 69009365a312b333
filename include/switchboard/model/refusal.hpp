#pragma once

#include <string>
#include <utility>
#include <vector>

namespace switchboard {

struct field_error {
    std::string field; // like "skills[2].min"; empty = the whole
    std::string message;
};

/// "No, and why": what an expected failure is, whatever room it comes from. api/problem.hpp makes it a status.
struct refusal {
    enum class kind {
        not_found, // there is no such thing, or nobody may know that there is
        forbidden,
        conflict, // its state does not allow this
        stale,    // somebody else changed it in the meantime
        invalid   // `errors` name what is wrong
    } why = kind::not_found;
    std::string detail{};
    std::vector<field_error> errors{};

    static refusal missing(std::string detail = "there is no such thing here") {
        return {kind::not_found, std::move(detail)};
    }
    static refusal forbidden(std::string detail) { return {kind::forbidden, std::move(detail)}; }
    static refusal conflict(std::string detail, const std::string& field = {}) {
        refusal out{kind::conflict, detail};
        if (!field.empty()) out.errors.push_back({field, std::move(detail)});
        return out;
    }
    static refusal stale() { return {kind::stale, "somebody changed it in the meantime"}; }
    static refusal invalid(std::string field, std::string message) {
        return {kind::invalid, message, {{std::move(field), message}}};
    }
};

} // namespace switchboard
