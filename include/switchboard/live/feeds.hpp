#pragma once

#include <switchboard/live/attendance.hpp>
#include <switchboard/live/chat_rooms.hpp>
#include <switchboard/live/hub.hpp>
#include <switchboard/live/viewers.hpp>
#include <switchboard/model/principal.hpp>
#include <switchboard/util/budget.hpp>
#include <switchboard/util/websocket.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace switchboard::live {

/// Connects open WebSockets with the live feed and with the website chats. Lives on the io thread.
class feeds {
public:
    /// `hello_within`: what has not said hello by then is closed.
    feeds(hub& events, chat_rooms& chats, viewers& lookers, attendance& who_is_there, std::chrono::seconds hello_within)
        : hub_{events}, chats_{chats}, viewers_{lookers}, attendance_{who_is_there}, hello_within_{hello_within} {}

    /// The live feed, as this principal sees it, until the socket closes. A person attends from the first hello until
    /// then.
    void join(const principal& who, std::shared_ptr<http::websocket> socket);

    /// A visitor's chat with a gateway. `held` is the socket's share of the budget of chat sockets.
    void join_chat(std::int64_t gateway, std::string address, std::shared_ptr<held_budget::share> held,
                   std::shared_ptr<http::websocket> socket);

    std::chrono::seconds hello_within() const { return hello_within_; }

private:
    hub& hub_;
    chat_rooms& chats_;
    viewers& viewers_;
    attendance& attendance_;
    const std::chrono::seconds hello_within_;
};

} // namespace switchboard::live
