#pragma once

#include "support.hpp"

#include <boost/asio/ssl/context.hpp>

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <filesystem>
#include <string>
#include <unistd.h>

namespace switchboard::web::test {

/// A fresh self-signed certificate for "localhost" in two PEM files.
class self_signed : public ::testing::Test {
protected:
    self_signed() {
        std::filesystem::create_directories(folder);
        EVP_PKEY* key = EVP_EC_gen("P-256");
        X509* certificate = X509_new();
        X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
        X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
        X509_set_pubkey(certificate, key);
        X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                                   reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
        X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
        X509_sign(certificate, key, EVP_sha256());
        write("cert.pem", [&](BIO* out) { PEM_write_bio_X509(out, certificate); });
        write("key.pem", [&](BIO* out) { PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr); });
        X509_free(certificate);
        EVP_PKEY_free(key);
        options.tls_certificate = folder / "cert.pem";
        options.tls_key = folder / "key.pem";
        trust.load_verify_file(options.tls_certificate);
        trust.set_verify_mode(asio::ssl::verify_peer);
    }
    ~self_signed() override { std::filesystem::remove_all(folder); }

    template <class F>
    void write(const std::string& name, F f) {
        BIO* out = BIO_new_file((folder / name).c_str(), "w");
        f(out);
        BIO_free(out);
    }

    std::filesystem::path folder =
        std::filesystem::path(::testing::TempDir()) / ("self_signed_" + std::to_string(::getpid()));
    server_options options = patient();
    asio::io_context io;
    asio::ssl::context trust{asio::ssl::context::tls_client};
};

} // namespace switchboard::web::test
