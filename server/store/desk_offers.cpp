#include "store/callback_rows.hpp"
#include "store/desk_act.hpp"
#include "store/presence_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

/// Accepting, declining and presence: what agents answer to routing.
namespace switchboard::store {

using kind = desk_refusal::kind;

namespace {

struct locked_offer {
    std::int64_t agent_id = 0;
    std::string state;
    bool expired = false;
    locked_ticket ticket;
};

/// The agent and the state are read again under the lock.
std::optional<locked_offer> lock_offer(pqxx::transaction_base& tx, std::int64_t offer_id) {
    const auto found = query(tx, "SELECT ticket_id FROM offer WHERE id = $1", offer_id);
    if (found.empty()) return std::nullopt;
    locked_offer o;
    o.ticket = *lock_ticket(tx, get<std::int64_t>(found[0]["ticket_id"]));
    const auto row = query(tx, R"(
        SELECT agent_id, state, expires_at <= clock_timestamp() AS expired
        FROM offer
        WHERE id = $1 FOR UPDATE)",
                           offer_id)
                         .front();
    o.agent_id = get<std::int64_t>(row["agent_id"]);
    o.state = get<std::string>(row["state"]);
    o.expired = get<bool>(row["expired"]);
    return o;
}

events::offer_end end_of(pqxx::transaction_base& tx, const locked_offer& o, std::int64_t offer_id, std::string reason) {
    return {offer_id, o.ticket.id, o.agent_id, std::move(reason), o.agent_id, read_summary(tx, o.ticket.id)};
}
event_about its_agent(const locked_offer& o) {
    return {o.ticket.id, o.ticket.queue_id, o.agent_id, o.agent_id};
}

/// Ends one offer of a ticket and gives its load back; the ticket's row stays as it is.
void end_offer(pqxx::transaction_base& tx, std::int64_t offer_id, std::string_view new_state, std::string_view reason) {
    query(tx, R"(
        WITH ended AS (
            UPDATE offer
            SET state = $2, reason = $3, ended_at = now()
            WHERE id = $1
            RETURNING agent_id, channel, weight)
        SELECT give_load(agent_id, channel, weight)
        FROM ended)",
          offer_id, new_state, reason);
}

/// Everybody else who is offered the ticket: the first has it. By agent, as everybody locks loads.
locked_ticket rescind_others(pqxx::transaction_base& tx, const locked_offer& o, std::int64_t offer_id) {
    auto before = o.ticket;
    if (before.offer_id != offer_id) { // its own place among them is the first's
        const auto own = std::ranges::find(before.siblings, offer_id, &locked_ticket::sibling::offer_id);
        *own = {*before.offer_id, *before.offer_agent};
    }
    std::ranges::sort(before.siblings, {}, &locked_ticket::sibling::agent_id);
    for (const auto& other : before.siblings) end_offer(tx, other.offer_id, "rescinded", "somebody else was quicker");
    return before;
}

} // namespace

void promise_taken_up(pqxx::transaction_base& tx, const locked_ticket& t) {
    if (t.channel != "phone" && t.channel != "walkin") return;
    const bool nobody_there = t.left_message || read_open_callback(tx, t.id);
    if (!nobody_there) promise_answered(tx, t.id, "taken up");
}

void not_ready_after_this_one(pqxx::transaction_base& tx, std::int64_t agent_id) {
    const auto after = query(tx,
                             fmt::format(R"(
        UPDATE presence
        SET state = 'not_ready', after_current = false, since = now(),
            reason = CASE reason WHEN '' THEN 'after this one' ELSE reason END
        WHERE agent_id = $1 AND after_current
        RETURNING {})",
                                         presence_columns),
                             agent_id);
    tell_presence(tx, after, agent_id);
}

desk::answer<accepted_offer> desk::accept(std::int64_t offer_id, std::int64_t agent_id) {
    return run(
        db_,
        [offer_id, agent_id, lasts_s = min_licence_validity_s_](pqxx::connection& c) -> desk_result<accepted_offer> {
            pqxx::work tx{c};
            const auto o = lock_offer(tx, offer_id);
            if (!o || o->agent_id != agent_id) return refuse(kind::not_found, "there is no such offer for you");
            if (o->state == "active" || o->state == "parked")
                return accepted_offer{read_offer(tx, offer_id), read_summary(tx, o->ticket.id)};
            if (o->state == "timed_out" || (o->state == "offered" && o->expired))
                return refuse(kind::conflict, "expired");
            if (o->state != "offered") return refuse(kind::conflict, o->ticket.owner_id ? "taken" : "rescinded");
            if (const auto missing = uncovered_licence(tx, o->ticket.id, agent_id, lasts_s))
                return refuse(kind::conflict, "licence: you do not hold a valid " + *missing);
            query(tx, "UPDATE offer SET state = 'active', answered_at = now() WHERE id = $1", offer_id);
            query(tx, R"(
                UPDATE ticket
                SET state = 'active', owner_id = $2, preferred_agent_id = $2, version = version + 1
                WHERE id = $1)",
                  o->ticket.id, agent_id);
            const auto before = rescind_others(tx, *o, offer_id);
            promise_taken_up(tx, o->ticket);
            const events::offer_accepted told{end_of(tx, *o, offer_id, ""), o->ticket.left_message, {}, "", false};
            append_event(tx, told, its_agent(*o));
            if (!before.siblings.empty())
                tell_siblings(tx, before, read_summary(tx, o->ticket.id), "somebody else was quicker");
            not_ready_after_this_one(tx, agent_id);
            accepted_offer done{read_offer(tx, offer_id), read_summary(tx, o->ticket.id)};
            tx.commit();
            return done;
        });
}

desk::answer<offer> desk::decline(std::int64_t offer_id, std::int64_t agent_id, std::string reason, keep<offer> kept) {
    return run(db_,
               [offer_id, agent_id, reason = std::move(reason),
                kept = std::move(kept)](pqxx::connection& c) -> desk_result<offer> {
                   once<offer> work{c, kept};
                   auto& tx = work.tx;
                   const auto o = lock_offer(tx, offer_id);
                   if (!o || o->agent_id != agent_id) return refuse(kind::not_found, "there is no such offer for you");
                   if (o->state == "declined") return read_offer(tx, offer_id);
                   if (o->state != "offered") return refuse(kind::conflict, "the offer is " + o->state + " already");
                   end_offer(tx, offer_id, "declined", reason);
                   if (o->ticket.siblings.empty()) // else others still have the offer
                       query(tx, "UPDATE ticket SET state = 'waiting', version = version + 1 WHERE id = $1",
                             o->ticket.id);
                   append_event(tx, events::offer_declined{end_of(tx, *o, offer_id, reason)}, its_agent(*o));
                   auto done = read_offer(tx, offer_id);
                   work.commit(done);
                   return done;
               });
}

namespace {

/// A reason as the center's list says it. What it is now may stay, whoever said it.
desk_result<std::string> known_reason(pqxx::transaction_base& tx, std::int64_t agent_id, const std::string& reason) {
    if (reason.empty()) return reason;
    const auto known = query(tx, R"(
        SELECT name FROM absence_reason WHERE enabled AND lower(name) = lower(replace($2, '_', ' '))
        UNION ALL
        SELECT reason FROM presence WHERE agent_id = $1 AND reason = $2
        LIMIT 1)",
                             agent_id, reason);
    if (!known.empty()) return get<std::string>(known[0]["name"]);
    return std::unexpected{
        desk_refusal{desk_refusal::kind::invalid, "must be one of /api/v1/absence-reasons that is enabled", "reason"}};
}

} // namespace

desk::answer<presence> desk::set_presence(std::int64_t agent_id, std::string state,
                                          std::optional<std::vector<std::string>> channels, std::string reason,
                                          bool after_current, std::optional<std::int64_t> actor) {
    return run(db_,
               [=, state = std::move(state), channels = std::move(channels),
                reason = std::move(reason)](pqxx::connection& c) -> desk_result<presence> {
                   pqxx::work tx{c};
                   query(tx, "INSERT INTO presence (agent_id) VALUES ($1) ON CONFLICT DO NOTHING", agent_id);
                   lock_presence(tx, {agent_id});
                   const auto why = known_reason(tx, agent_id, reason);
                   if (!why) return std::unexpected{why.error()};
                   // "Not ready after this one" while nothing is in hand waits for the next; with work in hand it is
                   // now.
                   static constexpr statement in_hand{"in_hand", R"(
                SELECT FROM offer
                WHERE agent_id = $1 AND state IN ('active', 'wrapup') LIMIT 1)"};
                   const bool busy = after_current && !query(tx, in_hand, agent_id).empty();
                   const auto wanted = channels ? std::optional{array_literal(*channels)} : std::nullopt;
                   // Who says so is there, or has a moment to open a socket; what he leaves in hand goes back.
                   static const auto sql = fmt::format(R"(
                UPDATE presence p
                SET state = $2, reason = $3, after_current = $4, absent = false,
                    returns_at = CASE $2 WHEN 'offline' THEN now() END,
                    absent_since = CASE WHEN NOT EXISTS (
                        SELECT FROM live_session s WHERE s.agent_id = p.agent_id) THEN now() END,
                    since = CASE WHEN state = $2 AND reason = $3 THEN since ELSE now() END,
                    channels = coalesce($5::text[], CASE WHEN channels = '{{}}' THEN (
                        SELECT coalesce(array_agg(channel ORDER BY channel), '{{}}')
                        FROM agent_channel
                        WHERE agent_id = $1 AND capacity > 0) ELSE channels END)
                WHERE agent_id = $1
                RETURNING {})",
                                                       presence_columns);
                   const auto rows =
                       query(tx, sql, agent_id, busy ? std::string{"not_ready"} : state,
                             busy && why->empty() ? "after this one" : *why, after_current && !busy, wanted);
                   tell_presence(tx, rows, actor ? actor : agent_id);
                   auto p = presence_of(rows[0]);
                   tx.commit();
                   return p;
               });
}

} // namespace switchboard::store
