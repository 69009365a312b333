#pragma once

#include <switchboard/api/problem.hpp>

#include <set>
#include <type_traits>
#include <vector>

namespace switchboard::api {

/// Whether no two items have the same value of this field.
template <class T, class V>
bool unique(const std::vector<T>& items, V T::* field) {
    std::set<V> seen;
    for (const auto& item : items)
        if (!seen.insert(item.*field).second) return false;
    return true;
}

inline problem invalid_field(std::string field, std::string message) {
    problem p{.status = 422, .detail = field + " " + message};
    p.errors.push_back({std::move(field), std::move(message)});
    return p;
}

} // namespace switchboard::api
