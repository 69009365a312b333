#pragma once

#include "app/attendance.hpp"

#include <switchboard/live/agent_feed.hpp>
#include <switchboard/live/chat_rooms.hpp>
#include <switchboard/live/viewers.hpp>
#include <switchboard/model/principal.hpp>
#include <switchboard/util/budget.hpp>
#include <switchboard/web/http.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace switchboard::app {

/// Whether a browser's request for a WebSocket comes from our own pages: those of server.public_url, or of the host
/// that it asks. Machines send no Origin.
bool is_own_origin(const http::request& r, std::string_view public_url);

/// Joins an open WebSocket to the live feed, as this principal sees it, until it closes. A person attends from his
/// hello until then.
void join_live(live::hub& hub, live::chat_rooms& chats, live::viewers& lookers, attendance& who_is_there,
               const principal& who, std::shared_ptr<web::websocket> socket);

/// Joins a visitor's open WebSocket to the chat of a gateway. `place` is his among the chat sockets.
void join_chat(live::chat_rooms& chats, std::int64_t gateway, std::string address,
               std::shared_ptr<held_budget::share> place, std::shared_ptr<web::websocket> socket);

} // namespace switchboard::app
