#pragma once

#include <switchboard/store/rules.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace switchboard::store {

class database;

/// Somebody's session, of which at least one socket is open.
struct open_session {
    std::int64_t session = 0, agent = 0;
    auto operator<=>(const open_session&) const = default;
};

/// Who has a socket open, and on which node. A person is absent from the moment on at which his last socket on any node
/// has closed, or the node that held it was last heard of.
class attendance {
public:
    attendance(database& db, absence_rule of_owners) : db_{db}, of_owners_{std::move(of_owners)} {}

    /// Writes down the sessions whose first socket has opened on this node, and those whose last has closed. Who comes
    /// back has the presence of before. True: that was an event.
    boost::asio::awaitable<bool> note(std::string node, std::vector<open_session> came, std::vector<open_session> went);

    /// Says that this node lives. False: it was thought dead, and has to note all of its sessions again.
    boost::asio::awaitable<bool> beat(std::string node);

    /// Notes as absent who has had no socket for so long: they are offered nothing more, and what they have in hand
    /// goes back. Any node may do it. `after_a_gap`: this node has not looked for a while, and perhaps nobody could
    /// come back. True: an event was written.
    boost::asio::awaitable<bool> watch(std::chrono::seconds absent_after, bool after_a_gap);

    /// This node stops: no session has a socket on it any more.
    boost::asio::awaitable<void> leave(std::string node);

private:
    database& db_;
    absence_rule of_owners_;
};

} // namespace switchboard::store
