#pragma once

#include <switchboard/store/database.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace switchboard::store {

/// How far a mailbox has been fetched. UIDs are of one UIDVALIDITY (RFC 3501 2.3.1.1): under another they mean nothing.
struct mailbox_state {
    std::string place; // user@host:port/folder
    std::int64_t uidvalidity = 0;
    std::int64_t last_uid = 0; // up to here all is committed, and settled in the mailbox
};

/// The places of mailboxes that are fetched, and how that goes. One node at a time has a mailbox.
class mailbox_states {
public:
    explicit mailbox_states(database& db) : db_{db} {}

    /// The state, ours for so long; nothing while another node has it.
    boost::asio::awaitable<std::optional<mailbox_state>> claim(std::int64_t gateway, std::string node,
                                                               std::chrono::seconds how_long);
    /// Writes how far it is and keeps the claim. False: another node has it since.
    boost::asio::awaitable<bool> advance(std::int64_t gateway, std::string node, mailbox_state reached,
                                         std::chrono::seconds how_long);
    /// Gives the mailbox back and notes how the round went: empty = well.
    boost::asio::awaitable<void> release(std::int64_t gateway, std::string node, std::string error);

private:
    database& db_;
};

} // namespace switchboard::store
