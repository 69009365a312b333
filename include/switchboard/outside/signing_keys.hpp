#pragma once

#include <switchboard/util/fetched.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace switchboard::outside {

struct signing_key {
    std::string pem; // the public key
    std::chrono::system_clock::time_point until{};
};

/// The key of a certificate (PEM) that lay at https://<host>/. Checked: that it is valid at that time; that it was
/// issued for SNS, whose certificates name sns.amazonaws.com or, by region, <host> itself, sns-signing.<region>.… or
/// sns-<region>.… (aws-sdk-java-v2, sns-message-manager); that its key is RSA of 2048 bits or more and it is no
/// certificate authority. Not checked: the chain of its issuers, since SNS publishes the certificate alone; that it is
/// Amazon's word is what TLS proves, by which it was fetched from SNS's own host.
std::expected<signing_key, not_fetched> read_signing_certificate(std::string_view pem, std::string_view host,
                                                                 std::chrono::system_clock::time_point at);

/// Keys of SNS by the address of their certificate. Whoever asks while an address is being fetched waits for that one
/// fetch; what was good is remembered for a day, or until the certificate ends. Failures are not. Lives on the
/// executor's one thread.
class signing_keys {
public:
    using time = std::chrono::system_clock::time_point;
    /// Fetches a certificate; may throw, which every waiting caller then sees as a failure that does not last.
    using fetcher = std::function<boost::asio::awaitable<fetched>(std::string url)>;

    static constexpr std::size_t most_remembered = 32; // there are as many regions, and each changes once a year

    signing_keys(boost::asio::any_io_executor executor, fetcher fetch,
                 std::function<time()> clock = std::chrono::system_clock::now);
    ~signing_keys();

    /// The public key (PEM) of the certificate at this address, which the caller has found to be one of SNS's.
    boost::asio::awaitable<fetched> get(std::string url);

private:
    struct flight;
    boost::asio::awaitable<fetched> fetch(std::string url);
    void remember(const std::string& url, signing_key k);

    boost::asio::any_io_executor executor_;
    fetcher fetch_;
    std::function<time()> clock_;
    std::map<std::string, signing_key> known_;
    std::map<std::string, std::shared_ptr<flight>> under_way_;
};

} // namespace switchboard::outside
