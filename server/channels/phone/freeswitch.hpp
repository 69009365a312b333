#pragma once

#include <switchboard/channels/inputs.hpp>

namespace switchboard::channels {

/// One leg's CDR from mod_json_cdr (plain, form, base64) or mod_xml_cdr. Faxes that mod_spandsp took come back as
/// contacts on the fax channel.
std::vector<normalized_record> normalize_freeswitch(const gateway_settings& settings, const raw_input& input,
                                                    const limits& bounds);

} // namespace switchboard::channels
