#pragma once

#include "api/wire/calendar.hpp"
#include "api/wire/describe.hpp"

#include <switchboard/intake/gateway_settings.hpp>
#include <switchboard/model/directory.hpp>
#include <switchboard/model/gateway_kind.hpp>
#include <switchboard/model/record.hpp>
#include <switchboard/model/ticket.hpp>

/// The fields of what is answered. The structs are the model's; here they become wire types.
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
struct a_direction : plain_field {
    static constexpr std::string_view choices = "in|out";
};
struct a_delivery : plain_field {
    static constexpr std::string_view choices = "queued|sent|delivered|read|failed|cancelled";
};
struct a_callback_mode : plain_field {
    static constexpr std::string_view choices = "agent_first|customer_first";
};
struct a_callback_state : plain_field {
    static constexpr std::string_view choices = "scheduled|dialling|done|failed|missed|cancelled";
};
struct a_callback_asker : plain_field {
    static constexpr std::string_view choices = "agent|customer|queue";
};
struct a_call_result : plain_field {
    static constexpr std::string_view choices = "answered|no_answer|busy|failed";
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
struct field<&gateway_record::secrets> : plain_field {
    static constexpr bool hidden = true;
};
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
struct field<&callback::mode> : detail::a_callback_mode {};
template <>
struct field<&callback::state> : detail::a_callback_state {};
template <>
struct field<&callback::requested_by> : detail::a_callback_asker {};
template <>
struct field<&callback_attempt::result> : detail::a_call_result {};
template <>
struct field<&attachment_record::is_inline> : plain_field {
    static constexpr std::string_view name = "inline";
};
template <>
struct field<&contact_record::direction> : detail::a_direction {};
template <>
struct field<&contact_record::outcome> : plain_field {
    static constexpr std::string_view choices = "ticketed|bounce|quarantined|sent|repeat";
};
template <>
struct field<&contact_record::delivery> : detail::a_delivery {};
template <>
struct field<&timeline_entry::kind> : plain_field {
    static constexpr std::string_view choices = "contact|note|event";
};

} // namespace switchboard::api
