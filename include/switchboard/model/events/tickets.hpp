#pragma once

#include <switchboard/model/action.hpp>
#include <switchboard/model/describe.hpp>
#include <switchboard/model/event.hpp>
#include <switchboard/model/follow_up.hpp>
#include <switchboard/model/queue.hpp>
#include <switchboard/model/ticket.hpp>
#include <switchboard/model/time.hpp>

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What happens to tickets (model/events.hpp).
namespace switchboard::events {

struct note_added {
    static constexpr std::string_view type = "note.added";
    static constexpr audience to{permission::ticket_read};

    std::int64_t ticket_id = 0;
    switchboard::note note;
};
DESCRIBE(note_added, (ticket_id, "The ticket."), (note, "The note."))

/// Whose draft has begun or ended; not a word of it.
struct draft_changed {
    static constexpr std::string_view type = "draft.changed";
    static constexpr audience to{permission::ticket_read};

    std::int64_t ticket_id = 0;
    named agent;
    std::string kind; // reply note
    bool exists = false;
};
DESCRIBE(draft_changed, (ticket_id, "The ticket."), (agent, "Whose draft it is."),
         (kind, "Whether it becomes a reply or a note."), (exists, "Whether there is one now."))

/// In no log: who has a ticket open, and writes.
struct viewer_changed {
    static constexpr std::string_view type = "viewer.changed";
    static constexpr audience to{permission::ticket_read};

    std::int64_t ticket_id = 0;
    named agent;
    bool viewing = false;
    std::optional<std::string> writing{}; // reply note
};
DESCRIBE(viewer_changed, (ticket_id, "The ticket."), (agent, "Who it is."), (viewing, "Whether it is open there."),
         (writing, "What is being written there now, if anything is."))

/// In no log: a visitor is writing to the ticket's owner.
struct typing {
    static constexpr std::string_view type = "typing";
    static constexpr audience to{permission::team_watch};

    std::int64_t ticket_id = 0;
    std::string from = "customer";
    std::string name;
};
DESCRIBE(typing, (ticket_id, "The ticket."), (from, "That it is the customer."), (name, "The visitor's name."))

BOOST_DEFINE_FIXED_ENUM_CLASS(ticket_change, std::uint8_t, assigned, blocked, callback, callback_again,
                              callback_cancelled, callback_dialling, callback_done, callback_failed, callback_missed,
                              callback_moved, callback_scheduled, customer_left, customer_moved, edited, escalated,
                              held, identity_kept, overflowed, parked, put_aside, reopened, resumed, returned,
                              sla_breached, sla_repriced, solved, transferred, unparked, visitor_away, visitor_back,
                              visitor_named, voicemail, wrapup_done)

struct told_callback {
    std::int64_t id = 0;
    std::string state, mode, requested_by;
    timestamp not_before{};
    std::optional<timestamp> not_after{};
    std::int64_t attempts_allowed = 0, attempts = 0;
    std::optional<std::string> result{};
};
DESCRIBE(told_callback, (id, "Its number."), (state, "Where it is on its way."), (mode, "Who dials."),
         (requested_by, "Who asked for it."), (not_before, "When the next attempt may begin."),
         (not_after, "When it is too late; empty: never."), (attempts_allowed, "How often it is tried."),
         (attempts, "How often it was tried."), (result, "How the last attempt went; empty: there was none."))

struct kept_identity {
    std::string kind, value;
};
DESCRIBE(kept_identity, (kind, "What the address is."), (value, "The address itself."))

struct ticket_changed {
    static constexpr std::string_view type = "ticket.changed";
    static constexpr audience to{permission::ticket_read};

    ticket_change change{};
    std::optional<std::int64_t> released{};
    std::string cause{};
    std::optional<left_action> became{};
    std::optional<told_callback> callback{};
    std::optional<kept_identity> identity{};
    std::optional<std::string> disposition_was{};
    bool past_capacity = false;
    ticket_summary ticket{};
    std::optional<std::int64_t> by{};
    std::optional<std::int64_t> in_place_of{};
};
DESCRIBE(ticket_changed, (change, "What has happened."), (released, "The agent who does not have it in hand any more."),
         (cause, "Why, in words, where it happened by itself."),
         (became, "What became of it when its customer had left."), (callback, "The callback that it is about."),
         (identity, "What is known of the customer from now on."),
         (disposition_was, "How it was solved until now, in words."),
         (past_capacity, "Whether its agent got it beyond what the agent can have in hand."),
         (ticket, "The ticket as it is now."), (by, "Who did it; empty: the system."),
         (in_place_of, "Whose ticket it was, if somebody else did it."))

struct told_follow_up {
    std::int64_t ticket_id = 0;
    switchboard::follow_up follow_up;
    std::optional<std::int64_t> by{};
};
DESCRIBE(told_follow_up, (ticket_id, "The ticket."), (follow_up, "The follow-up as it is now."),
         (by, "Who did it; empty: the system."))

struct follow_up_promised : told_follow_up {
    static constexpr std::string_view type = "follow_up.promised";
    static constexpr audience to{permission::ticket_read};
};
BOOST_DESCRIBE_STRUCT(follow_up_promised, (told_follow_up), ())

struct follow_up_moved : told_follow_up {
    static constexpr std::string_view type = "follow_up.moved";
    static constexpr audience to{permission::ticket_read};

    timestamp was_due_at{};
    std::string reason;
};
DESCRIBE_DERIVED(follow_up_moved, told_follow_up, (was_due_at, "When it was due until now."), (reason, "Why."))

struct follow_up_due : told_follow_up {
    static constexpr std::string_view type = "follow_up.due";
    static constexpr audience to{permission::ticket_read};
};
BOOST_DESCRIBE_STRUCT(follow_up_due, (told_follow_up), ())

struct follow_up_kept : told_follow_up {
    static constexpr std::string_view type = "follow_up.kept";
    static constexpr audience to{permission::ticket_read};
};
BOOST_DESCRIBE_STRUCT(follow_up_kept, (told_follow_up), ())

struct follow_up_dropped : told_follow_up {
    static constexpr std::string_view type = "follow_up.dropped";
    static constexpr audience to{permission::ticket_read};
};
BOOST_DESCRIBE_STRUCT(follow_up_dropped, (told_follow_up), ())

/// The reply by which it was kept was taken back.
struct follow_up_reopened : told_follow_up {
    static constexpr std::string_view type = "follow_up.reopened";
    static constexpr audience to{permission::ticket_read};
};
BOOST_DESCRIBE_STRUCT(follow_up_reopened, (told_follow_up), ())

/// It was asked for, or has come a step further.
struct action_changed {
    static constexpr std::string_view type = "action.changed";
    static constexpr audience to{permission::ticket_read};

    std::int64_t ticket_id = 0;
    switchboard::action action;
    std::optional<std::int64_t> by{};
};
DESCRIBE(action_changed, (ticket_id, "The ticket."), (action, "The action as it is now."),
         (by, "Who did it; empty: the system."))

} // namespace switchboard::events
