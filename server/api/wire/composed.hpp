#pragma once

#include "api/wire/answers.hpp"

#include <switchboard/model/audit_entry.hpp>
#include <switchboard/model/role.hpp>
#include <switchboard/model/signed_in_session.hpp>
#include <switchboard/model/states.hpp>
#include <switchboard/model/token.hpp>
#include <switchboard/model/user.hpp>

#include <optional>
#include <string>
#include <vector>

/// Answers that put several things together.
namespace switchboard::api {

template <>
struct field<&audit_entry::details> : detail::json_object {};
template <>
struct field<&audit_entry::changes> : detail::json_object {};
template <>
struct field<&audit_entry::what> : name_field<audit_kind> {};

struct session_answer {
    switchboard::user user;
    std::vector<grant> grants; // by all of the user's roles
    bool takes_work = false;
    std::string csrf_token;
    timestamp server_time{};
};
DESCRIBE(session_answer, (user, "Who is signed in."), (grants, "What the user may do, by all of his roles."),
         (takes_work, "Whether his roles permit that he is given tickets."),
         (csrf_token, "What X-CSRF-Token must say in every change by cookie."), (server_time, "The server's clock."))

struct current_session {
    std::optional<session_answer> session;
};
DESCRIBE(current_session, (session, "The session; empty: nobody is signed in here."))

struct own_sessions {
    std::vector<signed_in_session> items;
};
DESCRIBE(own_sessions, (items, "The sessions that are open."))

struct queue_members {
    std::vector<queue_member> items;
};
DESCRIBE(queue_members, (items, "The members."))

/// A new token with its secret, which is shown this once.
struct created_token : switchboard::token {
    switchboard::text<1, 100> token;
};
DESCRIBE_DERIVED(created_token, switchboard::token, (token, "The secret, which is shown this once."))

struct gateway_kinds {
    std::vector<gateway_kind> items;
};
DESCRIBE(gateway_kinds, (items, "The kinds."))

struct intake_item {
    std::optional<std::int64_t> contact_id{};
    std::optional<std::int64_t> ticket_id{};
    std::optional<std::string> ticket_number{};
    std::string outcome;
    bool duplicate = false;
};
DESCRIBE(intake_item, (contact_id, "The contact that was made."), (ticket_id, "The ticket that it belongs to."),
         (ticket_number, "The number that customers are told."), (outcome, "What became of it."),
         (duplicate, "Whether it was there already."))
template <>
struct field<&intake_item::outcome> : name_field<intake_outcome> {};

/// Of one record; of several, the first one's fields, and all of them as items.
struct intake_answer : intake_item {
    std::optional<std::string> detail; // why, where something was not taken as it came
    std::vector<intake_item> items;
};
DESCRIBE_DERIVED(intake_answer, intake_item, (detail, "Why something was not taken as it came."),
                 (items, "Each record that was handed in."))

struct contact_html {
    std::string html;
    std::int64_t blocked_remote = 0;          // pictures that would have been fetched from elsewhere
    std::vector<std::string> remote_pictures; // the addresses in data-remote-src, each once: the nth is picture?n=
};
DESCRIBE(contact_html, (html, "The HTML, made safe to show."),
         (blocked_remote, "How many pictures would have been fetched from elsewhere."),
         (remote_pictures, "Their addresses, each once: the first is picture?n=1."))

struct reply_answer {
    contact_record contact;
    switchboard::ticket ticket;
};
DESCRIBE(reply_answer, (contact, "The reply."), (ticket, "The ticket as it is now."))

struct offer_answer {
    switchboard::offer offer;
};
DESCRIBE(offer_answer, (offer, "The offer."))

struct accept_answer {
    switchboard::offer offer;
    switchboard::ticket ticket;
};
DESCRIBE(accept_answer, (offer, "The offer."), (ticket, "The ticket, whole."))

struct agents_overview {
    std::vector<agent_state> items;
};
DESCRIBE(agents_overview, (items, "Each agent."))

struct system_state {
    std::vector<std::string> troubles;
};
DESCRIBE(system_state, (troubles, "What is wrong with the system, in words; empty: nothing."))

struct chat_session_answer {
    std::string session;
    std::string token;
    std::int64_t seq = 0;
};
DESCRIBE(chat_session_answer, (session, "The session's id."),
         (token, "What Chat-Token must say in every request of the session."), (seq, "The number of its last message."))

struct chat_state {
    bool open = true;
    std::optional<timestamp> opens_at; // while it is closed; empty: nobody knows
    bool mail = false;                 // an answer or the transcript can come by mail
};
DESCRIBE(chat_state, (open, "Whether somebody can be written to now."),
         (opens_at, "When it opens, while it is closed; empty: nobody knows."),
         (mail, "Whether an answer or the transcript can come by mail."))

struct chat_message_answer {
    std::int64_t seq = 0;
};
DESCRIBE(chat_message_answer, (seq, "The number of the message in its session."))

} // namespace switchboard::api
