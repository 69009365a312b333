#pragma once

#include "api/route.hpp"
#include "api/wire/types.hpp"

#include <optional>
#include <string>

namespace switchboard::api {

/// The user whom a parameter of a list names by id, or `me`; empty: it names nobody.
result<std::optional<std::int64_t>> user_asked_for(const std::optional<text<1, 20>>& named, const std::string& field,
                                                   const principal& asker);

} // namespace switchboard::api
