#pragma once

#include <boost/asio/awaitable.hpp>

namespace switchboard::store {
class users;
}

namespace switchboard::live {

class hub;

/// Tells the hub what its people may see by now: roles and memberships may have changed.
boost::asio::awaitable<void> refresh_viewers(hub& of, store::users& users);

} // namespace switchboard::live
