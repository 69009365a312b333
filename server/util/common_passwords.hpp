#pragma once

#include <string_view>

namespace switchboard {

/// Whether a password in lower case is among the most used ones.
bool is_common_password(std::string_view lower_case);

} // namespace switchboard
