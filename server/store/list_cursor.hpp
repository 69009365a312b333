#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace switchboard::store {

/// Where a page of a list ends: "<key>.<id>", the key in microseconds or the id again.
struct list_cursor {
    std::int64_t key = 0, id = 0;
};
/// Empty if it is none.
std::optional<list_cursor> parse_list_cursor(std::string_view text);

/// A time that PostgreSQL knows, so that it can be sought.
bool is_time(std::int64_t microseconds);

} // namespace switchboard::store
