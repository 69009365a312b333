#include "api/all_routes.hpp"
#include "api/nouns.hpp"
#include "api/permission.hpp"
#include "api/wire/calendar.hpp"
#include "api/wire/requests.hpp"
#include "api/wire/unique.hpp"

#include <switchboard/store/calendars.hpp>
#include <switchboard/store/sla_clocks.hpp>
#include <switchboard/store/tickets.hpp>

namespace switchboard::api {
void add_calendar_routes(route_table& table) {
    add_noun_routes<calendar>(table, "/api/v1/calendars", "calendar", "calendars", {permission::config_hours});
    table.get("/api/v1/calendars/{id}/agents", permission::config_read, "Whose shifts are these hours",
              [](call c) -> answer<calendar_agents> {
                  auto found = co_await c.with.calendar_agents.of(c.id());
                  if (!found) co_return std::unexpected{problem{.status = 404, .detail = "there is no such calendar"}};
                  co_return calendar_agents{std::move(*found)};
              });
    table.put(
        "/api/v1/calendars/{id}/agents", permission::config_hours, "Say whose shifts are these hours; others lose them",
        [](call c, body<calendar_agents_in> in) -> answer<calendar_agents> {
            auto done = co_await c.with.calendar_agents.set(c.id(), plain<std::int64_t>(in->agent_ids), giver_of(c));
            if (!done) co_return std::unexpected{to_problem(done.error())};
            co_return calendar_agents{std::move(*done)};
        });
}

void add_sla_routes(route_table& table) {
    add_noun_routes<sla_target>(table, "/api/v1/sla-targets", "target", "targets: what queues promise, by priority",
                                {permission::config_sla});
    table.get("/api/v1/tickets/{id}/sla", permission::ticket_read,
              "What was promised to a ticket, and what became of it", [](call c) -> answer<sla_ledger> {
                  if (!co_await c.with.tickets.get(c.id(), c.asker.eyes()))
                      co_return std::unexpected{problem{.status = 404, .detail = "there is no such ticket"}};
                  co_return found_or_404(co_await c.with.sla_clocks.ledger(c.id()));
              });
}

} // namespace switchboard::api
