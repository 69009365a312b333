#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace switchboard {

/// Whose deed something is, and how he was let in. Nobody: the system's, or whoever works at the machine itself.
struct actor {
    std::optional<std::int64_t> user_id{};
    std::optional<std::int64_t> session_id{}, token_id{}; // by which of them
    std::string address{};                                // of the request; empty = there was none

    actor() = default;
    actor(std::optional<std::int64_t> user) : user_id{user} {}
};

} // namespace switchboard
