#include "api/wire/routing.hpp"
#include "api/all_routes.hpp"
#include "api/desk_answers.hpp"
#include "api/wire/composed.hpp"
#include "api/wire/ticket_requests.hpp"

#include <switchboard/store/tickets.hpp>

namespace switchboard::api {

void add_routing_routes(route_table& table) {
    table.get("/api/v1/tickets/{id}/routing", permission::ticket_read,
              "Why a ticket was offered to whom, and why it waits", [](call c) -> answer<routing_explanation> {
                  if (!co_await c.with.tickets.get(c.id(), c.asker.eyes()))
                      co_return std::unexpected{problem{.status = 404, .detail = "there is no such ticket"}};
                  co_return found_or_404(co_await c.with.explain_routing(c.id()));
              });
    table.get("/api/v1/tickets/{id}/agents", permission::team_watch,
              "Everybody to whom a ticket can be given, and what speaks against it",
              [](call c) -> answer<ticket_agents> {
                  const auto ticket = co_await c.with.tickets.get(c.id(), c.asker.eyes());
                  auto found = ticket ? co_await c.with.explain_agents(c.id()) : std::nullopt;
                  if (!found) co_return std::unexpected{problem{.status = 404, .detail = "there is no such ticket"}};
                  co_return ticket_agents{std::move(*found)};
              });
    table.post("/api/v1/tickets/{id}/assign", permission::ticket_assign,
               "Give a ticket to an agent, past skill and capacity",
               [](call c, body<assign_request> in) -> answer<ticket> {
                   if (!c.asker.user_id)
                       co_return std::unexpected{problem{.status = 403, .detail = "a person has to do this"}};
                   co_return co_await whole_ticket(
                       c, c.with.desk.assign(c.id(), c.asker.eyes(), in->agent_id, in->reason, keep<ticket>(c, 200)));
               });
    table.post("/api/v1/tickets/{id}/claim", {who::person, permission::ticket_claim}, "Take a waiting ticket",
               [](call c, body<nothing_more>) -> answer<ticket> {
                   co_return co_await whole_ticket(c, c.with.desk.claim(c.id(), c.asker.eyes(), keep<ticket>(c, 200)));
               });
    table
        .post("/api/v1/queues/{id}/check", permission::config_queues,
              "What other members or steps would mean for what waits; changes nothing",
              [](call c, body<queue_check_request> in) -> answer<queue_check> {
                  routing_draft draft;
                  if (in->members) draft.members = plain<std::int64_t>(*in->members);
                  draft.steps = in->steps;
                  co_return found_or_404(co_await c.with.check_routing(c.id(), std::move(draft)));
              })
        .harmless();
}

} // namespace switchboard::api
