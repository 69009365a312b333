#pragma once

#include <boost/asio/awaitable.hpp>

namespace switchboard::store {
class agents;
class users;
} // namespace switchboard::store

namespace switchboard::live {

class hub;

/// Tells the hub what its people may see by now: roles and memberships may have changed.
boost::asio::awaitable<void> refresh_viewers(hub& of, store::users& users, store::agents& agents);

} // namespace switchboard::live
