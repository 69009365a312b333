#pragma once

#include <algorithm>
#include <array>
#include <string_view>

/// Which channels an agent works on at once (docs/routing.md 2.2 rule 7).
namespace switchboard {

/// Nobody is on the line: this work may wait for a quiet moment.
constexpr bool can_wait(std::string_view channel) {
    constexpr std::array<std::string_view, 4> patient{"email", "fax", "post", "social"};
    return std::ranges::find(patient, channel) != patient.end();
}

/// Whether something new may come beside what is held: chats beside chats, work that can wait beside work that can
/// wait, and nothing beside a call or a visitor.
constexpr bool goes_beside(std::string_view held, std::string_view added) {
    return (held == "chat" && added == "chat") || (can_wait(held) && can_wait(added));
}

/// Whether something new parks what is held, if the queue of that lets it be interrupted.
constexpr bool interrupts(std::string_view added, std::string_view held) {
    return can_wait(held) && !can_wait(added);
}

} // namespace switchboard
