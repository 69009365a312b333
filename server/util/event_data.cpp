#include <switchboard/util/event_data.hpp>

#include <switchboard/util/json.hpp>
#include <switchboard/util/log.hpp>
#include <switchboard/util/time.hpp>

namespace switchboard::detail {
namespace {

constexpr json_bounds data_bounds{.bytes = 4u << 20, .depth = 16, .values = 20'000, .text_bytes = 1u << 20};

} // namespace

bool take(std::int64_t& to, const datum& from) {
    to = from.number;
    return from.is == datum::kind::integer;
}

bool take(bool& to, const datum& from) {
    to = from.number != 0;
    return from.is == datum::kind::boolean;
}

bool take(std::string& to, const datum& from) {
    to = from.text;
    return from.is == datum::kind::text;
}

bool take(timestamp& to, const datum& from) {
    const auto at = parse_rfc3339(from.text);
    to = at.value_or(timestamp{});
    return at.has_value();
}

bool take(datum& to, const datum& from) {
    to = from;
    return from.is == datum::kind::object;
}

std::expected<datum, std::string> read_data(std::string_view json) {
    auto data = from_outside_json(json, data_bounds);
    if (!data) return std::unexpected{"is " + data.error()};
    return data;
}

void log_unreadable(const event& e, const std::string& why) {
    log::error("event_unreadable", {{"event", to_string(e.cursor)}, {"type", e.type}, {"reason", why}});
}

} // namespace switchboard::detail
