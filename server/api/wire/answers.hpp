#pragma once

#include "api/wire/calendar.hpp"
#include "api/wire/describe.hpp"

#include <switchboard/intake/gateway_settings.hpp>
#include <switchboard/model/directory.hpp>
#include <switchboard/model/gateway_kind.hpp>
#include <switchboard/model/record.hpp>
#include <switchboard/model/ticket.hpp>

/// The fields of what is answered. The structs are the model's; here they become wire types.
namespace switchboard {

BOOST_DESCRIBE_STRUCT(named, (), (id, name))
BOOST_DESCRIBE_STRUCT(party, (), (kind, value, name))

// Configuration.
BOOST_DESCRIBE_STRUCT(agent_profile, (),
                      (id, name, role, active, grade, units, skills, licences, queues, channels, calendar_id, presence,
                       load, version))
BOOST_DESCRIBE_STRUCT(gateway_trouble, (), (contact_id, at, reason))
BOOST_DESCRIBE_STRUCT(gateway_setting, (), (name, type, label, help, example, choices))
BOOST_DESCRIBE_STRUCT(gateway_kind, (), (name, channel, title, about, door, content_type, sample, hook, settings))
BOOST_DESCRIBE_STRUCT(gateway_health, (), (last_success_at, last_error_at, last_error))
BOOST_DESCRIBE_STRUCT(gateway_record, (),
                      (id, name, kind, queue_id, settings, from_name, from_address, enabled, version, created_at,
                       health, last_contact_at, last_trouble))
BOOST_DESCRIBE_STRUCT(api_token, (), (id, name, scopes, gateway_ids, created_at, expires_at, revoked_at))
BOOST_DESCRIBE_STRUCT(identity, (), (kind, value, bounced_at, bounce_reason))
BOOST_DESCRIBE_STRUCT(customer, (),
                      (id, name, organization, language, timezone, jurisdiction, notes, identities, version,
                       created_at))

// Tickets.
BOOST_DESCRIBE_STRUCT(ticket_summary, (),
                      (id, number, state, queue, channel, customer, subject, tier, priority, language, owner,
                       enqueue_at, due_at, held_until, escalated, disposition, disposition_name, opened_at,
                       last_contact_at, solved_at, version))
BOOST_DESCRIBE_STRUCT(named_skill_need, (), (skill_id, name, min))
BOOST_DESCRIBE_STRUCT(named_licence_need, (), (licence_id, name, jurisdiction))
BOOST_DESCRIBE_STRUCT(related_ticket, (), (id, number, why))
BOOST_DESCRIBE_STRUCT(open_offer, (), (id, state, expires_at))
BOOST_DESCRIBE_STRUCT(mailbox, (), (name, address))
BOOST_DESCRIBE_STRUCT(reply_target, (), (kind, to, cc, others, reply_to, newcomers, bounced, from, by_mail))
BOOST_DESCRIBE_STRUCT(callback_attempt, (), (n, agent, at, result, note))
BOOST_DESCRIBE_STRUCT(callback, (),
                      (id, ticket_id, phone, mode, state, not_before, not_after, attempts_allowed, retry_s,
                       requested_by, note, created_at, ended_at, attempts))
BOOST_DESCRIBE_STRUCT(visitor, (), (name, email, phone, page_url, language, ended_at, away_since))
BOOST_DESCRIBE_STRUCT(read_marker, (), (contact_id, at))
BOOST_DESCRIBE_STRUCT(listed_ticket, (ticket_summary), (unread))
BOOST_DESCRIBE_STRUCT(ticket, (ticket_summary),
                      (difficulty, skills, licences, related, gateway, offer, reply, wrapup_until, sla, left_message,
                       callback, phone, visitor, read, cannot_take))
BOOST_DESCRIBE_STRUCT(offer, (), (id, ticket, agent_id, channel, state, created_at, expires_at, waited_s, why))
BOOST_DESCRIBE_STRUCT(presence, (), (agent_id, state, channels, reason, after_current, since))
BOOST_DESCRIBE_STRUCT(note, (), (id, ticket_id, author, text, created_at))

// Contacts and the timeline.
BOOST_DESCRIBE_STRUCT(attachment_record, (), (id, name, type, size, sha256, is_inline, content_id))
BOOST_DESCRIBE_STRUCT(contact_record, (),
                      (id, channel, direction, gateway, external_id, thread_key, from, to, cc, reply_to, subject, text,
                       html, text_reply, attachments, occurred_at, received_at, duration_s, language, flags, quarantine,
                       details, ticket_id, outcome, delivery, delivery_detail, sends_at, author))
BOOST_DESCRIBE_STRUCT(timeline_event, (), (id, type, actor, data))
BOOST_DESCRIBE_STRUCT(timeline_entry, (), (kind, at, contact, note, event))
BOOST_DESCRIBE_STRUCT(timeline, (), (items, previous))

// The desk and the supervisor's view.
BOOST_DESCRIBE_STRUCT(work_ticket, (listed_ticket), (offer_state, wrapup_until, live))
BOOST_DESCRIBE_STRUCT(customer_tickets, (), (items, next, hidden))
BOOST_DESCRIBE_STRUCT(availability, (), (state, until))
BOOST_DESCRIBE_STRUCT(work, (),
                      (server_time, cursor, presence, availability, offers, tickets, wrapup, queues, channels))
BOOST_DESCRIBE_STRUCT(queue_state, (),
                      (queue, waiting, oldest_wait_s, offered, active, agents_ready, agents_busy, agents_not_ready,
                       solved_today, late_waiting, late_in_hand))
BOOST_DESCRIBE_STRUCT(queue_overview, (), (server_time, items))
BOOST_DESCRIBE_STRUCT(held_ticket, (), (id, number, channel, state))
BOOST_DESCRIBE_STRUCT(agent_state, (), (agent, presence, state, load, tickets))

} // namespace switchboard

namespace switchboard::api {

namespace detail {
struct json_object : plain_field {
    static constexpr bool json = true;
};
struct a_channel : plain_field {
    static constexpr std::string_view choices = "phone|chat|email|fax|post|walkin|social";
};
struct an_offer_state : plain_field {
    static constexpr std::string_view choices = "offered|active|parked|wrapup|done|declined|timed_out|rescinded";
};
struct a_role : plain_field {
    static constexpr std::string_view choices = "admin|supervisor|agent";
};
} // namespace detail

template <>
struct field<&availability::state> : plain_field {
    static constexpr std::string_view choices = "ready|full|cooling|wrap_up|not_ready|offline";
};
template <>
struct field<&agent_state::state> : plain_field {
    static constexpr std::string_view choices = "ready|busy|not_ready|offline";
};
template <>
struct field<&user::preferences> : detail::json_object {};
template <>
struct field<&gateway_record::settings> : detail::json_object {
    static constexpr std::string (*schema)() = intake::shown_settings_schema;
};
template <>
struct field<&offer::why> : detail::json_object {};
template <>
struct field<&contact_record::details> : detail::json_object {};
template <>
struct field<&timeline_event::data> : detail::json_object {};

template <>
struct field<&user::role> : detail::a_role {};
template <>
struct field<&agent_profile::role> : detail::a_role {};
template <>
struct field<&agent_channel::channel> : detail::a_channel {};
template <>
struct field<&ticket_summary::channel> : detail::a_channel {};
template <>
struct field<&contact_record::channel> : detail::a_channel {};
template <>
struct field<&held_ticket::channel> : detail::a_channel {};
template <>
struct field<&offer::channel> : detail::a_channel {};
template <>
struct field<&offer::state> : detail::an_offer_state {};
template <>
struct field<&open_offer::state> : detail::an_offer_state {};

template <>
struct field<&agent_licence::state> : plain_field {
    static constexpr std::string_view choices = "active|suspended|revoked";
};
template <>
struct field<&presence::state> : plain_field {
    static constexpr std::string_view choices = "ready|not_ready|offline";
};
template <>
struct field<&ticket_summary::state> : plain_field {
    static constexpr std::string_view choices = "waiting|offered|active|parked|held|solved";
};
template <>
struct field<&reply_target::kind> : plain_field {
    static constexpr std::string_view choices = "email|chat|none";
};
template <>
struct field<&related_ticket::why> : plain_field {
    static constexpr std::string_view choices = "named|copy";
};
template <>
struct field<&callback::mode> : plain_field {
    static constexpr std::string_view choices = "agent_first|customer_first";
};
template <>
struct field<&callback::state> : plain_field {
    static constexpr std::string_view choices = "scheduled|dialling|done|failed|missed|cancelled";
};
template <>
struct field<&callback::requested_by> : plain_field {
    static constexpr std::string_view choices = "agent|customer|queue";
};
template <>
struct field<&callback_attempt::result> : plain_field {
    static constexpr std::string_view choices = "answered|no_answer|busy|failed";
};
template <>
struct field<&attachment_record::is_inline> : plain_field {
    static constexpr std::string_view name = "inline";
};
template <>
struct field<&contact_record::direction> : plain_field {
    static constexpr std::string_view choices = "in|out";
};
template <>
struct field<&contact_record::outcome> : plain_field {
    static constexpr std::string_view choices = "ticketed|bounce|quarantined|sent|repeat";
};
template <>
struct field<&contact_record::delivery> : plain_field {
    static constexpr std::string_view choices = "queued|sent|delivered|read|failed|cancelled";
};
template <>
struct field<&timeline_entry::kind> : plain_field {
    static constexpr std::string_view choices = "contact|note|event";
};

} // namespace switchboard::api
