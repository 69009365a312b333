#pragma once

#include <switchboard/channels/inputs.hpp>

#include <nlohmann/json_fwd.hpp>

#include <optional>

namespace switchboard::channels::mail_webhooks {

/// The envelope that SNS puts a notification in, unless a subscription asks for raw delivery.
bool is_sns_envelope(const nlohmann::json& value);

/// Why this is refused whatever its signature: another topic, an address that is not Amazon's.
std::optional<refused_input> refusal_of_envelope(const gateway_settings& settings, const nlohmann::json& envelope);

/// The same, and a signature that is not of the gateway's key. Without a key nothing is verified.
std::optional<refused_input> refusal_of_signature(const gateway_settings& settings, const nlohmann::json& envelope);

refused_input unsigned_input();

} // namespace switchboard::channels::mail_webhooks
