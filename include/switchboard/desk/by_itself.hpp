#pragma once

#include <switchboard/store/desk_rows.hpp>
#include <switchboard/store/rules.hpp>

#include <optional>
#include <string>

/// What happens to tickets without anybody of ours, decided as what people do is.
namespace switchboard::desk {

/// The end of a hold: at its time, or since the customer wrote. The ticket is its owner's at once where he is ready for
/// it and could take it; else it waits in its queue, and he is asked first.
store::ticket_changes end_of_hold(const store::ticket_at_hand& at);

/// Nobody has called while the window of its callback was open: an agent writes instead.
store::ticket_changes end_of_window(const store::ticket_at_hand& at);
/// Nothing was heard of the call that a gateway was told to make.
store::ticket_changes end_of_dialling(const store::ticket_at_hand& at);
/// A gateway is to make the call now.
store::ticket_changes turn_to_dial(const store::ticket_at_hand& at);

/// A promise to come back is due. A ticket that is solved, on hold or put aside for somebody absent is work again: its
/// agent's at once where he is ready for it and could take it; else it waits in its queue, and he is asked first. One
/// that is at work, waits, or has a callback stays as it is.
store::ticket_changes turn_of_follow_up(const store::ticket_at_hand& at);

/// Its customer has left. Offers are rescinded with that cause, and its last contact counts as missed if it was never
/// answered; then it becomes what its queue's left_action says. Whoever has talked to somebody is not called back: what
/// is left to do waits, and not as a call. One that somebody has in hand, or that is on hold, stays where it is.
store::ticket_changes end_of_waiting(const store::ticket_at_hand& at, store::leaving how);
/// Somebody was answered after all: he need not be called back, if that is what the queue had promised by itself.
std::optional<store::ticket_changes> late_answer(const store::ticket_at_hand& at);

/// Its owner is not there, and has it in hand: it goes back to its queue, at its old place, or is put aside for him.
store::ticket_changes absence_of_owner(const store::ticket_at_hand& at, const std::string& what_became,
                                       bool cannot_wait);

/// All of these, for where they are committed among other work.
store::clock_rules rules_of_the_clock();
store::customer_rules rules_of_customers();

} // namespace switchboard::desk
