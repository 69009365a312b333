#pragma once

#include <switchboard/channels/inputs.hpp>
#include <switchboard/model/contact.hpp>

#include <vector>

namespace switchboard::channels::email {

/// Makes of a mail that somebody passed on to us the mail of its author: the one that stands forwarded in its text, or
/// is attached to it. The forwarder and his own words go to `mail.forwarded_by` and `mail.forward_note`. What is not
/// surely forwarded stays as it is. Whether the forwarder may do so is the caller's to know.
/// `read` reads the attached one.
using mail_reader = std::vector<normalized_record> (*)(const gateway_settings&, const raw_input&, const limits&);
void take_forwarded(inbound_contact& contact, const gateway_settings& settings, const limits& bounds, mail_reader read);

} // namespace switchboard::channels::email
