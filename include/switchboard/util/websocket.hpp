#pragma once

#include <switchboard/util/http_message.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// What the house sees of a WebSocket: `web` speaks it, `api` decides whether it may begin, `live` talks on it.
namespace switchboard::http {

/// One WebSocket of a peer. Lives on the io thread; every method is called there.
class websocket : public std::enable_shared_from_this<websocket> {
public:
    virtual ~websocket() = default;

    /// Queues a text frame. False if the peer's bounded outbox is full: the peer is then cut off and on_close follows.
    virtual bool send(std::shared_ptr<const std::string> frame) = 0;

    /// Sends what is queued, then a close frame with this code (RFC 6455 7.4) and reason.
    virtual void close(int code, std::string reason) = 0;

    /// Free places in the outbox.
    virtual std::size_t room() const = 0;

    /// Closed with 1008 when greeted() is not called by then: whoever only holds a socket is not waited for.
    virtual void await_hello(std::chrono::milliseconds within) = 0;
    virtual void greeted() = 0;

    /// Closed when the peer has not even answered a ping for so long; the server's websocket_idle otherwise.
    virtual void end_when_silent(std::chrono::milliseconds for_so_long) = 0;

    /// Set both before the accept handler returns. on_message gets text frames only.
    std::function<void(std::string_view)> on_message;
    std::function<void()> on_close;
};

/// What becomes of a request for a WebSocket: a response refuses it; without one it begins, and `accepted` is called
/// with the open socket.
struct upgrade {
    std::optional<response> refusal;
    std::function<void(std::shared_ptr<websocket>)> accepted;
};

} // namespace switchboard::http
