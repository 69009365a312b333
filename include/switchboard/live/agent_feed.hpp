#pragma once

#include <switchboard/live/hub.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace switchboard::live {

/// One agent's socket on the live feed: {"type":"hello","after"}, {"type":"typing","ticket_id"} and
/// {"type":"viewing","ticket_id","writing"} from him, the hub's frames to him. A frame that is not understood is
/// answered with {"type":"error","field","detail"}; a hello that is not, closes it with 1008 as well.
class agent_feed {
public:
    using typing = std::function<void(std::int64_t ticket)>;
    using viewing = std::function<void(std::int64_t ticket, std::string writing)>;

    /// `on_hello`: whenever a valid one has come.
    agent_feed(hub& from, viewer who, authority by, sink to, typing on_typing, viewing on_viewing,
               std::function<void()> on_hello);
    ~agent_feed();
    agent_feed(const agent_feed&) = delete;
    agent_feed& operator=(const agent_feed&) = delete;

    void on_message(std::string_view text);

private:
    hub& hub_;
    std::function<bool(frame)> send_;
    std::function<void(int, std::string)> close_;
    typing typing_;
    viewing viewing_;
    std::function<void()> greeted_;
    subscriber_id id_;

    void hello(std::optional<cursor> after);
};

} // namespace switchboard::live
