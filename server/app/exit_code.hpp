#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <string_view>

namespace switchboard::app {

/// What a command ends with: all was done; it was not; it was asked wrongly.
inline constexpr int success = 0, failure = 1, wrong_use = 2;

inline int refused(std::string_view why) {
    fmt::print(stderr, "switchboard: {}\n", why);
    return failure;
}

} // namespace switchboard::app
