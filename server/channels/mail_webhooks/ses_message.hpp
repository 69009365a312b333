#pragma once

#include <switchboard/channels/inputs.hpp>
#include <switchboard/channels/sns.hpp>

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace switchboard::channels::mail_webhooks {

/// What Amazon SES says in a notification: a mail that came in, or what became of one of ours. Empty if it is neither.
/// `fetched`: the mail as it lay in S3, where that was asked for.
std::vector<normalized_record> read_ses_message(const gateway_settings& settings, const nlohmann::json& message,
                                                const limits& bounds,
                                                std::optional<std::string_view> fetched = std::nullopt);

/// Where the mail of this notification lies, when it did not come along.
std::optional<stored_mail> mail_stored_by(const nlohmann::json& message);

} // namespace switchboard::channels::mail_webhooks
