#pragma once

#include <switchboard/intake/config.hpp>
#include <switchboard/model/contact.hpp>
#include <switchboard/store/intake.hpp>

/// Automatic answers to mail: RFC 3834, and caps behind it, since headers alone do not stop two ticket systems talking.
namespace switchboard::intake {

/// At most so many answers to one address within an hour; and one a ticket, to its first mail.
inline constexpr std::int64_t acknowledgements_an_hour = 5;

/// Whether this mail may be answered by a machine at all: a person wrote it, from an address that is not ours, and did
/// not ask to be spared (X-Auto-Response-Suppress, MS-OXCMAIL 2.1.3.2.20).
bool may_acknowledge(const intake_config& config, const intake_gateway& gateway, const inbound_contact& c);

/// The answer to the first mail of this ticket; its contact's id is not set.
store::acknowledgement acknowledge(const queue& q, const intake_gateway& gateway, const inbound_contact& c,
                                   const ticket_summary& ticket);

} // namespace switchboard::intake
