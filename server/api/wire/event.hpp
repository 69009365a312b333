#pragma once

#include "api/wire/answers.hpp"
#include "api/wire/schema.hpp"

#include <switchboard/model/events.hpp>
#include <switchboard/model/record.hpp>

/// Events as they are published: for each type the schema of what it says, and `event`, which is one of all, told apart
/// by its type.
namespace switchboard::api {

namespace detail {
struct a_customer : plain_field {
    static constexpr std::string_view choices = "customer";
};
} // namespace detail

template <>
struct field<&events::received_contact::channel> : name_field<channel> {};
template <>
struct field<&events::received_contact::direction> : name_field<contact_direction> {};
template <>
struct field<&events::changed_contact::channel> : name_field<channel> {};
template <>
struct field<&events::changed_contact::direction> : name_field<contact_direction> {};
template <>
struct field<&events::sent_contact::channel> : name_field<channel> {};
template <>
struct field<&events::sent_contact::direction> : name_field<contact_direction> {};
template <>
struct field<&events::contact_delivery::delivery> : name_field<delivery_state> {};
template <>
struct field<&events::draft_changed::kind> : name_field<draft_kind> {};
template <>
struct field<&events::viewer_changed::writing> : name_field<draft_kind> {};
template <>
struct field<&events::typing::from> : detail::a_customer {};
template <>
struct field<&events::told_callback::state> : name_field<callback_state> {};
template <>
struct field<&events::told_callback::mode> : name_field<callback_mode> {};
template <>
struct field<&events::told_callback::requested_by> : name_field<callback_asker> {};
template <>
struct field<&events::told_callback::result> : name_field<switchboard::call_result> {};

/// A reference to `event`.
void write_event_schema(json_writer& w, schemas& all);

/// A reference to `live_event`: a frame of the live feed that tells an event.
void write_live_event_schema(json_writer& w, schemas& all);

/// An event with what the timeline knows beside it.
template <>
struct schema_of<timeline_event> {
    static void write(json_writer& w, schemas& all, direction way);
};

} // namespace switchboard::api
