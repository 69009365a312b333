#pragma once

#include <switchboard/model/contact.hpp>

#include <optional>

/// A call is told of more than once: when it rings, when it is answered, when it is over, with its recording; by each
/// of its legs, and by a file once more. All of it is one contact (docs/calls.md).
namespace switchboard::channels {

/// What is known of a call after one more report of it; empty = it brings nothing new. It fills what was empty. Legs
/// are kept in `details.legs`, by their ids: the call was answered if a person answered one of them, and its talk time
/// is the time in which somebody talked. In whatever order the reports come, the same is known in the end.
std::optional<inbound_contact> completed(const inbound_contact& known, const inbound_contact& report);

/// The same with `ringing`, `answered` or `hangup`, kept in `details.progress`; `received` is its time when it has
/// none. What a report says of the times counts more.
std::optional<inbound_contact> completed(const inbound_contact& known, const contact_event& progress,
                                         timestamp received);

/// Where a call is.
enum class call_state { rings, talks, missed, ended };
call_state state_of(const inbound_contact& call);

} // namespace switchboard::channels
