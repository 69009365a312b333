#include "api/all_routes.hpp"
#include "api/desk_answers.hpp"
#include "api/wire/composed.hpp"
#include "api/wire/ticket_requests.hpp"

#include <switchboard/store/tickets.hpp>
#include <switchboard/util/time.hpp>

namespace switchboard::api {

void add_offer_routes(route_table& table) {
    table.get("/api/v1/me/work", who::person, "One's own desk: presence, offers, tickets",
              [](call c) -> answer<work> { co_return co_await c.with.tickets.desk_of(c.asker.eyes()); });
    table.put(
        "/api/v1/me/presence", who::person, "Say what one accepts right now",
        [](call c, body<presence_put> in) -> answer<presence> {
            std::optional<std::vector<std::string>> channels;
            if (in->channels) channels = plain<std::string>(*in->channels);
            co_return settle(co_await c.with.desk.set_presence(
                *c.asker.user_id, {named_value<presence_state>(in->state.value).value(), std::move(channels),
                                   plain<std::string>(in->reason).value_or(""), in->after_current.value_or(false)}));
        });
    table
        .post("/api/v1/offers/{id}/accept", who::person, "Take an offer",
              [](call c, body<nothing_more>) -> answer<accept_answer> {
                  auto done = co_await c.with.desk.accept(c.id(), *c.asker.user_id);
                  if (!done) co_return std::unexpected{to_problem(done.error())};
                  auto whole = co_await c.with.tickets.get(done->ticket.id, c.asker.eyes());
                  if (!whole) // it is his, and he may not look at it
                      co_return std::unexpected{problem{.status = 403, .detail = "your roles do not let you see it"}};
                  co_return accept_answer{std::move(done->offer), std::move(*whole)};
              })
        .harmless();
    table.post("/api/v1/offers/{id}/decline", who::person, "Refuse an offer",
               [](call c, body<decline_request> in) -> answer<offer_answer> {
                   auto done =
                       co_await c.with.desk.decline(c.id(), *c.asker.user_id, in->reason,
                                                    keep<desk::desk::answered_offer>(c, 200, [](const auto& done) {
                                                        return to_wire(offer_answer{done.offer});
                                                    }));
                   if (!done) co_return std::unexpected{to_problem(done.error())};
                   co_return offer_answer{std::move(done->offer)};
               });
    table.get(
        "/api/v1/queues/overview", permission::team_watch, "Every queue with its waiting tickets and its agents",
        [](call c) -> answer<queue_overview> { co_return queue_overview{now(), co_await c.with.tickets.queues()}; });
    table.get("/api/v1/agents/overview", permission::team_watch, "Every agent with presence, load and tickets",
              [](call c) -> answer<agents_overview> { co_return agents_overview{co_await c.with.tickets.agents()}; });
}

} // namespace switchboard::api
