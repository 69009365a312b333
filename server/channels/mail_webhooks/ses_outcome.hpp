#pragma once

#include <switchboard/model/contact.hpp>

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>

namespace switchboard::channels::mail_webhooks {

/// What a notification of Amazon SES is about, as SES calls it, lower-case; a receipt rule's may not say.
std::string ses_kind_of(const nlohmann::json& message);

/// What became of one of our mails; nothing if the notification is of something else.
std::optional<contact_event> read_ses_outcome(const nlohmann::json& message);

} // namespace switchboard::channels::mail_webhooks
