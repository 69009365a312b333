#pragma once

#include <switchboard/live/hub.hpp>
#include <switchboard/model/principal.hpp>
#include <switchboard/web/http.hpp>

#include <memory>

namespace switchboard::app {

/// Whether a browser's request for a WebSocket comes from our own pages. Machines send no Origin.
bool is_own_origin(const http::request& r);

/// Joins an open WebSocket to the live feed, as this principal sees it, until it closes.
void join_live(live::hub& hub, const principal& who, std::shared_ptr<web::websocket> socket);

} // namespace switchboard::app
