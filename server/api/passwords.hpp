#pragma once

#include <switchboard/api/problem.hpp>
#include <switchboard/api/services.hpp>

#include <boost/asio/awaitable.hpp>

#include <expected>
#include <string>

namespace switchboard::api {

/// Whether this password has this hash. Takes as long when there is no hash, so that the time tells nothing.
boost::asio::awaitable<bool> is_password(const services& s, std::string hash, std::string given);

/// The hash of a new password; a problem that names `field` when it may not be the password of this login.
boost::asio::awaitable<std::expected<std::string, problem>> new_password_hash(const services& s, std::string field,
                                                                              std::string password, std::string login);

} // namespace switchboard::api
