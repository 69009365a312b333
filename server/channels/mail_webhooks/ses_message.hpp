#pragma once

#include <switchboard/channels/normalize.hpp>

#include <nlohmann/json_fwd.hpp>

#include <vector>

namespace switchboard::channels::mail_webhooks {

/// What Amazon SES says in a notification: a mail that came in, or what became of one of ours. Empty if it is neither.
std::vector<normalized_record> read_ses_message(const gateway_settings& settings, const nlohmann::json& message,
                                                const limits& bounds);

} // namespace switchboard::channels::mail_webhooks
