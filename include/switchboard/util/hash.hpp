#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace switchboard {

std::string sha256_hex(std::string_view bytes);
std::string hmac_sha256_hex(std::string_view key, std::string_view bytes);
std::string hmac_sha256_base64(std::string_view key, std::string_view bytes);
std::string base64(std::string_view bytes);

/// Decodes standard or URL-safe base64, with or without padding, ignoring white space. False if it is not base64.
bool base64_decode(std::string_view text, std::string& out);

/// Constant-time comparison, for signatures and tokens.
bool equal_secret(std::string_view a, std::string_view b);

/// `bytes` random bytes from the operating system, as lower-case hex.
std::string random_hex(std::size_t bytes);

/// Argon2id (libsodium, interactive limits). Takes some 50 ms and 64 MB: call it on a pool of threads.
std::string hash_password(std::string_view password);
bool verify_password(std::string_view hash, std::string_view password);

} // namespace switchboard
