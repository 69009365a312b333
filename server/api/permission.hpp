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

} // namespace switchboard::api
