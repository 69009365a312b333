#pragma once

#include <switchboard/model/authority.hpp>
#include <switchboard/store/database.hpp>

#include <boost/asio/awaitable.hpp>

#include <vector>

namespace switchboard::store {

/// Which sessions and tokens have ended, on whichever node and for whatever reason: signed out, revoked, expired, or
/// the person was made inactive.
class authorities {
public:
    explicit authorities(database& db) : db_{db} {}

    /// Those of `asked` that have ended.
    boost::asio::awaitable<std::vector<authority>> ended(std::vector<authority> asked);

private:
    database& db_;
};

} // namespace switchboard::store
