#pragma once

#include <switchboard/live/hub.hpp>
#include <switchboard/model/event.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

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

/// A visitor's socket.
struct chat_peer {
    std::function<bool(frame)> send;
    std::function<void(int code, std::string reason)> close;
};

/// The website chats that are open in this process. Frames are those of the widget: hello, message, typing, read from
/// the visitor; welcome, message, ack, typing, error to him. A visitor is sent what is committed, in the order of
/// `seq`, from the place that he names: nothing twice, nothing skipped. Lives on the io thread.
class chat_rooms {
public:
    chat_rooms(boost::asio::any_io_executor executor, store::chat& rows, hub& to_agents, chat_intake intake);
    ~chat_rooms();
    chat_rooms(const chat_rooms&) = delete;
    chat_rooms& operator=(const chat_rooms&) = delete;

    /// One visitor's connection to a gateway: give it what he sends.
    class conversation {
    public:
        virtual ~conversation() = default;
        virtual void on_message(std::string_view text) = 0;
        virtual void on_close() = 0;
    };
    std::shared_ptr<conversation> open(std::int64_t gateway_id, chat_peer peer);

    /// What the log says: answers of agents, and who owns the ticket.
    void follow(std::span<const event> events);

    /// An agent types on a ticket. Nothing happens unless the ticket is his.
    void agent_types(std::int64_t ticket, std::int64_t agent, std::string_view name);

    std::size_t open_conversations() const;

private:
    struct state;
    class room;
    std::shared_ptr<state> state_;
};

} // namespace switchboard::live
