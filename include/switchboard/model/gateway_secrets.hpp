#pragma once

#include <array>
#include <string_view>

namespace switchboard {

/// Those of a gateway's settings that are kept sealed, apart from the others, and are never shown. A dot leads into an
/// object.
inline constexpr std::array<std::string_view, 3> gateway_secrets{"imap.password", "secret", "verify_token"};

} // namespace switchboard
