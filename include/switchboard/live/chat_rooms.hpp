#pragma once

#include <switchboard/live/chat_doors.hpp>
#include <switchboard/model/event.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace switchboard::live {

struct chat_state;

/// The website chats that are open in this process; docs/chat.md has their frames. A visitor is sent what is committed,
/// in the order of `seq`, from the place that he names: nothing twice, nothing skipped; and how his ticket stands,
/// whenever that changes. Lives on the io thread.
class chat_rooms {
public:
    chat_rooms(boost::asio::any_io_executor executor, store::chat& rows, hub& to_agents, chat_doors doors,
               chat_bounds bounds = {});
    ~chat_rooms();
    chat_rooms(const chat_rooms&) = delete;
    chat_rooms& operator=(const chat_rooms&) = delete;

    std::shared_ptr<chat_conversation> open(std::int64_t gateway_id, chat_peer peer);

    /// What the log says: answers of agents, and who owns the ticket.
    void follow(std::span<const event> events);

    /// An agent types on a ticket. Nothing happens unless the ticket is his.
    void agent_types(std::int64_t ticket, std::int64_t agent, std::string_view name);

    /// What only time changes: closes the sockets of sessions that have expired, and tells visitors of their place in
    /// the queue and of its hours. One question to the database at most, for all of them. To be asked each second.
    void tick();

    chat_refusals refusals() const;

private:
    std::shared_ptr<chat_state> state_;
};

} // namespace switchboard::live
