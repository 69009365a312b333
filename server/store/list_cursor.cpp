#include "store/list_cursor.hpp"

#include <charconv>

namespace switchboard::store {

std::optional<list_cursor> parse_list_cursor(std::string_view text) {
    list_cursor out;
    const char* const end = text.data() + text.size();
    const auto [dot, bad_key] = std::from_chars(text.data(), end, out.key);
    if (bad_key != std::errc{} || dot == end || *dot != '.') return std::nullopt;
    const auto [rest, bad_id] = std::from_chars(dot + 1, end, out.id);
    if (bad_id != std::errc{} || rest != end) return std::nullopt;
    return out;
}

bool is_time(std::int64_t microseconds) {
    return microseconds >= -62'135'596'800'000'000 && microseconds < 253'402'300'800'000'000;
}

} // namespace switchboard::store
