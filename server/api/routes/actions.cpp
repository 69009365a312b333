#include "api/all_routes.hpp"
#include "api/route_table.hpp"
#include "api/wire/action_requests.hpp"
#include "api/wire/composed.hpp"
#include "api/wire/event.hpp"
#include "api/wire/unique.hpp"

#include <switchboard/desk/actions.hpp>
#include <switchboard/store/actions.hpp>

namespace switchboard::api {

void add_action_routes(route_table& table) {
    const access by{who::person, permission::action_request};
    table.get("/api/v1/actions", permission::ticket_read,
              "Actions on tickets that the asker may see, in the order in which they were asked for",
              [](call c, query<action_query> q) -> answer<page<listed_action>> {
                  const auto part = part_of(*q);
                  if (!part) co_return std::unexpected{part.error()};
                  const std::string state{q->state ? q->state->value
                                                   : std::string{name_of(action_state::awaiting_approval)}};
                  co_return co_await c.with.action_lists.list(state, c.asker.eyes(), *part);
              });
    table.get("/api/v1/tickets/{id}/actions", permission::ticket_read, "What was asked for on a ticket, the last first",
              [](call c) -> answer<ticket_actions> {
                  co_return found_or_404(co_await c.with.action_lists.of_ticket(c.id(), c.asker.eyes()));
              });
    table.post("/api/v1/tickets/{id}/actions", by,
               "Ask for an action: it is authorised at once within one's own limits, else it waits for approval",
               [](call c, body<action_request> in) -> answer<created<action>> {
                   desk::action_wish wish{.kind = in->kind_id,
                                          .object = plain<std::int64_t>(in->object_id),
                                          .form = in->form.json,
                                          .words = plain<std::string>(in->words).value_or("")};
                   co_return settle_created(
                       co_await c.with.actions.request(c.id(), c.asker.eyes(), std::move(wish), keep<action>(c, 201)));
               });
    table.post("/api/v1/actions/{id}/approve", by, "Approve what somebody else asked for, within one's own limits",
               [](call c, body<action_approval> in, if_match at) -> answer<action> {
                   co_return settle(co_await c.with.actions.approve(
                       c.id(), c.asker.eyes(), at.version, plain<std::int64_t>(in->amount), keep<action>(c, 200)));
               });
    table.post("/api/v1/actions/{id}/refuse", by, "Refuse what somebody else asked for, and say why",
               [](call c, body<action_end_request> in, if_match at) -> answer<action> {
                   co_return settle(co_await c.with.actions.refuse(c.id(), c.asker.eyes(), at.version, in->reason,
                                                                   keep<action>(c, 200)));
               });
    table.post("/api/v1/actions/{id}/withdraw", by, "Withdraw what nobody has carried out yet",
               [](call c, if_match at) -> answer<action> {
                   co_return settle(
                       co_await c.with.actions.withdraw(c.id(), c.asker.eyes(), at.version, keep<action>(c, 200)));
               });
    table.post("/api/v1/actions/{id}/confirm", by, "Say that it was carried out",
               [](call c, body<action_confirmation> in, if_match at) -> answer<action> {
                   co_return settle(co_await c.with.actions.confirm(c.id(), c.asker.eyes(), at.version,
                                                                    plain<std::string>(in->reference).value_or(""),
                                                                    keep<action>(c, 200)));
               });
    table.post("/api/v1/actions/{id}/fail", by, "Say that it could not be carried out, and why",
               [](call c, body<action_end_request> in, if_match at) -> answer<action> {
                   co_return settle(co_await c.with.actions.fail(c.id(), c.asker.eyes(), at.version, in->reason,
                                                                 keep<action>(c, 200)));
               });
}

} // namespace switchboard::api
