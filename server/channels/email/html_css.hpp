#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace switchboard::channels::email {

/// The allow-listed declarations of a style attribute. Declarations that would fetch something are left out and counted
/// in `blocked_remote`.
std::string sanitize_style(std::string_view style, std::size_t& blocked_remote);

} // namespace switchboard::channels::email
