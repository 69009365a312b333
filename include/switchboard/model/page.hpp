#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace switchboard {

/// A part of a list. `next` is given back as `after` for the following part; empty at the end.
template <class T>
struct page {
    std::vector<T> items;
    std::optional<std::string> next;
};

/// Which part of a list: those after the row of this id.
struct page_request {
    std::int64_t limit = 50;
    std::int64_t after = 0;
};

/// Why a change was not made.
enum class refusal_reason {
    not_found,
    stale,    // somebody else changed it: `current` is there
    conflict, // its state does not allow this
    invalid   // `field` is wrong
};

template <class T>
struct refusal {
    refusal_reason reason = refusal_reason::not_found;
    std::string field;
    std::string detail;
    std::optional<T> current;
};

} // namespace switchboard
