#pragma once

#include <switchboard/channels/inputs.hpp>

#include <nlohmann/json_fwd.hpp>

#include <expected>
#include <string>
#include <string_view>

namespace switchboard::channels {

/// A mod_xml_cdr document in the shape that mod_json_cdr gives it. Reads what real switches write, which is often not
/// well-formed: unescaped "<sip:…>" in values, undeclared prefixes, elements twice (the first counts). What lies
/// deeper than a CDR goes stays text. The charset is the declared one where the bytes are no UTF-8, else the gateway's.
std::expected<nlohmann::json, std::string> read_xml_cdr(std::string_view xml, const limits& bounds,
                                                        const gateway_settings& settings);

} // namespace switchboard::channels
