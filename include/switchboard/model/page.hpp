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

} // namespace switchboard
