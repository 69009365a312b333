#pragma once

#include "api/route.hpp"

#include <optional>

namespace switchboard::api {

/// Why this asker may not use the route: 401, or 403 by role, scope or a missing CSRF token. Empty = may.
std::optional<problem> obstacle(const route& r, const http::request& request, const std::optional<principal>& asker);

} // namespace switchboard::api
