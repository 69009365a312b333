#pragma once

#include "api/wire/answers.hpp"

#include <switchboard/model/security_event.hpp>
#include <switchboard/model/signed_in_session.hpp>

#include <optional>
#include <string>
#include <vector>

namespace switchboard {

BOOST_DESCRIBE_STRUCT(signed_in_session, (), (id, address, user_agent, created_at, last_seen_at, expires_at, current))

} // namespace switchboard

/// Answers that put several things together.
namespace switchboard::api {

template <>
struct field<&security_event::details> : detail::json_object {};

struct session_answer {
    switchboard::user user;
    std::string csrf_token;
    timestamp server_time{};
};
BOOST_DESCRIBE_STRUCT(session_answer, (), (user, csrf_token, server_time))

struct current_session {
    std::optional<session_answer> session;
};
BOOST_DESCRIBE_STRUCT(current_session, (), (session))

struct own_sessions {
    std::vector<signed_in_session> items;
};
BOOST_DESCRIBE_STRUCT(own_sessions, (), (items))

struct queue_members {
    std::vector<queue_member> items;
};
BOOST_DESCRIBE_STRUCT(queue_members, (), (items))

/// A new token with its secret, which is shown this once.
struct created_token : api_token {
    std::string token;
};
BOOST_DESCRIBE_STRUCT(created_token, (api_token), (token))

struct gateway_kinds {
    std::vector<gateway_kind> items;
};
BOOST_DESCRIBE_STRUCT(gateway_kinds, (), (items))

struct intake_item {
    std::optional<std::int64_t> contact_id{};
    std::optional<std::int64_t> ticket_id{};
    std::optional<std::string> ticket_number{};
    std::string outcome;
    bool duplicate = false;
};
BOOST_DESCRIBE_STRUCT(intake_item, (), (contact_id, ticket_id, ticket_number, outcome, duplicate))
template <>
struct field<&intake_item::outcome> : plain_field {
    static constexpr std::string_view choices = "ticketed|bounce|event|quarantined|ignored|refused";
};

/// Of one record; of several, the first one's fields, and all of them as items.
struct intake_answer : intake_item {
    std::optional<std::string> detail; // why, where something was not taken as it came
    std::vector<intake_item> items;
};
BOOST_DESCRIBE_STRUCT(intake_answer, (intake_item), (detail, items))

struct contact_html {
    std::string html;
    std::int64_t blocked_remote = 0;          // pictures that would have been fetched from elsewhere
    std::vector<std::string> remote_pictures; // the addresses in data-remote-src, each once: the nth is picture?n=
};
BOOST_DESCRIBE_STRUCT(contact_html, (), (html, blocked_remote, remote_pictures))

struct reply_answer {
    contact_record contact;
    switchboard::ticket ticket;
};
BOOST_DESCRIBE_STRUCT(reply_answer, (), (contact, ticket))

struct offer_answer {
    switchboard::offer offer;
};
BOOST_DESCRIBE_STRUCT(offer_answer, (), (offer))

struct accept_answer {
    switchboard::offer offer;
    switchboard::ticket ticket;
};
BOOST_DESCRIBE_STRUCT(accept_answer, (), (offer, ticket))

struct agents_overview {
    std::vector<agent_state> items;
};
BOOST_DESCRIBE_STRUCT(agents_overview, (), (items))

struct system_state {
    std::vector<std::string> troubles;
};
BOOST_DESCRIBE_STRUCT(system_state, (), (troubles))

struct chat_session_answer {
    std::string session;
    std::string token;
    std::int64_t seq = 0;
};
BOOST_DESCRIBE_STRUCT(chat_session_answer, (), (session, token, seq))

struct chat_state {
    bool open = true;
    std::optional<timestamp> opens_at; // while it is closed; empty: nobody knows
    bool mail = false;                 // an answer or the transcript can come by mail
};
BOOST_DESCRIBE_STRUCT(chat_state, (), (open, opens_at, mail))

struct chat_message_answer {
    std::int64_t seq = 0;
};
BOOST_DESCRIBE_STRUCT(chat_message_answer, (), (seq))

} // namespace switchboard::api
