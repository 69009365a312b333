#pragma once

#include <switchboard/engine/types.hpp>

#include <bit>
#include <map>

/// Why a ticket waits: who could take it, who almost could, and how long it may take.
namespace switchboard::routing {

/// What keeps an agent from a ticket.
enum class exclusion : std::uint8_t {
    no_member, // of its queue, nor of one that a step added
    role,      // may not take any ticket
    delay,     // the membership sees the ticket only later
    skill,
    licence,
    grade,
    queue_closed,
    not_signed_in, // presence does not accept the channel, or the agent never takes it
    shift_ends,    // too soon for real-time work
    refused,       // a short while ago
    held_for_other,
    reserve, // deferrable work, and too few live agents are idle
    ringing, // deferrable work, and an offer of such work rings there already
    busy     // no room beside what the agent works on: the ordinary reason
};
inline constexpr std::size_t exclusion_count = 14;

std::string_view to_string(exclusion e);

/// A set of exclusions, one bit each.
struct exclusions {
    std::uint16_t bits = 0;
    constexpr void insert(exclusion e) { bits = static_cast<std::uint16_t>(bits | (1u << static_cast<unsigned>(e))); }
    [[nodiscard]] constexpr bool contains(exclusion e) const { return (bits >> static_cast<unsigned>(e) & 1u) != 0; }
    [[nodiscard]] constexpr std::size_t size() const { return static_cast<std::size_t>(std::popcount(bits)); }
    /// The first in the order of `exclusion`; there must be one.
    [[nodiscard]] constexpr exclusion first() const { return static_cast<exclusion>(std::countr_zero(bits)); }
    /// Those that do not pass by themselves as soon as the agent has answered or finished something.
    [[nodiscard]] constexpr exclusions lasting() const {
        constexpr auto passing =
            1u << static_cast<unsigned>(exclusion::ringing) | 1u << static_cast<unsigned>(exclusion::busy);
        return {static_cast<std::uint16_t>(bits & ~passing)};
    }
    bool operator==(const exclusions&) const = default;
};

/// A term of the ticket that an agent does not meet.
struct shortfall {
    exclusion what = exclusion::skill; // or licence
    std::int64_t id = 0;               // the skill's or the licence type's
    std::string jurisdiction{};        // licence
    int min = 0;                       // skill: the levels that are asked for,
    std::optional<int> max{};          // with an upper end or without
    int level = 0;                     // skill: the agent's own
    auto operator<=>(const shortfall&) const = default;
};

struct agent_exclusions {
    agent_id agent = 0;
    exclusions reasons{};
    std::vector<shortfall> lacks{};   // skills first
    std::optional<refusal> refused{}; // if that is among the reasons
};

struct explanation {
    queue_id queue = 0;
    int step = 0;                                        // relaxation steps taken
    std::optional<timestamp> next_step{};                // when the next one is due
    std::optional<agent_id> held_for{};                  // waits for this agent alone
    std::array<std::size_t, exclusion_count> excluded{}; // agents by their first reason: each counts once
    std::map<shortfall, std::size_t> lacking{}; // those whose first reason is a skill or a licence, by which; no level
    std::vector<agent_exclusions> could{};      // no lasting reason keeps them, by agent
    std::vector<agent_exclusions> almost{};     // one lasting reason keeps them, by agent
    std::vector<agent_exclusions> others{};     // more than one, by agent
    std::size_t members = 0;                    // all whom the queue, or a step, asks
    std::size_t ahead = 0;                      // tickets of its class that come before it
    /// (ahead + 1) times the smoothed time between service starts of its class; empty before the second start.
    std::optional<std::chrono::microseconds> estimated_wait{};
};

} // namespace switchboard::routing
