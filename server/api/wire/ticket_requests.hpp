#pragma once

#include "api/wire/describe.hpp"
#include "api/wire/types.hpp"

#include <switchboard/model/time.hpp>

#include <optional>

/// What agents and supervisors ask for.
namespace switchboard::api {

struct contact_query {
    std::optional<one_of<"quarantined">> outcome;
    std::optional<integer<1, 200>> limit;
    std::optional<text<0, 40>> after;
};
DESCRIBE(contact_query, (outcome, "Which contacts; it must be said."), (limit, "How many at most."),
         (after, "Where to go on: `next` of the part before."))

struct replay_request {
    std::optional<text<1, 63>> gateway; // absent = all
    std::optional<id_number> after;     // where the answer before this one stopped
    std::optional<integer<1, 200>> limit;
};
DESCRIBE(replay_request, (gateway, "Only contacts of the gateway of this name; absent: of all."),
         (after, "Where to go on: `next` of the round before."), (limit, "How many at most."))

struct attachment_query {
    std::optional<one_of<"0", "1">> show; // "inline" on the wire
};
DESCRIBE(attachment_query, (show, "1 shows pictures and PDF in place of saving them."))
template <>
struct field<&attachment_query::show> : plain_field {
    static constexpr std::string_view name = "inline";
};

struct picture_query {
    std::optional<integer<1, 100'000>> n; // which of remote_pictures, from 1
};
DESCRIBE(picture_query, (n, "Which of remote_pictures, from 1; it must be said."))

struct ticket_query {
    // open: not solved; in_hand: active or parked; solved_today: since midnight of the database's time zone
    std::optional<one_of<"open", "waiting", "offered", "active", "parked", "in_hand", "held", "solved", "solved_today">>
        state;
    std::optional<one_of<"waiting", "in_hand">> late; // past its promised time: nobody's yet, or somebody's
    std::optional<id_number> queue_id;
    std::optional<text<1, 20>> owner_id; // a user's id, or me
    std::optional<channel_name> channel;
    std::optional<id_number> customer_id;
    std::optional<text<0, 200>> q;
    std::optional<one_of<"last_contact_at", "-last_contact_at", "enqueue_at", "-enqueue_at", "id", "-id">> sort;
    std::optional<integer<1, 200>> limit;
    std::optional<text<0, 80>> after;
};
DESCRIBE(ticket_query,
         (state,
          "Only tickets in this state. open: not solved; in_hand: active or parked; solved_today: since midnight."),
         (late, "Only tickets past their promised time: those that wait, or those in hand."),
         (queue_id, "Only tickets of this queue."), (owner_id, "Only tickets of this agent: a number, or me."),
         (channel, "Only tickets of this channel."), (customer_id, "Only tickets of this customer."),
         (q, "Only tickets in whose subject, customer and addresses each of these words stands, or whose number is "
             "among them."),
         (sort, "The order; - is the greatest first."), (limit, "How many at most."),
         (after, "Where to go on: `next` of the part before."))

struct ticket_patch {
    std::optional<text<0, 500>> subject;
    std::optional<integer<0, 9>> priority;
    std::optional<integer<0, 3>> tier;
    std::optional<text<0, 35>> language;
    std::optional<integer<0, 9>> difficulty;
};
DESCRIBE(ticket_patch, (subject, "What it is about."), (priority, "How urgent it is: 9 is the most."),
         (tier, "Tickets of a lower number are served first: 0 before all others."),
         (language, "The language that it is in, by BCP 47."), (difficulty, "How hard it is: 9 is the most."))

struct timeline_query {
    std::optional<integer<1, 200>> limit;
    std::optional<text<0, 80>> before;
};
DESCRIBE(timeline_query, (limit, "How many at most."), (before, "Where to go on: `previous` of the part before."))

using words = text<1, 100'000>;

struct note_create {
    words text;
    std::optional<id_number> draft_version; // of the author's draft that this is: it ends with it
};
DESCRIBE(note_create, (text, "What it says."),
         (draft_version, "The version of the author's draft that this is; the draft ends with it."))

struct recipient {
    label<320> value;
    std::optional<text<0, 200>> name;
};
DESCRIBE(recipient, (value, "The address."), (name, "The name that stands with it."))

struct reply_attachment {
    label<255> name;
    label<127> type;
    text<0, 34'000'000> content; // base64
};
DESCRIBE(reply_attachment, (name, "The name of the file."), (type, "Its media type."),
         (content, "Its bytes, in base64."))

struct reply_create {
    words text;
    std::optional<api::text<0, 500'000>> html;
    std::optional<list<recipient, 50>> to;
    std::optional<list<recipient, 50>> cc;
    std::optional<list<reply_attachment, 20>> attachments;
    std::optional<list<id_number, 20>> draft_files; // files of the author's draft
    std::optional<label<60>> solve;                 // the id of a disposition of the ticket's queue
    std::optional<name_in<draft_channel>> channel;  // to a chat's visitor who has left his address
    std::optional<id_number> draft_version;         // of the author's draft that this is: it ends with it
};
DESCRIBE(reply_create, (text, "What it says, as plain text."), (html, "The same as HTML."),
         (to, "Whom it goes to; absent: as the ticket's `reply` says."),
         (cc, "Who gets a copy; absent: as the ticket's `reply` says."), (attachments, "Files that go with it."),
         (draft_files, "Files of the author's draft that go with it, by their numbers."),
         (solve, "Solves the ticket with it: the id of a disposition of its queue."),
         (channel, "email: to a chat's visitor who has left an address."),
         (draft_version, "The version of the author's draft that this is; the draft ends with it."))

struct draft_put {
    api::text<0, 100'000> text;
    std::optional<list<recipient, 50>> to;
    std::optional<list<recipient, 50>> cc;
    std::optional<name_in<draft_channel>> channel;
    std::optional<id_number> basis; // the newest contact that the author knew when it was begun
};
DESCRIBE(draft_put, (text, "What it says."), (to, "Whom it would go to."), (cc, "Who would get a copy."),
         (channel, "The channel, if it is not the ticket's own."),
         (basis, "The newest contact that the author knew when it was begun."))

struct read_put {
    std::optional<id_number> contact_id; // the last one read; absent = none
};
DESCRIBE(read_put, (contact_id, "The last contact that was read; absent: none."))

struct transfer_request {
    id_number queue_id;
    std::optional<words> note;
};
DESCRIBE(transfer_request, (queue_id, "Where it shall wait."), (note, "What the next agent should know."))

struct escalate_request {
    label<1000> reason;
};
DESCRIBE(escalate_request, (reason, "Why it is escalated."))

struct hold_request {
    timestamp until{};
    std::optional<words> note;
};
DESCRIBE(hold_request, (until, "When it comes back by itself, at most a year ahead."), (note, "Why it is put on hold."))

struct solve_request {
    label<60> disposition; // the id of one of the ticket's queue
    std::optional<words> note;
};
DESCRIBE(solve_request, (disposition, "The id of a disposition of its queue."),
         (note, "What should be remembered of it."))

struct wrapup_done_request {
    std::optional<label<60>> disposition; // replaces that of the solved ticket
};
DESCRIBE(wrapup_done_request, (disposition, "Replaces that of the solved ticket."))

/// {}: what resume, reopen and accept take.
struct nothing_more {};
BOOST_DESCRIBE_STRUCT(nothing_more, (), ())

struct decline_request {
    label<200> reason;
};
DESCRIBE(decline_request, (reason, "Why it is declined."))

struct presence_put {
    name_in<presence_state> state;
    std::optional<list<channel_name, 7>> channels;
    std::optional<text<0, 100>> reason;
    std::optional<bool> after_current;
};
DESCRIBE(presence_put, (state, "Whether the agent accepts work."),
         (channels, "The channels that are accepted; absent: all of the profile's."),
         (reason, "Why not: the name of an absence reason."),
         (after_current, "Whether it takes effect when the work in hand is done."))

struct keep_claim_request {
    one_of<"email", "tel"> kind;
    label<320> value; // as the ticket's visitor says it
};
DESCRIBE(keep_claim_request, (kind, "Which of the visitor's words is kept."),
         (value, "The address or number, as the ticket's visitor says it."))

struct chat_session_create {
    std::optional<text<0, 200>> name;
    std::optional<text<0, 320>> email;
    std::optional<text<0, 2000>> page_url;
    std::optional<text<0, 35>> language;
};
DESCRIBE(chat_session_create, (name, "The visitor's name."), (email, "Where mail reaches the visitor."),
         (page_url, "The page that the visitor is on."), (language, "The visitor's language, by BCP 47."))

/// A file of a visitor's; without a name and a type it gets them.
struct chat_file {
    std::optional<std::string> name, type;
    text<0, 34'000'000> content; // base64
};
DESCRIBE(chat_file, (name, "The name of the file."), (type, "Its media type."), (content, "Its bytes, in base64."))

/// A frame of the website chat; docs/chat.md.
struct chat_message_create {
    one_of<"message"> type;
    label<36> client_msg_id; // a UUID
    std::optional<api::text<0, 20'000>> text;
    std::optional<list<chat_file, 20>> attachments;
};
DESCRIBE(chat_message_create, (type, "What it is: a message."),
         (client_msg_id, "A UUID of the sender's: a repeat with the same one is no new message."),
         (text, "What it says."), (attachments, "Files that go with it."))

template <>
inline constexpr bool may_say_more<chat_file> = true;
template <>
inline constexpr bool may_say_more<chat_message_create> = true;

} // namespace switchboard::api
