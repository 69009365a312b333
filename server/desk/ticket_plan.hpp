#pragma once

#include <switchboard/model/callback.hpp>
#include <switchboard/store/desk_rows.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace switchboard::desk {

/// It has a callback that is still to come.
bool is_called_later(const store::ticket_at_hand& at);

/// What becomes of a ticket while it is being decided: the steps that decisions are made of. Each takes what it needs
/// from what is at hand, and keeps the promise in step.
class ticket_plan {
public:
    /// `by`: who does it; empty: the system.
    ticket_plan(const store::ticket_at_hand& at, std::optional<std::int64_t> by);

    /// The row, which changes.
    store::ticket_record& row();

    void leave(std::string note) { out_.note = std::move(note); }
    void end_draft(std::string kind) { out_.ends_draft = std::move(kind); }
    void end_offers(std::string reason) { out_.ends_offers = std::move(reason); }
    void end_wrapup_of(std::int64_t agent) { out_.ends_wrapup_of = agent; }
    void change_reply(store::reply_change what) { out_.sent = what; }

    /// The first answer, if there was none.
    void reply(store::outgoing_reply words);
    /// What was met by an answer at that time, or with it, is open again.
    void take_back_answer(timestamp sent_at);
    /// The same of one with which the ticket was solved: it waits as it did before.
    void take_back_solution(timestamp sent_at);
    void keep_identity(party identity);

    /// A new callback: the ticket leaves its agent, and is held until then, or waits.
    void promise_call(callback c, bool may_wait);
    /// The same, and nothing but that.
    void add_callback(callback c);
    /// Of the open callback, if there is one.
    void cancel_callback();
    void call_now();
    /// An attempt, and what follows from it: `agent` made the call, or a gateway did. A gateway's takes the ticket from
    /// nobody who has got it meanwhile.
    after_attempt::kind conclude_attempt(std::optional<std::int64_t> agent, std::string result, std::string note);
    /// The window has ended before anybody called.
    void miss_callback();
    /// This gateway calls.
    void dial(std::int64_t gateway);

    /// Promised, moved, due, kept or dropped; what its clock has to say of it stands in the ledger.
    void change_follow_up(store::follow_up_change what);
    /// One that a reply had kept is to be kept again: the reply was taken back. None follows it any more.
    void reopen_follow_up(const store::kept_follow_up& what);

    /// Nobody is on the line any more: what is left of a call can wait.
    void wait_on();
    /// Solved, and not by anybody.
    void close();
    /// Nobody's work while its owner is not there.
    void park();
    /// It goes back to its queue, and why is kept with routing's reasons.
    void give_up(const std::string& cause);
    /// It was never answered.
    void miss() { out_.was_missed = true; }
    /// What its customer waited for has come, whoever brought it.
    void answer(std::string_view how);

    /// In its queue at its old place, and nobody's.
    void wait();
    /// The same, for who had it last first.
    void wait_again();
    void hold(timestamp until);
    /// Nobody's, and on hold as long as before.
    void rest_without_owner();
    /// As this, an id of its queue's list. After a live contact its agent has time for wrap-up, if it is he who does
    /// it.
    void solve(const disposition& as);
    /// A new wait, as if it had come now.
    void begin_anew();
    /// To where it is to go, with what it needs there. One that is to be called back waits for that there.
    void move(std::string_view reason);
    /// What is promised now, where that has become something else.
    void follow_terms(std::string_view reason);
    /// Somebody has it in hand from now on.
    void hand_to(const taker& who, events::taking how, std::string reason = {});
    /// Whoever else is offered it is so no longer.
    void accept(const store::offer_at_hand& offer);
    /// Others may be offered it still.
    void decline(const store::offer_at_hand& offer, std::string reason);

    store::ticket_changes with_event(events::ticket_changed what) &&;
    /// The same with the callback in it that was changed.
    store::ticket_changes with_callback(events::ticket_change what) &&;
    store::ticket_changes without_event() && { return std::move(out_); }

private:
    void keep(const sla::promise& p, sla::promise::lines told);
    void resume_promise();
    /// What the clock of a follow-up says, in the ledger.
    void tell_follow_up(const store::follow_up_change& what);
    /// To have it in hand is the first answer, where a person is on the line.
    void take_up();
    void end_callback(callback_state how);

    const store::ticket_at_hand& at_;
    store::ticket_changes out_;
    sla::promise promise_;
    sla::business_hours hours_; // those that it was made by
};

} // namespace switchboard::desk
