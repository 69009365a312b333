#pragma once

#include "api/wire/calendar.hpp"
#include "api/wire/describe.hpp"
#include "api/wire/schema.hpp"

#include <switchboard/model/action.hpp>
#include <switchboard/model/directory.hpp>
#include <switchboard/model/gateway.hpp>
#include <switchboard/model/gateway_kind.hpp>
#include <switchboard/model/record.hpp>
#include <switchboard/model/states.hpp>
#include <switchboard/model/ticket.hpp>

/// The fields of what is answered. The structs are the model's; here they become wire types.
namespace switchboard::api {

namespace detail {
struct json_object : plain_field {
    static constexpr bool json = true;
};
} // namespace detail

template <>
struct field<&availability::state> : name_field<availability_state> {};
template <>
struct field<&agent_state::state> : name_field<agent_standing_state> {};
/// With what channels know of the settings: as they are written, and as they are shown.
template <>
datum published<gateway>();
template <>
datum published<gateway_record>();

template <>
struct field<&contact_record::details> : detail::json_object {};
template <>
struct field<&timeline_event::data> : detail::json_object {};

template <>
struct field<&agent_channel::channel> : name_field<channel> {};
template <>
struct field<&ticket_summary::channel> : name_field<channel> {};
template <>
struct field<&contact_record::channel> : name_field<channel> {};
template <>
struct field<&held_ticket::channel> : name_field<channel> {};
template <>
struct field<&offer::channel> : name_field<channel> {};
template <>
struct field<&offer::state> : name_field<offer_state> {};
template <>
struct field<&open_offer::state> : name_field<offer_state> {};

template <>
struct field<&agent_licence::state> : name_field<licence_state> {};
template <>
struct field<&presence::state> : name_field<presence_state> {};
template <>
struct field<&ticket_summary::state> : name_field<ticket_state> {};
template <>
struct field<&reply_target::kind> : name_field<reply_way> {};
template <>
struct field<&related_ticket::why> : name_field<related_why> {};
template <>
struct field<&callback::mode> : name_field<callback_mode> {};
template <>
struct field<&callback::state> : name_field<callback_state> {};
template <>
struct field<&callback::requested_by> : name_field<callback_asker> {};
template <>
struct field<&callback_attempt::result> : name_field<switchboard::call_result> {};
template <>
struct field<&identity::verification> : name_field<identity_verification> {};
template <>
struct field<&action::state> : name_field<action_state> {};
template <>
struct field<&action::exceeded> : name_field<limit_exceeded> {};
template <>
struct field<&follow_up::state> : name_field<follow_up_state> {};
template <>
struct field<&follow_up::outcome> : name_field<follow_up_outcome> {};
template <>
struct field<&follow_up::repeats> : name_field<follow_up_repeat> {};
template <>
struct field<&follow_up::channel> : name_field<channel> {};
template <>
struct field<&attachment_record::is_inline> : plain_field {
    static constexpr std::string_view name = "inline";
};
template <>
struct field<&contact_record::direction> : name_field<contact_direction> {};
template <>
struct field<&contact_record::outcome> : name_field<contact_outcome> {};
template <>
struct field<&contact_record::delivery> : name_field<delivery_state> {};
template <>
struct field<&timeline_entry::kind> : name_field<timeline_kind> {};

} // namespace switchboard::api
