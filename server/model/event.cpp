#include <switchboard/model/event.hpp>

#include <charconv>

namespace switchboard {

std::string to_string(const cursor& c) {
    return std::to_string(c.xid) + "-" + std::to_string(c.id);
}

std::optional<cursor> parse_cursor(std::string_view text) {
    cursor c;
    const char* const end = text.data() + text.size();
    const auto [dash, bad_xid] = std::from_chars(text.data(), end, c.xid);
    if (bad_xid != std::errc{} || dash == end || *dash != '-') return std::nullopt;
    const auto [rest, bad_id] = std::from_chars(dash + 1, end, c.id);
    if (bad_id != std::errc{} || rest != end || c.id < 0) return std::nullopt;
    return c;
}

} // namespace switchboard
