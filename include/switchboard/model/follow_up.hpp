#pragma once

#include <switchboard/model/describe.hpp>
#include <switchboard/model/ticket.hpp>

#include <chrono>

namespace switchboard {

/// A promise to come back to a customer. The fields are the wire's.
struct follow_up {
    std::int64_t id = 0;
    std::int64_t ticket_id = 0;
    named owner;
    std::string state;                  // open due done dropped
    std::optional<std::string> outcome; // kept late broken
    timestamp due_at{};
    std::int64_t remind_s = 0;
    std::string channel;
    std::string reason;
    std::string said_to;
    std::string time_zone; // IANA; empty = not known
    std::string repeats;   // never days weekly monthly
    std::optional<std::int64_t> repeat_days;
    timestamp series_from{};
    bool missed = false;
    std::int64_t version = 1;
    timestamp created_at{};
    std::optional<timestamp> ended_at;
    std::optional<named> ended_by;
    std::string ended_note;
    std::optional<std::int64_t> contact_id;
};
DESCRIBE(follow_up, (id, "Its number."), (ticket_id, "The ticket that it belongs to."), (owner, "Who promised it."),
         (state, "Where it is: open until its time, due until somebody ends it."),
         (outcome, "What became of the promise; empty: nothing yet, or it was taken back before its time."),
         (due_at, "When the customer is to hear from us."),
         (remind_s, "How long before that it stands in the owner's work, in seconds."),
         (channel, "How the customer is to hear from us."), (reason, "Why we come back."),
         (said_to, "To whom it was promised."),
         (time_zone, "Where the customer's clock hangs: an IANA name; empty: not known."),
         (repeats, "Whether another follows when it is kept, and when."),
         (repeat_days, "After how many days, where it repeats after days."),
         (series_from, "The time from which repetitions are counted."),
         (missed, "Whether it was moved when it was late already: it can only be kept late."),
         (version, "Grows with each change; If-Match compares it."), (created_at, "When it was promised."),
         (ended_at, "When it was ended; empty: it is to be kept still."), (ended_by, "Who ended it."),
         (ended_note, "What was said about its end."), (contact_id, "The contact by which it was kept."))

/// One in a list, with the ticket that it belongs to.
struct listed_follow_up : follow_up {
    ticket_summary ticket;
};
DESCRIBE_DERIVED(listed_follow_up, follow_up, (ticket, "The ticket that it belongs to."))

/// So long after its time it is kept in time still.
inline constexpr std::chrono::minutes follow_up_grace{15};

} // namespace switchboard
