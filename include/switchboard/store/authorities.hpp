#pragma once

#include <switchboard/model/authority.hpp>
#include <switchboard/store/database.hpp>

#include <boost/asio/awaitable.hpp>

#include <vector>

namespace switchboard::store {

/// Whether sessions and tokens still stand, for whatever reason they would not: signed out, ended, revoked, expired,
/// the person switched off, on whichever node.
class authorities {
public:
    explicit authorities(database& db) : db_{db} {}

    /// Those of `asked` that stand no longer.
    boost::asio::awaitable<std::vector<authority>> ended(std::vector<authority> asked);

private:
    database& db_;
};

} // namespace switchboard::store
