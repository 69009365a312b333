#pragma once

#include "api/route.hpp"

#include <switchboard/model/token.hpp>
#include <switchboard/store/giver.hpp>

#include <optional>
#include <string>

namespace switchboard::api {

/// Why this asker may not use the route: 401, or 403 by permission, scope or a missing CSRF token. Empty = may.
std::optional<problem> obstacle(const route& r, const http::request& request, const std::optional<principal>& asker);

/// The same in words, where a handler asks for more than its route.
std::string not_permitted(permission needed);

/// Whoever asks, as one who sets up what others may or do: the store guards those who may more (store/guard.hpp).
store::giver giver_of(const call& c);

} // namespace switchboard::api
