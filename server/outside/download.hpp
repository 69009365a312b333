#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace switchboard::outside {

/// A GET of something that lies on another server. What is not said here does not happen: no cookies, no referrer, no
/// proxy from the environment.
struct download_order {
    std::string url;
    const char* protocols = "https";
    long redirects = 0;
    bool public_only = false; // judged as it is connected to, so that no name can lead into the own network
    std::size_t most_bytes = 0;
    std::chrono::seconds timeout{10}; // for all of it
    std::string ca{};                 // PEM file; empty = whom the system trusts
    std::string proxy{};
    std::string signing{}, key_id{}, secret{}; // AWS Signature Version 4, as libcurl's CURLOPT_AWS_SIGV4 names it
};

struct download {
    enum class outcome { answered, too_large, too_many_redirects, not_public, too_slow, stopped, failed };
    outcome came_to = outcome::failed;
    int status = 0; // of the answer
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers; // of the answer
    std::string failure;                                      // in libcurl's words
};

/// Blocks. `stopping` ends it within a second.
download fetch_now(const download_order& order, const std::atomic<bool>& stopping);

} // namespace switchboard::outside
