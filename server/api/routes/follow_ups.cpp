#include "api/all_routes.hpp"
#include "api/route_table.hpp"
#include "api/user_asked_for.hpp"
#include "api/wire/composed.hpp"
#include "api/wire/event.hpp"
#include "api/wire/follow_up_requests.hpp"
#include "api/wire/unique.hpp"

#include <switchboard/desk/follow_ups.hpp>
#include <switchboard/store/follow_ups.hpp>

namespace switchboard::api {
namespace {

desk::follow_up_wish wish_of(const follow_up_request& in) {
    desk::follow_up_wish wish{.due_at = in.due_at, .channel = in.channel, .reason = in.reason};
    wish.said_to = plain<std::string>(in.said_to).value_or("");
    wish.remind_s = plain<std::int64_t>(in.remind_s).value_or(wish.remind_s);
    wish.time_zone = plain<std::string>(in.time_zone);
    wish.repeats = plain<std::string>(in.repeats).value_or(wish.repeats);
    wish.repeat_days = plain<std::int64_t>(in.repeat_days);
    return wish;
}

store::follow_up_filter filter_of(const follow_up_query& q) {
    store::follow_up_filter f{.queue = plain<std::int64_t>(q.queue_id),
                              .limit = plain<std::int64_t>(q.limit).value_or(50),
                              .after = plain<std::string>(q.after).value_or("")};
    if (q.state) f.states = {q.state->value};
    return f;
}

} // namespace

void add_follow_up_routes(route_table& table) {
    table.get("/api/v1/follow-ups", permission::ticket_read,
              "Promises to come back, of tickets that the asker may see; the next first",
              [](call c, query<follow_up_query> q) -> answer<page<listed_follow_up>> {
                  auto owner = user_asked_for(q->owner_id, "owner_id", c.asker);
                  if (!owner) co_return std::unexpected{std::move(owner.error())};
                  auto filter = filter_of(*q);
                  filter.owner = *owner;
                  auto found = co_await c.with.follow_up_lists.list(std::move(filter), c.asker.eyes());
                  if (!found) co_return std::unexpected{invalid_field("after", "is no place in this list")};
                  co_return std::move(*found);
              });
    table.post("/api/v1/tickets/{id}/follow-ups", {who::person, permission::followup_promise},
               "Promise a customer to come back", [](call c, body<follow_up_request> in) -> answer<created<follow_up>> {
                   co_return settle_created(co_await c.with.follow_ups.promise(c.id(), c.asker.eyes(), wish_of(*in),
                                                                               keep<follow_up>(c, 201)));
               });
    table.post("/api/v1/follow-ups/{id}/move", {who::person, permission::followup_promise}, "Promise another time",
               [](call c, body<follow_up_move_request> in, if_match at) -> answer<follow_up> {
                   co_return settle(co_await c.with.follow_ups.move(c.id(), c.asker.eyes(), at.version, in->due_at,
                                                                    in->reason, keep<follow_up>(c, 200)));
               });
    table.post("/api/v1/follow-ups/{id}/keep", {who::person, permission::followup_promise},
               "Say that we have come back",
               [](call c, body<follow_up_keep_request> in, if_match at) -> answer<follow_up> {
                   co_return settle(co_await c.with.follow_ups.keep(
                       c.id(), c.asker.eyes(), at.version,
                       {plain<std::string>(in->note).value_or(""), plain<std::int64_t>(in->contact_id)},
                       keep<follow_up>(c, 200)));
               });
    table.post("/api/v1/follow-ups/{id}/drop", {who::person, permission::followup_promise},
               "Say that nobody comes back, and why",
               [](call c, body<follow_up_drop_request> in, if_match at) -> answer<follow_up> {
                   co_return settle(co_await c.with.follow_ups.drop(c.id(), c.asker.eyes(), at.version, in->reason,
                                                                    keep<follow_up>(c, 200)));
               });
}

} // namespace switchboard::api
