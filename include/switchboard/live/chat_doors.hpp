#pragma once

#include <switchboard/live/hub.hpp>
#include <switchboard/model/chat_service.hpp>
#include <switchboard/util/budget.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

/// What the website chat asks of the rest of the house, and what bounds it.
namespace switchboard::store {
class chat;
struct chat_session;
} // namespace switchboard::store

namespace switchboard::live {

/// What became of a visitor's message. Empty seq: it was not taken, and `problem` says why.
struct chat_receipt {
    std::optional<std::int64_t> seq;
    std::optional<std::int64_t> ticket_id;
    std::string problem;
};

/// Takes a visitor's message in; completes after the commit. Throws when we cannot: the visitor's browser tries again.
using chat_intake =
    std::function<boost::asio::awaitable<chat_receipt>(const store::chat_session& session, std::string frame)>;

/// What the chat asks of the rest of the house.
struct chat_doors {
    chat_intake intake;
    /// Whether somebody answers now, in the queue of a visitor's ticket; empty = in the gateway's own.
    std::function<chat_service(std::int64_t gateway, std::optional<std::int64_t> queue)> service;
    std::function<bool(std::string_view address)> is_own_mailbox; // mail to it would come back to us
    std::function<void()> bell;                                   // something was committed
};

/// A visitor's socket.
struct chat_peer {
    std::string address; // by which budgets count
    std::function<bool(frame)> send;
    std::function<void(int code, std::string reason)> close;
    std::function<void()> greeted; // called once its session is known
};

/// One visitor's connection to a gateway: give it what he sends.
class chat_conversation {
public:
    virtual ~chat_conversation() = default;
    virtual void on_message(std::string_view text) = 0;
    virtual void on_close() = 0;
};

/// How much visitors may send: by session whatever its sockets, by address, and all together.
struct chat_bounds {
    using rate = rate_budget::rate;
    static constexpr std::chrono::seconds window{10};

    std::chrono::seconds transcript_pause{std::chrono::minutes{5}}; // between two transcripts of a session
    std::chrono::seconds session_life{std::chrono::hours{72}};      // from its newest message
    std::chrono::seconds until_away{10};                            // from the end of his last window
    std::size_t sockets_per_session = 8;
    rate frames{20'000, window}, frames_per_address{600, window}; // of any kind; past it the socket is closed
    rate messages{2000, window}, messages_per_address{60, window}, messages_per_session{10, window};
};

/// How often a bound was hit since the start.
struct chat_refusals {
    std::uint64_t frames = 0, messages = 0, sockets = 0;
};

} // namespace switchboard::live
