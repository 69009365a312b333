#pragma once

#include <switchboard/channels/inputs.hpp>

#include <vector>

namespace switchboard::channels {

/// Gateway kind "email": `input.body` is one raw mail (RFC 5322), `input.query` may name the envelope: `rcpt`
/// (repeatable) and `mail_from` (empty for a bounce). Gives exactly one inbound_contact, quarantined if it could not be
/// understood.
std::vector<normalized_record> normalize_email(const gateway_settings& settings, const raw_input& input,
                                               const limits& bounds);

} // namespace switchboard::channels
