#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace switchboard {

/// What is asked of a new password: length, and that it is none of the first that are guessed. Composition is not: it
/// makes people write "Password1!" (NIST SP 800-63B 5.1.1.2).
constexpr std::size_t shortest_password = 12; // characters
constexpr std::size_t longest_password = 200;

/// Why this cannot be the password of this login, to stand behind the field's name; nothing when it can.
std::optional<std::string> password_fault(std::string_view password, std::string_view login);

} // namespace switchboard
