#pragma once

#include "api/route.hpp"

#include <switchboard/model/token.hpp>

#include <optional>
#include <string>

namespace switchboard::api {

/// Why this asker may not use the route: 401, or 403 by permission, scope or a missing CSRF token. Empty = may.
std::optional<problem> obstacle(const route& r, const http::request& request, const std::optional<principal>& asker);

/// The same in words, where a handler asks for more than its route.
std::string not_permitted(permission needed);

/// Nobody signs out, or sets up the work of, somebody who may more than himself.
boost::asio::awaitable<std::optional<problem>> who_may_more(const call& c, std::int64_t user);

} // namespace switchboard::api
