#pragma once

namespace switchboard::test {

/// What seals secrets in tests, and another one. 32 bytes each.
inline constexpr auto secret_key = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
inline constexpr auto other_secret_key = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";

} // namespace switchboard::test
