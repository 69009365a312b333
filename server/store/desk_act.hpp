#pragma once

#include <switchboard/store/desk.hpp>

#include "store/may_take.hpp"
#include "store/once.hpp"
#include "store/promises.hpp"
#include "store/run.hpp"
#include "store/sql.hpp"
#include "store/ticket_rows.hpp"
#include "store/whole_ticket.hpp"

namespace switchboard::store {

/// Who does what nobody does: the actor of what happens by the clock.
const viewer& the_system();

std::unexpected<desk_refusal> refuse(desk_refusal::kind why, std::string detail, std::string field = "");

/// As events name who did it: nobody, if it was the system.
inline std::optional<std::int64_t> user_or_system(std::int64_t user) {
    return user == 0 ? std::nullopt : std::optional{user};
}

/// What stands in the way of this action by this person, as a refusal.
std::optional<desk_refusal> obstacle_to(ticket_action a, const viewer& who, const locked_ticket& t);

/// The summary after a change, and the event that tells it: to the queue, and to who owned the ticket before.
/// `what` says the change and more about it, like `released`, the agent whose capacity it gave back: routing listens
/// for that. Ticket and people are filled in here.
ticket_summary tell_change(pqxx::transaction_base& tx, events::ticket_changed what, const viewer& who,
                           const locked_ticket& before);

/// Fan-out: tells those who had an offer of the ticket beside its first that it has ended. tell_change() does, and
/// tells the first as well.
void tell_siblings(pqxx::transaction_base& tx, const locked_ticket& before, const ticket_summary& now,
                   std::string_view reason);

note insert_note(pqxx::transaction_base& tx, const locked_ticket& t, std::optional<std::int64_t> author,
                 const std::string& text);

/// Why the words that were shown are not sent: the author's draft, under lock from here on, is another by now.
std::optional<desk_refusal> changed_draft(pqxx::transaction_base& tx, std::int64_t ticket, std::int64_t agent,
                                          std::string_view kind, std::optional<std::int64_t> shown);

/// Whether tickets of the queue cannot be solved as this; the refusal names `field` and what there is.
std::optional<desk_refusal> wrong_disposition(pqxx::transaction_base& tx, std::int64_t queue,
                                              const std::string& disposition, std::string field);

/// Solves a locked ticket: wrap-up for its agent after a live contact, the end of its offer otherwise.
ticket_summary solve_locked(pqxx::transaction_base& tx, const locked_ticket& t, const viewer& me,
                            const std::string& disposition);

/// Ends an agent's wrap-up of a ticket and gives the load back. How many there were: 0 or 1.
std::size_t end_wrapup_of(pqxx::transaction_base& tx, std::int64_t ticket, std::int64_t agent);

/// Offer and acceptance in one, after why_not_take() had nothing to say.
ticket_summary take_up(pqxx::transaction_base& tx, const locked_ticket& t, const viewer& me);

/// Its owner has a ticket in hand again, beyond his room if need be; his loads are locked, his licences looked at.
/// `change` tells it; `released` and `who` as in tell_change(), `cause` where nobody asked for it.
ticket_summary give_back(pqxx::transaction_base& tx, const locked_ticket& t, std::int64_t owner, const viewer& who,
                         events::ticket_change change, std::optional<std::int64_t> released = {},
                         std::string_view cause = {});

/// Somebody has a ticket in hand: where a person is on the line, that is the first answer.
void promise_taken_up(pqxx::transaction_base& tx, const locked_ticket& t);

/// Who asked for it is not ready once he has begun something.
void not_ready_after_this_one(pqxx::transaction_base& tx, std::int64_t agent);

/// One transaction around one ticket: lock, check, act, keep the answer, commit. fn(tx, locked, who) gives the result;
/// a refusal rolls back.
template <class T, class F>
boost::asio::awaitable<desk_result<T>> act(database& db, std::int64_t ticket, viewer who, ticket_action action,
                                           keep<T> kept, F fn) {
    return run(db,
               [ticket, who = std::move(who), action, kept = std::move(kept),
                fn = std::move(fn)](pqxx::connection& c) -> desk_result<T> {
                   once<T> work{c, kept};
                   const auto t = lock_ticket(work.tx, ticket);
                   if (!t) return refuse(desk_refusal::kind::not_found, "there is no such ticket");
                   if (auto why_not = obstacle_to(action, who, *t)) return std::unexpected{std::move(*why_not)};
                   desk_result<T> done = fn(work.tx, *t, who);
                   if (done) work.commit(*done);
                   return done;
               });
}

/// The same where the result is the ticket itself, whole; fn gives its summary.
template <class F>
boost::asio::awaitable<desk_result<ticket>> change(database& db, std::int64_t id, viewer who, ticket_action action,
                                                   keep<ticket> kept, F fn) {
    return act<ticket>(
        db, id, std::move(who), action, std::move(kept),
        [fn = std::move(fn)](pqxx::work& tx, const locked_ticket& t, const viewer& me) -> desk_result<ticket> {
            const desk_result<ticket_summary> done = fn(tx, t, me);
            if (!done) return std::unexpected{done.error()};
            return read_ticket_after(tx, done->id, me);
        });
}

} // namespace switchboard::store
