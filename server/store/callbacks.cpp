#include <switchboard/store/callbacks.hpp>

#include "store/callback_acts.hpp"
#include "store/once.hpp"
#include "store/promises.hpp"
#include "store/run.hpp"
#include "store/sql.hpp"

#include <switchboard/model/lifecycle.hpp>

#include <algorithm>

namespace switchboard::store {

namespace {

std::optional<refusal> obstacle_to(ticket_action a, const callback_asker& by, const locked_ticket& t) {
    if (!by.may_speak_for(t.gateway_id)) return refusal::missing("there is no such ticket");
    if (by.expected_version && *by.expected_version != t.version)
        return refusal{refusal::kind::stale, "the ticket has changed since you read it"};
    return why_not_act(a, by.who, t.state, t.queue_id, t.owner_id, t.offered_to(by.who.user_id));
}

/// One transaction around one ticket, as act() is.
template <class F>
std::expected<callback, refusal> act_on(pqxx::connection& c, std::int64_t ticket, ticket_action a,
                                        const callback_asker& by, const keep<callback>& kept, F fn) {
    once<callback> work{c, kept};
    auto& tx = work.tx;
    const auto t = lock_ticket(tx, ticket);
    if (!t) return std::unexpected{refusal::missing("there is no such ticket")};
    if (auto why_not = obstacle_to(a, by, *t)) return std::unexpected{std::move(*why_not)};
    std::expected<callback, refusal> done = fn(tx, *t);
    if (done) work.commit(*done);
    return done;
}

std::unexpected<refusal> none_open() {
    return std::unexpected{refusal::conflict("no callback is open for this ticket")};
}

} // namespace

callbacks::answer<callback> callbacks::schedule(std::int64_t ticket, callback_asker by, callback_wish wish,
                                                keep<callback> kept) {
    return run(db_,
               [ticket, by = std::move(by), wish = std::move(wish),
                kept = std::move(kept)](pqxx::connection& conn) -> std::expected<callback, refusal> {
                   return act_on(conn, ticket, ticket_action::call_back, by, kept,
                                 [&](pqxx::work& tx, const locked_ticket& t) -> std::expected<callback, refusal> {
                                     const auto now = value_of<timestamp>(query(tx, "SELECT now()"));
                                     const auto not_before = std::max(wish.not_before.value_or(now), now);
                                     if (const auto wrong = judge_window(not_before, wish.not_after, now))
                                         return std::unexpected{refusal::invalid(wrong->field, wrong->message)};
                                     if (read_open_callback(tx, t.id))
                                         return std::unexpected{refusal::conflict(
                                             "a callback is open already: say how it went, or cancel it first")};
                                     const auto phone = wish.phone ? wish.phone : callback_number(tx, t.id);
                                     if (!phone)
                                         return std::unexpected{refusal::invalid(
                                             "phone", "is needed: no number of this customer is known")};
                                     const bool dials = wish.mode == "customer_first";
                                     if (dials && t.channel != "phone")
                                         return std::unexpected{refusal::invalid(
                                             "mode", "customer_first is for tickets of the channel phone")};
                                     if (dials && !dialling_gateway(tx, t.gateway_id))
                                         return std::unexpected{refusal::invalid(
                                             "mode", "customer_first needs a phone gateway with a dial_url")};
                                     query(tx, R"(
                        INSERT INTO callback (
                            ticket_id, phone, not_before, not_after, mode, attempts_allowed, retry_s,
                            requested_by, note)
                        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9))",
                                           t.id, *phone, not_before, wish.not_after, wish.mode, wish.attempts,
                                           wish.retry_s, by.machine ? "customer" : "agent", wish.note);
                                     end_open_offers(tx, t, "to be called back");
                                     if (dials || not_before > now) {
                                         hold_until(tx, t.id, not_before);
                                         promise_paused(tx, t.id);
                                     } else {
                                         wait_again(tx, t.id);
                                     }
                                     auto made = *read_open_callback(tx, t.id);
                                     tell_callback(tx, events::ticket_change::callback_scheduled, by.actor(), t, made,
                                                   t.offer_agent());
                                     return made;
                                 });
               });
}

callbacks::answer<callback> callbacks::cancel(std::int64_t ticket, callback_asker by) {
    return run(db_, [ticket, by = std::move(by)](pqxx::connection& conn) -> std::expected<callback, refusal> {
        return act_on(conn, ticket, ticket_action::cancel_callback, by, {},
                      [&](pqxx::work& tx, const locked_ticket& t) -> std::expected<callback, refusal> {
                          if (!read_open_callback(tx, t.id)) return none_open();
                          cancel_callback(tx, t.id);
                          if (t.state == ticket_state::held)
                              wait_again(tx, t.id);
                          else
                              query(tx, "UPDATE ticket SET version = version + 1 WHERE id = $1", t.id);
                          auto ended = *read_callback(tx, t.id);
                          tell_callback(tx, events::ticket_change::callback_cancelled, by.actor(), t, ended);
                          return ended;
                      });
    });
}

callbacks::answer<callback> callbacks::record(std::int64_t ticket, callback_asker by, std::string result,
                                              std::string note, keep<callback> kept) {
    return run(db_,
               [ticket, by = std::move(by), result = std::move(result), note = std::move(note),
                kept = std::move(kept)](pqxx::connection& conn) -> std::expected<callback, refusal> {
                   return act_on(
                       conn, ticket, ticket_action::record_call, by, kept,
                       [&](pqxx::work& tx, const locked_ticket& t) -> std::expected<callback, refusal> {
                           auto open = read_open_callback(tx, t.id);
                           if (!open) return none_open();
                           if (open->state == "dialling")
                               return std::unexpected{refusal::conflict("the gateway is dialling for this callback")};
                           return conclude_attempt(tx, t, std::move(*open), by.actor(), t.owner_id, result, note);
                       });
               });
}

callbacks::answer<callback> callbacks::dialled(std::int64_t callback_id, callback_asker by, std::string result,
                                               keep<callback> kept) {
    return run(db_,
               [callback_id, by = std::move(by), result = std::move(result),
                kept = std::move(kept)](pqxx::connection& conn) -> std::expected<callback, refusal> {
                   once<callback> work{conn, kept};
                   auto& tx = work.tx;
                   const auto found = query(tx, "SELECT ticket_id FROM callback WHERE id = $1", callback_id);
                   if (found.empty()) return std::unexpected{refusal::missing("there is no such callback")};
                   const auto t = *lock_ticket(tx, get<std::int64_t>(found[0]["ticket_id"]));
                   const auto orders = query(tx, R"(
                       SELECT d.gateway_id
                       FROM callback c
                       JOIN dial_order d ON d.callback_id = c.id AND d.attempt = c.attempts + 1
                       WHERE c.id = $1 AND c.state = 'dialling')",
                                             callback_id);
                   const auto dials = orders.empty() ? t.gateway_id : get<std::int64_t>(orders[0]["gateway_id"]);
                   if (!by.may_speak_for(dials)) return std::unexpected{refusal::missing("there is no such callback")};
                   if (orders.empty())
                       return std::unexpected{refusal::conflict("no call of this callback is under way")};
                   auto done = conclude_attempt(tx, t, *read_open_callback(tx, t.id), by.actor(), std::nullopt, result,
                                                std::string{});
                   work.commit(done);
                   return done;
               });
}

} // namespace switchboard::store
