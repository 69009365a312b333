#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace switchboard::intake {

/// E.164 of a number that a person wrote with its country code; empty for anything else.
std::optional<std::string> international_number(std::string_view written);

} // namespace switchboard::intake
