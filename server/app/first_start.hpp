#pragma once

#include <boost/asio/awaitable.hpp>

namespace switchboard::store {
class database;
}

namespace switchboard::app {

/// Where nobody can sign in yet, makes the user `admin` and prints the password, this once.
boost::asio::awaitable<void> greet(store::database& db);

} // namespace switchboard::app
