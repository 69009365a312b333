#pragma once

#include "api/wire/schema.hpp"

#include <string>

namespace switchboard::api {

/// JSON that this schema allows, the same each time; `all` has what it refers to.
std::string example_of(const std::string& schema, const schemas& all);

} // namespace switchboard::api
