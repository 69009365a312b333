#pragma once

#include <switchboard/model/contact.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What a contact says of itself.
namespace switchboard::intake {

/// The external id of a mail whose own, its Message-ID, belongs to another mail already; empty where that cannot be
/// told.
std::string other_external_id(const inbound_contact& contact);

/// The id of the call that this is one leg or one report of; empty = it is no call.
std::string_view call_id(const inbound_contact& contact);

/// Whose contact this is: the sender of what comes in, the recipient of what went out. Null when nobody is known by it
/// (a station id of a fax is a claim, not an identity).
const party* customer_of(const inbound_contact& contact);

/// Written by a program: never reopens a ticket, starts no clock.
bool is_machine(const inbound_contact& contact);
bool is_bounce(const inbound_contact& contact);

/// The ticket that the subject names ("[#12345]"), as text; empty when it names none.
std::optional<std::int64_t> subject_ticket(const inbound_contact& contact);

} // namespace switchboard::intake
