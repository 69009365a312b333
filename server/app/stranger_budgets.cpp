#include "app/stranger_budgets.hpp"

#include <algorithm>

namespace switchboard::app {
namespace {

constexpr std::chrono::minutes minute{1};
constexpr std::chrono::hours hour{1};

std::int64_t kilobytes(std::int64_t megabytes) {
    return megabytes * 1024;
}

std::size_t number(std::int64_t n) {
    return static_cast<std::size_t>(n);
}

/// At least one, or a small server would have none.
std::size_t part(std::size_t whole, std::int64_t percent) {
    return std::max<std::size_t>(1, whole * number(percent) / 100);
}

} // namespace

stranger_budgets::stranger_budgets(const config& c, std::size_t sockets)
    : chat_sockets{{number(c.strangers_chat_sockets_per_address), part(sockets, c.strangers_chat_sockets_percent)}},
      chat_handshakes{{c.strangers_chat_handshakes_per_address, minute}, {c.strangers_chat_handshakes, minute}},
      chat_sessions{{c.strangers_chat_sessions_per_address, minute}, {c.strangers_chat_sessions, minute}},
      chat_files{{kilobytes(c.strangers_chat_files_per_address_mb), hour},
                 {kilobytes(c.strangers_chat_files_mb), hour}} {}

web::stranger_limits stranger_limits_of(const config& c, std::size_t sockets) {
    return {.sockets_each = number(c.strangers_sockets_per_address),
            .sockets = part(sockets, c.strangers_sockets_percent),
            .body_bytes_each = number(c.strangers_bodies_per_address_mb) << 20,
            .body_bytes = part(number(c.server_max_buffered_mb) << 20, c.strangers_bodies_percent)};
}

live::chat_bounds chat_bounds_of(const config& c) {
    constexpr auto window = live::chat_bounds::window;
    return {.session_life = std::chrono::hours{c.chat_session_hours},
            .until_away = std::chrono::seconds{c.chat_away_s},
            .sockets_per_session = number(c.strangers_chat_sockets_per_session),
            .frames = {c.strangers_chat_frames, window},
            .frames_per_address = {c.strangers_chat_frames_per_address, window},
            .messages = {c.strangers_chat_messages, window},
            .messages_per_address = {c.strangers_chat_messages_per_address, window},
            .messages_per_session = {c.strangers_chat_messages_per_session, window}};
}

} // namespace switchboard::app
