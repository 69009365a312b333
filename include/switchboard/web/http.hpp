#pragma once

#include <switchboard/util/http_message.hpp>
#include <switchboard/util/websocket.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <optional>

namespace switchboard::web {

using http::request;
using http::response;
using http::upgrade;
using http::websocket;

/// Answers a request. Throwing gives a 500 with a request id, logged once.
using handler = std::function<boost::asio::awaitable<response>(request)>;

/// Decides about a WebSocket. Throwing gives a 500.
using upgrade_handler = std::function<boost::asio::awaitable<upgrade>(request)>;

/// What a request comes to by its header alone, before its body is read.
struct admission {
    std::optional<response> refusal{};
    bool known = false;         // we know from whom it comes: its socket and body are no stranger's
    std::size_t body_bytes = 0; // the largest body that it may have
};
/// May note in the request what it finds out. Throwing gives a 500.
using admission_handler = std::function<boost::asio::awaitable<admission>(request& head)>;

/// Who decides about what comes to a server.
struct handlers {
    admission_handler admit;
    handler answer;
    upgrade_handler upgrade;
};

} // namespace switchboard::web
