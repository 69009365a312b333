#pragma once

#include <switchboard/util/fetched.hpp>
#include <switchboard/util/offload.hpp>

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>

namespace switchboard::outside {

struct amazon_options {
    std::string access_key_id{}, secret_access_key{}; // empty = nothing is read from S3
    std::string region{};                             // of the buckets; empty = the one that a caller supposes
    std::string endpoint{};                           // of S3; empty = Amazon's in that region
    std::string ca{};                                 // PEM file; empty = whom the system trusts
    std::string proxy{};                              // empty = none, whatever the environment says
    std::size_t most_bytes = 50u << 20;               // of one object
    std::chrono::seconds timeout{60};                 // for one object
};

/// Where the object lies, its key encoded as Signature Version 4 wants it (docs.aws.amazon.com, "Create a signed AWS
/// API request"). Empty for a bucket or region that could not stand in an address.
std::string object_url(const amazon_options& o, const std::string& bucket, const std::string& key,
                       const std::string& supposed_region);

/// Fetches from Amazon Web Services over TLS, without redirects. On threads of its own, of which there are few: what
/// strangers make us ask must not keep others waiting.
class amazon {
public:
    explicit amazon(amazon_options o) : options_{std::move(o)} {}
    ~amazon() { stop(); }
    amazon(const amazon&) = delete;
    amazon& operator=(const amazon&) = delete;

    /// A small public thing, at an address that the caller has judged. Throws `overloaded`.
    boost::asio::awaitable<fetched> get(std::string url);

    /// An object of S3. Lasting: no credentials, not there, not allowed, too large, locked with a key that only its
    /// writer has. Throws `overloaded`.
    boost::asio::awaitable<fetched> object(std::string bucket, std::string key, std::string supposed_region);

    /// Gives up what is under way, within a second.
    void stop() { stopping_ = true; }

private:
    amazon_options options_;
    std::atomic<bool> stopping_ = false;
    offload_pool pages_{2, 64}, objects_{4, 64};
};

} // namespace switchboard::outside
