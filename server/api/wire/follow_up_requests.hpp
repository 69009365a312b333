#pragma once

#include "api/wire/describe.hpp"
#include "api/wire/types.hpp"

#include <switchboard/model/time.hpp>

#include <optional>

/// What is asked of promises to come back.
namespace switchboard::api {

using short_words = label<2000>;

struct follow_up_request {
    timestamp due_at{};
    channel_name channel;
    short_words reason;
    std::optional<text<0, 200>> said_to;
    std::optional<integer<0, 604'800>> remind_s;
    std::optional<text<0, 64>> time_zone; // absent = the customer's
    std::optional<name_in<follow_up_repeat>> repeats;
    std::optional<integer<1, 366>> repeat_days;
};
DESCRIBE(follow_up_request, (due_at, "When the customer is to hear from us, at most two years ahead."),
         (channel, "How the customer is to hear from us."), (reason, "Why we come back."),
         (said_to, "To whom it is promised."),
         (remind_s, "How long before that it stands in the owner's work, in seconds; absent: 15 minutes."),
         (time_zone, "Where the customer's clock hangs: an IANA name; absent: as the customer's file says."),
         (repeats, "Whether another follows when it is kept, and when; absent: never."),
         (repeat_days, "After how many days, where it repeats after days."))

struct follow_up_move_request {
    timestamp due_at{};
    short_words reason;
};
DESCRIBE(follow_up_move_request, (due_at, "When the customer is to hear from us now, at most two years ahead."),
         (reason, "Why it is moved."))

struct follow_up_keep_request {
    std::optional<text<0, 2000>> note;
    std::optional<id_number> contact_id;
};
DESCRIBE(follow_up_keep_request, (note, "What should be remembered of it."),
         (contact_id, "The reply by which it was kept: of its ticket, sent since it was promised."))

struct follow_up_drop_request {
    short_words reason;
};
DESCRIBE(follow_up_drop_request, (reason, "Why nobody comes back."))

struct follow_up_query {
    std::optional<text<1, 20>> owner_id; // a user's id, or me
    std::optional<name_in<follow_up_state>> state;
    std::optional<id_number> queue_id;
    std::optional<integer<1, 200>> limit;
    std::optional<text<0, 80>> after;
};
DESCRIBE(follow_up_query,
         (owner_id, "Only what this user promised, and of the tickets that this user has: a number, or me."),
         (state, "Only those in this state; absent: those to be kept, open or due."),
         (queue_id, "Only of tickets of this queue."), (limit, "How many at most."),
         (after, "Where to go on: `next` of the part before."))

} // namespace switchboard::api
