#include "api/all_routes.hpp"
#include "api/route_table.hpp"
#include "api/wire/callback_requests.hpp"
#include "api/wire/composed.hpp"
#include "api/wire/unique.hpp"

#include <switchboard/desk/callbacks.hpp>
#include <switchboard/intake/phone_number.hpp>

namespace switchboard::api {
namespace {

desk::callback_asker asker_of(const call& c, const if_match& at) {
    return {c.asker.eyes(), !c.asker.user_id, c.asker.gateway_ids, at.version};
}

result<desk::callback_wish> wish_of(const callback_request& in) {
    desk::callback_wish wish;
    if (in.phone) {
        wish.phone = intake::international_number(in.phone->value);
        if (!wish.phone)
            return std::unexpected{
                invalid_field("phone", "must be a number with its country code, like +493012345678")};
    }
    wish.not_before = in.not_before;
    wish.not_after = in.not_after;
    wish.mode = plain<std::string>(in.mode).value_or(wish.mode);
    wish.attempts = plain<std::int64_t>(in.attempts).value_or(wish.attempts);
    wish.retry_s = plain<std::int64_t>(in.retry_s).value_or(wish.retry_s);
    wish.note = plain<std::string>(in.note).value_or("");
    return wish;
}

} // namespace

void add_callback_routes(route_table& table) {
    table.post("/api/v1/tickets/{id}/callback", {who::person_or_intake, permission::callback_promise},
               "Promise a customer to call back",
               [](call c, body<callback_request> in, if_match at) -> answer<created<callback>> {
                   auto wish = wish_of(*in);
                   if (!wish) co_return std::unexpected{std::move(wish.error())};
                   auto done = settle(co_await c.with.callbacks.schedule(c.id(), asker_of(c, at), std::move(*wish),
                                                                         keep<callback>(c, 201)));
                   if (!done) co_return std::unexpected{std::move(done.error())};
                   co_return created<callback>{std::move(*done)};
               });
    table.remove("/api/v1/tickets/{id}/callback", {who::person_or_intake, permission::callback_promise},
                 "Take that promise back", [](call c, if_match at) -> answer<callback> {
                     co_return settle(co_await c.with.callbacks.cancel(c.id(), asker_of(c, at)));
                 });
    table.post("/api/v1/tickets/{id}/callback/attempts", {who::person, permission::callback_promise},
               "Say how the call of a callback went",
               [](call c, body<callback_attempt_request> in, if_match at) -> answer<callback> {
                   co_return settle(co_await c.with.callbacks.record(c.id(), asker_of(c, at), in->result,
                                                                     plain<std::string>(in->note).value_or(""),
                                                                     keep<callback>(c, 200)));
               });
    table.post("/api/v1/callbacks/{id}/result", who::intake, "Say how the call that the gateway was told to make went",
               [](call c, body<dial_result_request> in, if_match at) -> answer<callback> {
                   co_return settle(
                       co_await c.with.callbacks.dialled(c.id(), asker_of(c, at), in->result, keep<callback>(c, 200)));
               });
}

} // namespace switchboard::api
