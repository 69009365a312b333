#pragma once

#include <switchboard/model/gateway.hpp>

#include <nlohmann/json_fwd.hpp>

#include <expected>
#include <string>

namespace switchboard::channels {

/// The `imap` object of a gateway's settings; null = none. The error names the field.
std::expected<imap_settings, std::string> imap_from_json(const nlohmann::json& value);
nlohmann::json to_json(const imap_settings& imap);

} // namespace switchboard::channels
