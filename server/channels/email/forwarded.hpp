#pragma once

#include <switchboard/channels/normalize.hpp>
#include <switchboard/model/contact.hpp>

namespace switchboard::channels::email {

/// Makes of a mail that somebody passed on to us the mail of its author: the one that stands forwarded in its text, or
/// is attached to it. The forwarder and his own words go to `mail.forwarded_by` and `mail.forward_note`. What is not
/// surely forwarded stays as it is. Whether the forwarder may do so is the caller's to know.
void take_forwarded(inbound_contact& contact, const gateway_settings& settings, const limits& bounds);

} // namespace switchboard::channels::email
