#pragma once

#include <switchboard/live/chat_rooms.hpp>
#include <switchboard/util/budget.hpp>
#include <switchboard/util/config.hpp>
#include <switchboard/web/server.hpp>

/// What those may cost of whom we do not know yet who they are ([strangers] of the configuration).
namespace switchboard::app {

/// Of the doors that stand open to everybody.
struct stranger_budgets {
    /// `sockets`: how many the server may have at all.
    stranger_budgets(const config& c, std::size_t sockets);

    held_budget chat_sockets;
    rate_budget chat_handshakes, chat_sessions;
    rate_budget chat_files; // in KB
};

web::stranger_limits stranger_limits_of(const config& c, std::size_t sockets);
live::chat_bounds chat_bounds_of(const config& c);

} // namespace switchboard::app
