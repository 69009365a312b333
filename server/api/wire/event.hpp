#pragma once

#include "api/wire/answers.hpp"
#include "api/wire/schema.hpp"

#include <switchboard/model/events.hpp>
#include <switchboard/model/record.hpp>

/// Events as they are published: for each type the schema of what it says, and `event`, which is one of all, told apart
/// by its type.
namespace switchboard::api {

namespace detail {
struct a_draft_kind : plain_field {
    static constexpr std::string_view choices = "reply|note";
};
struct a_customer : plain_field {
    static constexpr std::string_view choices = "customer";
};
} // namespace detail

template <>
struct field<&events::received_contact::channel> : detail::a_channel {};
template <>
struct field<&events::received_contact::direction> : detail::a_direction {};
template <>
struct field<&events::changed_contact::channel> : detail::a_channel {};
template <>
struct field<&events::changed_contact::direction> : detail::a_direction {};
template <>
struct field<&events::sent_contact::channel> : detail::a_channel {};
template <>
struct field<&events::sent_contact::direction> : detail::a_direction {};
template <>
struct field<&events::contact_delivery::delivery> : detail::a_delivery {};
template <>
struct field<&events::draft_changed::kind> : detail::a_draft_kind {};
template <>
struct field<&events::viewer_changed::writing> : detail::a_draft_kind {};
template <>
struct field<&events::typing::from> : detail::a_customer {};
template <>
struct field<&events::told_callback::state> : detail::a_callback_state {};
template <>
struct field<&events::told_callback::mode> : detail::a_callback_mode {};
template <>
struct field<&events::told_callback::requested_by> : detail::a_callback_asker {};
template <>
struct field<&events::told_callback::result> : detail::a_call_result {};

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
