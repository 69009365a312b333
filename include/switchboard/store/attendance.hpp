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

    /// Sessions whose first socket has opened on this node, or whose last has closed, together. Who comes back is
    /// what he was before; true: somebody was told of.
    boost::asio::awaitable<bool> note(std::string node, std::vector<open_session> came, std::vector<open_session> went);

    /// This node lives. False: it was thought dead, and is to note all its sessions anew.
    boost::asio::awaitable<bool> beat(std::string node);

    /// Takes what is due of those who are not there, as any node may: somebody who has been absent for so long is told
    /// of and offered nothing, and what he has in hand goes back. `after_a_gap`: this node has not looked for a while,
    /// and perhaps nobody could come back. True: there was something.
    boost::asio::awaitable<bool> watch(std::chrono::seconds absent_after, bool after_a_gap);

    /// This node ends.
    boost::asio::awaitable<void> leave(std::string node);

private:
    database& db_;
    absence_rule of_owners_;
};

} // namespace switchboard::store
