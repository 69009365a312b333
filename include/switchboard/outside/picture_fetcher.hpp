#pragma once

#include <switchboard/util/offload.hpp>

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

namespace switchboard::outside {

struct picture_options {
    bool private_addresses = false; // may be connected to
    std::size_t most_bytes = 5u << 20;
    std::chrono::seconds timeout{10}; // for all of one picture
};

struct picture {
    std::string type; // image/png, image/jpeg, image/gif or image/webp, by its bytes
    std::string bytes;
};

/// Fetches pictures that a stranger's mail names, without telling more than our address: no cookies, no referrer. The
/// address is judged as it is connected to, so that no name can lead into the own network. On threads of its own: a
/// server that answers slowly must not keep mails waiting to be read.
class picture_fetcher {
public:
    explicit picture_fetcher(picture_options o);
    ~picture_fetcher();
    picture_fetcher(const picture_fetcher&) = delete;
    picture_fetcher& operator=(const picture_fetcher&) = delete;

    /// By http or https, over at most three redirects. The error says in words why there is none. Throws `overloaded`.
    boost::asio::awaitable<std::expected<picture, std::string>> fetch(std::string url);

    /// Gives up what is under way, within a second.
    void stop() { stopping_ = true; }

private:
    picture_options options_;
    std::atomic<bool> stopping_ = false;
    offload_pool threads_{4, 64};
};

/// What the bytes are, whatever anybody calls them; empty = no picture that we show.
std::string_view picture_type(std::string_view bytes);

} // namespace switchboard::outside
