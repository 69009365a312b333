#pragma once

#include <string>
#include <vector>

namespace switchboard {

struct field_error {
    std::string field; // like "skills[2].min"; empty = the whole
    std::string message;
};

/// "No, and why": what an expected failure is, from whatever room. api/problem.cpp makes it a status.
struct refusal {
    enum class kind {
        not_found, // there is no such thing, or it may not be known that there is
        forbidden,
        conflict, // its state does not allow this
        stale,    // somebody else changed it in the meantime
        invalid   // `errors` name what is wrong
    } why = kind::not_found;
    std::string detail{};
    std::vector<field_error> errors{};
};

} // namespace switchboard
