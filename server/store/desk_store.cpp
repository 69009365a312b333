#include <switchboard/store/desk_store.hpp>

#include "store/callback_rows.hpp"
#include "store/once.hpp"
#include "store/presence_rows.hpp"
#include "store/run.hpp"
#include "store/ticket_at_hand.hpp"
#include "store/ticket_changes.hpp"
#include "store/ticket_rows.hpp"
#include "store/whole_ticket.hpp"

namespace switchboard::store {

namespace {

/// `result` reads what is answered, when all is written.
template <class T, class F>
boost::asio::awaitable<std::expected<T, refusal>> act(database& db, ticket_questions questions,
                                                      desk_store::decision decide, keep<T> kept, F result) {
    auto attempt = [q = std::move(questions), decide = std::move(decide), kept = std::move(kept),
                    result](pqxx::connection& c) -> std::expected<T, refusal> {
        once<T> work{c, kept};
        const auto at = take_at_hand(work.tx, q);
        if (!at) return std::unexpected{refusal::missing(q.if_missing)};
        const auto changes = decide(*at);
        if (!changes) return std::unexpected{changes.error()};
        T done = result(work.tx, q, write_changes(work.tx, at->ticket, *changes));
        work.commit(done);
        return done;
    };
    return run(db, [attempt = std::move(attempt)](pqxx::connection& c) {
        try {
            return attempt(c);
        } catch (const pqxx::unique_violation&) {
            return attempt(c); // somebody has just written what was not there: now it is read
        }
    });
}

} // namespace

desk_store::answer<ticket> desk_store::change(ticket_questions questions, decision decide, keep<ticket> kept) {
    return act<ticket>(db_, std::move(questions), std::move(decide), std::move(kept),
                       [](pqxx::work& tx, const ticket_questions& q, const changed_ticket& done) {
                           return read_ticket_after(tx, done.summary.id, q.asker);
                       });
}

desk_store::answer<note> desk_store::leave_note(ticket_questions questions, decision decide, keep<note> kept) {
    return act<note>(
        db_, std::move(questions), std::move(decide), std::move(kept),
        [](pqxx::work&, const ticket_questions&, const changed_ticket& done) { return done.left.value(); });
}

desk_store::answer<sent_reply> desk_store::reply(ticket_questions questions, decision decide, keep<sent_reply> kept) {
    return act<sent_reply>(db_, std::move(questions), std::move(decide), std::move(kept),
                           [](pqxx::work& tx, const ticket_questions& q, const changed_ticket& done) {
                               const auto contact = q.contact ? *q.contact : done.reply.value();
                               return sent_reply{read_contact(tx, contact).value(),
                                                 read_ticket_after(tx, done.summary.id, q.asker)};
                           });
}

desk_store::answer<answered_offer> desk_store::answer_offer(ticket_questions questions, decision decide,
                                                            keep<answered_offer> kept) {
    return act<answered_offer>(db_, std::move(questions), std::move(decide), std::move(kept),
                               [](pqxx::work& tx, const ticket_questions& q, const changed_ticket& done) {
                                   return answered_offer{read_offer(tx, q.offer.value()), done.summary};
                               });
}

desk_store::answer<callback> desk_store::change_callback(ticket_questions questions, decision decide,
                                                         keep<callback> kept) {
    return act<callback>(db_, std::move(questions), std::move(decide), std::move(kept),
                         [](pqxx::work& tx, const ticket_questions&, const changed_ticket& done) {
                             return read_callback(tx, done.summary.id).value();
                         });
}

desk_store::answer<follow_up> desk_store::change_follow_up(ticket_questions questions, decision decide,
                                                           keep<follow_up> kept) {
    return act<follow_up>(
        db_, std::move(questions), std::move(decide), std::move(kept),
        [](pqxx::work&, const ticket_questions&, const changed_ticket& done) { return done.follow_up.value(); });
}

desk_store::answer<presence> desk_store::set_presence(std::int64_t agent, std::string reason,
                                                      presence_decision decide) {
    return run(db_,
               [agent, reason = std::move(reason),
                decide = std::move(decide)](pqxx::connection& c) -> std::expected<presence, refusal> {
                   pqxx::work tx{c};
                   const auto change = decide(take_presence(tx, agent, reason));
                   if (!change) return std::unexpected{change.error()};
                   auto now_is = write_presence(tx, agent, *change);
                   tx.commit();
                   return now_is;
               });
}

} // namespace switchboard::store
