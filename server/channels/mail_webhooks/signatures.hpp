#pragma once

#include <string_view>

namespace switchboard::channels::mail_webhooks {

/// Checks an ECDSA signature (base64 DER, SHA-256) with a public key (base64 DER or PEM).
bool is_ecdsa_signed(std::string_view public_key, std::string_view message, std::string_view signature);

/// Checks an RSA signature (base64, PKCS #1) with a certificate or public key in PEM; `sha256` or else SHA-1.
bool is_rsa_signed(std::string_view pem, std::string_view message, std::string_view signature, bool sha256);

} // namespace switchboard::channels::mail_webhooks
