#include "api/all_routes.hpp"
#include "api/wire/composed.hpp"

#include <switchboard/store/sessions.hpp>

namespace switchboard::api {

void add_own_session_routes(route_table& table) {
    table.get("/api/v1/me/sessions", who::person, "Where one is signed in", [](call c) -> answer<own_sessions> {
        co_return own_sessions{co_await c.with.sessions.list(*c.asker.user_id, c.asker.session_id)};
    });
    table.remove("/api/v1/me/sessions", who::person, "Sign out everywhere but here", [](call c) -> answer<nothing> {
        co_await c.with.sessions.end_others(c.by());
        co_return nothing{};
    });
    table.remove("/api/v1/me/sessions/{id}", who::person, "Sign out in one place", [](call c) -> answer<nothing> {
        if (co_await c.with.sessions.end(c.id(), c.by())) co_return nothing{};
        co_return std::unexpected{problem{.status = 404, .detail = "you have no such session"}};
    });
}

} // namespace switchboard::api
