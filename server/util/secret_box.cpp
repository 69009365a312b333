#include <switchboard/util/hash.hpp>
#include <switchboard/util/secret_box.hpp>

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>

namespace switchboard {
namespace {

constexpr std::size_t key_bytes = crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
                      nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
                      tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t most_keys = 16;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

std::vector<std::string_view> words_of(std::string_view text) {
    constexpr std::string_view between = ", \t\r\n";
    std::vector<std::string_view> out;
    for (std::size_t at = text.find_first_not_of(between); at != text.npos; at = text.find_first_not_of(between, at)) {
        const auto end = std::min(text.find_first_of(between, at), text.size());
        out.push_back(text.substr(at, end - at));
        at = end;
    }
    return out;
}

bool read_hex(std::string_view text, std::string& out) {
    if (text.size() != 2 * key_bytes) return false;
    out.resize(key_bytes);
    const char* end = nullptr;
    return sodium_hex2bin(bytes_of(out), out.size(), text.data(), text.size(), nullptr, nullptr, &end) == 0 &&
           end == text.data() + text.size();
}

bool read_key(std::string_view text, std::string& out) {
    return read_hex(text, out) || (base64_decode(text, out) && out.size() == key_bytes);
}

} // namespace

std::expected<secret_box, std::string> secret_box::with_keys(const secret_text& keys) {
    if (sodium_init() < 0) throw std::runtime_error{"libsodium could not be initialised"};
    secret_box out;
    const auto words = words_of(keys.reveal());
    if (words.size() > most_keys) return std::unexpected(fmt::format("more than {} keys", most_keys));
    for (const auto word : words) {
        std::string bytes;
        if (!read_key(word, bytes))
            return std::unexpected(
                fmt::format("key {} is not 32 bytes in base64 or hexadecimal", out.keys_.size() + 1));
        auto id = hmac_sha256_hex(bytes, "switchboard: the name of this key").substr(0, 16);
        if (out.knows(id)) return std::unexpected(fmt::format("key {} is there twice", out.keys_.size() + 1));
        out.keys_.push_back({std::move(id), std::move(bytes)});
    }
    return out;
}

secret_text secret_box::new_key() {
    return random_hex(key_bytes);
}

bool secret_box::knows(std::string_view key_id) const {
    return std::ranges::find(keys_, key_id, &key::id) != keys_.end();
}

std::vector<std::string> secret_box::key_ids() const {
    std::vector<std::string> out;
    for (const auto& k : keys_) out.push_back(k.id);
    return out;
}

sealed_secret secret_box::seal(std::string_view place, const secret_text& words) const {
    if (!has_key()) throw std::logic_error{"there is no key to seal a secret with"};
    const auto& with = keys_.front();
    std::string out(nonce_bytes + words.reveal().size() + tag_bytes, '\0');
    randombytes_buf(out.data(), nonce_bytes);
    crypto_aead_xchacha20poly1305_ietf_encrypt(bytes_of(out) + nonce_bytes, nullptr, bytes_of(words.reveal()),
                                               words.reveal().size(), bytes_of(place), place.size(), nullptr,
                                               bytes_of(out), bytes_of(with.bytes.reveal()));
    return {with.id, std::move(out)};
}

secret_text secret_box::open(std::string_view place, const sealed_secret& sealed) const {
    using enum unreadable_secret::reason;
    const auto with = std::ranges::find(keys_, sealed.key_id, &key::id);
    if (with == keys_.end())
        throw unreadable_secret{
            unknown_key, fmt::format("{} is sealed with key {}, which is not in secret.key", place, sealed.key_id)};
    const auto damage = [&] {
        return unreadable_secret{damaged, fmt::format("{} is damaged or belongs elsewhere", place)};
    };
    if (sealed.bytes.size() < nonce_bytes + tag_bytes) throw damage();
    std::string words(sealed.bytes.size() - nonce_bytes - tag_bytes, '\0');
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            bytes_of(words), nullptr, nullptr, bytes_of(std::string_view{sealed.bytes}) + nonce_bytes,
            sealed.bytes.size() - nonce_bytes, bytes_of(place), place.size(), bytes_of(std::string_view{sealed.bytes}),
            bytes_of(with->bytes.reveal())) != 0)
        throw damage();
    return words;
}

} // namespace switchboard
