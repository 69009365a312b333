#pragma once

#include <switchboard/channels/inputs.hpp>
#include <switchboard/model/gateway_kind.hpp>
#include <switchboard/model/gateway_settings.hpp>

#include <nlohmann/json_fwd.hpp>

#include <expected>
#include <string>
#include <vector>

namespace switchboard::channels {

/// The `imap` object of a gateway's settings; null = none. The error names the field.
std::expected<imap_settings, std::string> imap_from_json(const nlohmann::json& value);
std::vector<gateway_setting> imap_members();

} // namespace switchboard::channels
