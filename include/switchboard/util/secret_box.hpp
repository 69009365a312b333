#pragma once

#include <switchboard/model/secret_text.hpp>

#include <expected>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard {

/// A secret as it is kept: only the key of that id opens it, and only at its place.
struct sealed_secret {
    std::string key_id;
    std::string bytes; // nonce and ciphertext (XChaCha20-Poly1305)
};

/// Why a secret cannot be read. The words name no secret.
class unreadable_secret : public std::runtime_error {
public:
    enum class reason { unknown_key, damaged } why;
    unreadable_secret(reason r, const std::string& words) : std::runtime_error{words}, why{r} {}
};

/// Seals and opens secrets. It has some keys: the newest seals, all of them open.
class secret_box {
public:
    secret_box() = default; // without a key: opens nothing, seals nothing

    /// Up to 16 keys, newest first, separated by commas or white space; each is 32 bytes in base64 or hexadecimal.
    /// The error says what is wrong with which of them, and does not repeat it.
    static std::expected<secret_box, std::string> with_keys(const secret_text& keys);
    /// A key for `with_keys`.
    static secret_text new_key();

    bool has_key() const { return !keys_.empty(); }
    bool knows(std::string_view key_id) const;
    /// Names of the keys, newest first: 16 hexadecimal digits that say nothing of the key itself.
    std::vector<std::string> key_ids() const;

    /// `place` says what the secret belongs to ("gateway/7/secret"). Throws std::logic_error without a key.
    sealed_secret seal(std::string_view place, const secret_text& words) const;
    /// Throws `unreadable_secret`: of a key that is not here, of another place, or damaged.
    secret_text open(std::string_view place, const sealed_secret& sealed) const;

private:
    struct key {
        std::string id;
        secret_text bytes;
    };
    std::vector<key> keys_;
};

} // namespace switchboard
