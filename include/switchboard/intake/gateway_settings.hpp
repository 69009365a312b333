#pragma once

#include <optional>
#include <string>
#include <string_view>

/// What configuration must know of gateways' settings; the channels know what is in them.
namespace switchboard::intake {

bool is_gateway_kind(std::string_view kind);

/// All kinds, for a message: "email, phone, …".
std::string gateway_kinds();

/// What is wrong with settings in JSON, naming the field; empty = nothing.
std::optional<std::string> settings_error(std::string_view json);

/// The same settings without what only admins may see.
std::string without_secrets(std::string_view json);

} // namespace switchboard::intake
