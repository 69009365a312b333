#pragma once

#include <switchboard/live/agent_feed.hpp>
#include <switchboard/live/chat_rooms.hpp>
#include <switchboard/model/principal.hpp>
#include <switchboard/web/http.hpp>

#include <memory>

namespace switchboard::app {

/// Whether a browser's request for a WebSocket comes from our own pages. Machines send no Origin.
bool is_own_origin(const http::request& r);

/// Joins an open WebSocket to the live feed, as this principal sees it, until it closes.
void join_live(live::hub& hub, live::chat_rooms& chats, const principal& who, std::shared_ptr<web::websocket> socket);

/// Joins a visitor's open WebSocket to the chat of a gateway.
void join_chat(live::chat_rooms& chats, std::int64_t gateway, std::shared_ptr<web::websocket> socket);

} // namespace switchboard::app
