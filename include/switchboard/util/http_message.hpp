#pragma once

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace switchboard {
struct principal;
}

/// Plain request and response: what the house sees of HTTP. `web` fills and sends them, `api` answers them.
namespace switchboard::http {

using pairs = std::vector<std::pair<std::string, std::string>>;

struct request {
    std::string method; // upper-case
    std::string path;   // decoded, without the query; always begins with '/'
    pairs query;        // decoded, in order
    pairs headers;      // names lower-case
    std::string body{};
    std::vector<std::string> segments{};      // of the path, each decoded by itself: one may have a slash in it
    std::string remote{};                     // the client's address without port, as far as our proxies say it
    bool secure = false;                      // the client speaks TLS, with us or with a proxy of ours
    std::shared_ptr<const principal> asker{}; // who that is, once it was found out; empty = nobody known

    std::string_view header(std::string_view lower_case_name) const; // first; empty if absent
    std::string_view query_value(std::string_view name) const;       // first; empty if absent
    std::string_view cookie(std::string_view name) const;
};

struct response {
    int status = 200;
    std::string content_type = "application/json";
    std::string body{};
    pairs headers{};
    std::shared_ptr<const std::string> shared_body{}; // instead of body, for what many are sent
    /// Instead of a body, for what is too long to be held: each time the next piece, an empty one at the end. Thrown
    /// at, the connection is cut, which tells the client that it has not all.
    std::function<boost::asio::awaitable<std::string>()> next_piece{};
};

} // namespace switchboard::http
