#pragma once

#include <switchboard/channels/inputs.hpp>

#include <vector>

namespace switchboard::channels {

// Mail that a provider brings or carries: inbound mails, raw or taken apart, and what became of ours. Settings:
// `secret` is what the provider signs with; without one nothing is checked.

/// SendGrid: the Inbound Parse form and the Event Webhook. `secret`: the public key (base64 DER) of its ECDSA
/// signature.
std::vector<normalized_record> normalize_sendgrid(const gateway_settings&, const raw_input&, const limits&);
/// Mailgun: routes as a form, with `body-mime` or fields, and event webhooks. `secret`: the HTTP signing key.
std::vector<normalized_record> normalize_mailgun(const gateway_settings&, const raw_input&, const limits&);
/// Postmark: inbound, bounce, delivery, open and complaint webhooks. `secret`: "user:password" of its basic auth.
std::vector<normalized_record> normalize_postmark(const gateway_settings&, const raw_input&, const limits&);
/// Amazon SES through SNS, also with raw message delivery. `secret`: the signing certificate or public key (PEM), of
/// which there may be none in the settings: who may open sockets fetches it then (sns.hpp). `topics`: that may send
/// (ARNs); `verify_token`: one more.
std::vector<normalized_record> normalize_ses(const gateway_settings&, const raw_input&, const limits&);

} // namespace switchboard::channels
