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
BOOST_DESCRIBE_STRUCT(contact_query, (), (outcome, limit, after))

struct replay_request {
    std::optional<text<1, 63>> gateway; // absent = all
    std::optional<id_number> after;     // where the answer before this one stopped
    std::optional<integer<1, 200>> limit;
};
BOOST_DESCRIBE_STRUCT(replay_request, (), (gateway, after, limit))

struct attachment_query {
    std::optional<one_of<"0", "1">> show; // "inline" on the wire
};
BOOST_DESCRIBE_STRUCT(attachment_query, (), (show))
template <>
struct field<&attachment_query::show> : plain_field {
    static constexpr std::string_view name = "inline";
};

struct picture_query {
    std::optional<integer<1, 100'000>> n; // which of remote_pictures, from 1
};
BOOST_DESCRIBE_STRUCT(picture_query, (), (n))

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
BOOST_DESCRIBE_STRUCT(ticket_query, (), (state, late, queue_id, owner_id, channel, customer_id, q, sort, limit, after))

struct ticket_patch {
    std::optional<text<0, 500>> subject;
    std::optional<integer<0, 9>> priority;
    std::optional<integer<0, 3>> tier;
    std::optional<text<0, 35>> language;
    std::optional<integer<0, 9>> difficulty;
};
BOOST_DESCRIBE_STRUCT(ticket_patch, (), (subject, priority, tier, language, difficulty))

struct timeline_query {
    std::optional<integer<1, 200>> limit;
    std::optional<text<0, 80>> before;
};
BOOST_DESCRIBE_STRUCT(timeline_query, (), (limit, before))

using words = text<1, 100'000>;

struct note_create {
    words text;
    std::optional<id_number> draft_version; // of the author's draft that this is: it ends with it
};
BOOST_DESCRIBE_STRUCT(note_create, (), (text, draft_version))

struct recipient {
    label<320> value;
    std::optional<text<0, 200>> name;
};
BOOST_DESCRIBE_STRUCT(recipient, (), (value, name))

struct reply_attachment {
    label<255> name;
    label<127> type;
    text<0, 34'000'000> content; // base64
};
BOOST_DESCRIBE_STRUCT(reply_attachment, (), (name, type, content))

struct reply_create {
    words text;
    std::optional<api::text<0, 500'000>> html;
    std::optional<list<recipient, 50>> to;
    std::optional<list<recipient, 50>> cc;
    std::optional<list<reply_attachment, 20>> attachments;
    std::optional<list<id_number, 20>> draft_files; // files of the author's draft
    std::optional<label<60>> solve;                 // the id of a disposition of the ticket's queue
    std::optional<one_of<"email">> channel;         // to a chat's visitor who has left his address
    std::optional<id_number> draft_version;         // of the author's draft that this is: it ends with it
};
BOOST_DESCRIBE_STRUCT(reply_create, (), (text, html, to, cc, attachments, draft_files, solve, channel, draft_version))

struct draft_put {
    api::text<0, 100'000> text;
    std::optional<list<recipient, 50>> to;
    std::optional<list<recipient, 50>> cc;
    std::optional<one_of<"email">> channel;
    std::optional<id_number> basis; // the newest contact that the author knew when it was begun
};
BOOST_DESCRIBE_STRUCT(draft_put, (), (text, to, cc, channel, basis))

struct read_put {
    std::optional<id_number> contact_id; // the last one read; absent = none
};
BOOST_DESCRIBE_STRUCT(read_put, (), (contact_id))

struct transfer_request {
    id_number queue_id;
    std::optional<words> note;
};
BOOST_DESCRIBE_STRUCT(transfer_request, (), (queue_id, note))

struct escalate_request {
    label<1000> reason;
};
BOOST_DESCRIBE_STRUCT(escalate_request, (), (reason))

struct hold_request {
    timestamp until{};
    std::optional<words> note;
};
BOOST_DESCRIBE_STRUCT(hold_request, (), (until, note))

struct solve_request {
    label<60> disposition; // the id of one of the ticket's queue
    std::optional<words> note;
};
BOOST_DESCRIBE_STRUCT(solve_request, (), (disposition, note))

struct wrapup_done_request {
    std::optional<label<60>> disposition; // replaces that of the solved ticket
};
BOOST_DESCRIBE_STRUCT(wrapup_done_request, (), (disposition))

/// {}: what resume, reopen and accept take.
struct nothing_more {};
BOOST_DESCRIBE_STRUCT(nothing_more, (), ())

struct decline_request {
    label<200> reason;
};
BOOST_DESCRIBE_STRUCT(decline_request, (), (reason))

struct presence_put {
    one_of<"ready", "not_ready", "offline"> state;
    std::optional<list<channel_name, 7>> channels;
    std::optional<text<0, 100>> reason;
    std::optional<bool> after_current;
};
BOOST_DESCRIBE_STRUCT(presence_put, (), (state, channels, reason, after_current))

struct keep_claim_request {
    one_of<"email", "tel"> kind;
    label<320> value; // as the ticket's visitor says it
};
BOOST_DESCRIBE_STRUCT(keep_claim_request, (), (kind, value))

struct chat_session_create {
    std::optional<text<0, 200>> name;
    std::optional<text<0, 320>> email;
    std::optional<text<0, 2000>> page_url;
    std::optional<text<0, 35>> language;
};
BOOST_DESCRIBE_STRUCT(chat_session_create, (), (name, email, page_url, language))

/// A frame of the website chat; docs/chat.md.
struct chat_message_create {
    one_of<"message"> type;
    label<36> client_msg_id; // a UUID
    std::optional<api::text<0, 20'000>> text;
    std::optional<list<reply_attachment, 20>> attachments;
};
BOOST_DESCRIBE_STRUCT(chat_message_create, (), (type, client_msg_id, text, attachments))

} // namespace switchboard::api
