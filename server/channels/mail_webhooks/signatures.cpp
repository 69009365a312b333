#include "channels/mail_webhooks/signatures.hpp"

#include <switchboard/util/freed_by.hpp>
#include <switchboard/util/hash.hpp>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace switchboard::channels::mail_webhooks {

namespace {

using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free_all>>;
using certificate_ptr = std::unique_ptr<X509, freed_by<X509_free>>;
using context_ptr = std::unique_ptr<EVP_MD_CTX, freed_by<EVP_MD_CTX_free>>;

key_ptr key_from_pem(std::string_view pem) {
    const bio_ptr bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    if (!bio) return nullptr;
    if (pem.contains("BEGIN CERTIFICATE")) {
        const certificate_ptr certificate{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)};
        return key_ptr{certificate ? X509_get_pubkey(certificate.get()) : nullptr};
    }
    return key_ptr{PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr)};
}

key_ptr key_from_der(std::string_view text) {
    std::string der;
    if (!base64_decode(text, der)) return nullptr;
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    return key_ptr{d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size()))};
}

bool verify(EVP_PKEY* key, int kind, const EVP_MD* digest, std::string_view message, std::string_view signature_text) {
    std::string signature;
    bool good = false;
    if (key && EVP_PKEY_get_base_id(key) == kind && base64_decode(signature_text, signature) && !signature.empty()) {
        const context_ptr context{EVP_MD_CTX_new()};
        good =
            context && EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key) == 1 &&
            EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                             reinterpret_cast<const unsigned char*>(message.data()), message.size()) == 1;
    }
    ERR_clear_error(); // a failed check must not surface in somebody else's TLS call
    return good;
}

} // namespace

bool is_ecdsa_signed(std::string_view public_key, std::string_view message, std::string_view signature) {
    const auto key = public_key.contains("-----BEGIN") ? key_from_pem(public_key) : key_from_der(public_key);
    return verify(key.get(), EVP_PKEY_EC, EVP_sha256(), message, signature);
}

bool is_rsa_signed(std::string_view pem, std::string_view message, std::string_view signature, bool sha256) {
    return verify(key_from_pem(pem).get(), EVP_PKEY_RSA, sha256 ? EVP_sha256() : EVP_sha1(), message, signature);
}

} // namespace switchboard::channels::mail_webhooks
