#pragma once

#include <switchboard/api/problem.hpp>

#include <boost/asio/awaitable.hpp>

#include <expected>
#include <string>

namespace switchboard {
class offload_pool;
}

namespace switchboard::api {

/// Whether this password has this hash. Takes as long when there is no hash, so that the time tells nothing.
boost::asio::awaitable<bool> is_password(offload_pool& passwords, std::string hash, std::string given);

/// The hash of a new password; a problem that names `field` when it may not be the password of this login.
boost::asio::awaitable<std::expected<std::string, problem>>
new_password_hash(offload_pool& passwords, std::string field, std::string password, std::string login);

} // namespace switchboard::api
