#pragma once

#include <switchboard/model/refusal.hpp>
#include <switchboard/store/desk_rows.hpp>
#include <switchboard/store/keep.hpp>

#include <boost/asio/awaitable.hpp>

#include <expected>
#include <functional>

/// The transaction of what somebody does to a ticket: lock, ask, decide, write, keep the answer, commit. What is
/// written is decided by a pure function of the desk room in between.
namespace switchboard::store {

class database;

struct sent_reply {
    contact_record contact;
    switchboard::ticket ticket;
};

struct answered_offer {
    switchboard::offer offer;
    ticket_summary ticket;
};

class desk_store {
public:
    explicit desk_store(database& db) : db_{db} {}

    template <class T>
    using answer = boost::asio::awaitable<std::expected<T, refusal>>;
    /// Runs on a database thread, and again when somebody else was faster. A refusal changes nothing.
    using decision = std::function<std::expected<ticket_changes, refusal>(const ticket_at_hand&)>;

    /// The ticket as it is then, whole, for who has done it.
    answer<ticket> change(ticket_questions questions, decision decide, keep<ticket> kept);
    answer<note> leave_note(ticket_questions questions, decision decide, keep<note> kept);
    /// The reply that is written, or was asked about.
    answer<sent_reply> reply(ticket_questions questions, decision decide, keep<sent_reply> kept);
    answer<answered_offer> answer_offer(ticket_questions questions, decision decide, keep<answered_offer> kept);

    /// The ticket's callback as it is then.
    answer<callback> change_callback(ticket_questions questions, decision decide, keep<callback> kept);

    /// The follow-up that was promised or changed, as it is then.
    answer<follow_up> change_follow_up(ticket_questions questions, decision decide, keep<follow_up> kept);

    using presence_decision = std::function<std::expected<presence_change, refusal>(const presence_at_hand&)>;
    /// `reason`: as he says it.
    answer<presence> set_presence(std::int64_t agent, std::string reason, presence_decision decide);

private:
    database& db_;
};

} // namespace switchboard::store
