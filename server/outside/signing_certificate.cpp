#include <switchboard/outside/signing_keys.hpp>
#include <switchboard/util/freed_by.hpp>

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace switchboard::outside {
namespace {

using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free_all>>;
using certificate_ptr = std::unique_ptr<X509, freed_by<X509_free>>;

constexpr int fewest_bits = 2048;

std::unexpected<not_fetched> wrong(const char* reason) {
    ERR_clear_error(); // a failed check must not surface in somebody else's TLS call
    return std::unexpected{not_fetched{reason, true}};
}

/// What a certificate of SNS may be issued for, at sns.<region>.<domain>.
std::vector<std::string> names_of_sns(std::string_view host) {
    std::vector<std::string> out{"sns.amazonaws.com", std::string{host}};
    const auto dot = host.find('.');
    const auto end = dot == host.npos ? dot : host.find('.', dot + 1);
    if (end == host.npos) return out;
    const std::string region{host.substr(dot + 1, end - dot - 1)}, domain{host.substr(end)};
    out.push_back("sns-signing." + region + domain);
    out.push_back("sns-" + region + domain);
    if (region.starts_with("us-gov-")) out.push_back("sns-us-gov-west-1" + domain); // one for both
    return out;
}

bool is_issued_for_sns(X509* certificate, std::string_view host) {
    for (const auto& name : names_of_sns(host))
        if (X509_check_host(certificate, name.data(), name.size(), X509_CHECK_FLAG_NO_WILDCARDS, nullptr) == 1)
            return true;
    return false;
}

std::optional<std::chrono::system_clock::time_point> moment_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
    return std::chrono::system_clock::from_time_t(timegm(&parts));
}

} // namespace

std::expected<signing_key, not_fetched> read_signing_certificate(std::string_view pem, std::string_view host,
                                                                 std::chrono::system_clock::time_point at) {
    const bio_ptr in{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    const certificate_ptr certificate{in ? PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr) : nullptr};
    if (!certificate) return wrong("it is no certificate");
    if (!is_issued_for_sns(certificate.get(), host)) return wrong("the certificate was not issued for SNS");
    if (X509_check_ca(certificate.get()) == 1) return wrong("the certificate is an authority's");
    const auto from = moment_of(X509_get0_notBefore(certificate.get()));
    const auto until = moment_of(X509_get0_notAfter(certificate.get()));
    if (!from || !until || at < *from || at >= *until) return wrong("the certificate is not valid now");
    EVP_PKEY* const key = X509_get0_pubkey(certificate.get());
    if (!key || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA || EVP_PKEY_get_bits(key) < fewest_bits)
        return wrong("the key of the certificate is not RSA, or too short");
    const bio_ptr out{BIO_new(BIO_s_mem())};
    if (!out || PEM_write_bio_PUBKEY(out.get(), key) != 1) return wrong("the key of the certificate cannot be read");
    char* text = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &text);
    return signing_key{std::string(text, static_cast<std::size_t>(size)), *until};
}

} // namespace switchboard::outside
