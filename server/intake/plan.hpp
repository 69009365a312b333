#pragma once

#include <switchboard/intake/config.hpp>
#include <switchboard/store/intake.hpp>

/// The decisions of a group commit, as pure functions: no clock, no database. The same group and the same answers give
/// the same rows.
namespace switchboard::intake {

/// Everything that the group needs to know. Quarantined contacts ask for nothing but whether they are known.
store::intake_questions questions_of(const store::intake_group& group, const intake_config& config);

/// What becomes of each item, in group order: a later item sees what an earlier one did.
store::intake_writes plan(const store::intake_group& group, const intake_config& config,
                          const store::intake_answers& answers);

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
