#include <switchboard/util/hash.hpp>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <sodium.h>

#include <array>
#include <new>
#include <stdexcept>

namespace switchboard {
namespace {

const unsigned char* data_of(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

std::string hex(const unsigned char* bytes, std::size_t size) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(size * 2);
    for (std::size_t i = 0; i < size; ++i) {
        out += digits[bytes[i] >> 4U];
        out += digits[bytes[i] & 15U];
    }
    return out;
}

void need_sodium() {
    static const bool ready = sodium_init() >= 0;
    if (!ready) throw std::runtime_error("libsodium could not be initialised");
}

/// The value of a base64 digit of either alphabet, or -1.
int digit_value(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+' || c == '-') return 62;
    if (c == '/' || c == '_') return 63;
    return -1;
}

} // namespace

std::string sha256_hex(std::string_view bytes) {
    // Looked up once: OpenSSL's SHA256() does so each time, which takes longer than to hash a token.
    static EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, sha256, nullptr) != 1)
        throw std::runtime_error("SHA-256 failed");
    return hex(digest.data(), digest.size());
}

namespace {

std::array<unsigned char, SHA256_DIGEST_LENGTH> hmac_sha256(std::string_view key, std::string_view bytes) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
    unsigned size = 0;
    // A null key would mean "the key of the last call" to OpenSSL; an empty string_view may have one.
    if (!HMAC(EVP_sha256(), key.empty() ? "" : key.data(), static_cast<int>(key.size()), data_of(bytes), bytes.size(),
              digest.data(), &size))
        throw std::runtime_error("HMAC failed");
    return digest;
}

} // namespace

std::string hmac_sha256_hex(std::string_view key, std::string_view bytes) {
    const auto digest = hmac_sha256(key, bytes);
    return hex(digest.data(), digest.size());
}

std::string hmac_sha256_base64(std::string_view key, std::string_view bytes) {
    const auto digest = hmac_sha256(key, bytes);
    return base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::string base64(std::string_view bytes) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto count = std::min<std::size_t>(3, bytes.size() - i);
        unsigned word = 0;
        for (std::size_t k = 0; k < 3; ++k) word = (word << 8U) | (k < count ? data_of(bytes)[i + k] : 0U);
        for (std::size_t k = 0; k < 4; ++k) out += k <= count ? digits[(word >> (18 - 6 * k)) & 63U] : '=';
    }
    return out;
}

bool base64_decode(std::string_view text, std::string& out) {
    std::string decoded;
    decoded.reserve(text.size() / 4 * 3 + 3);
    std::uint32_t word = 0;
    std::size_t digits = 0, padding = 0;
    for (const char c : text) {
        if (c == ' ' || (c >= '\t' && c <= '\r')) continue;
        if (c == '=') {
            ++padding;
            continue;
        }
        const int value = digit_value(c);
        if (value < 0 || padding > 0) return false;
        word = (word << 6U) | static_cast<std::uint32_t>(value);
        if (++digits % 4 == 0) {
            decoded += static_cast<char>(word >> 16U & 255U);
            decoded += static_cast<char>(word >> 8U & 255U);
            decoded += static_cast<char>(word & 255U);
            word = 0;
        }
    }
    const auto rest = digits % 4;
    if (rest == 1 || (padding > 0 && (digits + padding) % 4 != 0) || padding > 2) return false;
    if (rest >= 2) decoded += static_cast<char>(word >> (rest == 2 ? 4U : 10U) & 255U);
    if (rest == 3) decoded += static_cast<char>(word >> 2U & 255U);
    out = std::move(decoded);
    return true;
}

bool equal_secret(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string random_hex(std::size_t bytes) {
    need_sodium();
    std::string buffer(bytes, '\0');
    randombytes_buf(buffer.data(), buffer.size());
    return hex(data_of(buffer), buffer.size());
}

std::string hash_password(std::string_view password) {
    need_sodium();
    std::array<char, crypto_pwhash_STRBYTES> out{};
    if (crypto_pwhash_str(out.data(), password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
        throw std::bad_alloc(); // the one way in which it fails
    return out.data();
}

bool verify_password(std::string_view hash, std::string_view password) {
    need_sodium();
    if (hash.size() >= crypto_pwhash_STRBYTES) return false;
    const std::string terminated(hash);
    return crypto_pwhash_str_verify(terminated.c_str(), password.data(), password.size()) == 0;
}

} // namespace switchboard
