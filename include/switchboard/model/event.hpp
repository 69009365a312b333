#pragma once

#include <switchboard/model/permission.hpp>
#include <switchboard/model/time.hpp>

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard {

/// Where an event stands in the log, and how far a reader of it has come. Ordered by transaction first: ids are
/// assigned before commit, so ids alone would skip what commits late. Text form "<xid>-<id>".
struct cursor {
    std::uint64_t xid = 0;
    std::int64_t id = 0;

    auto operator<=>(const cursor&) const = default;
};

std::string to_string(const cursor& c);
std::optional<cursor> parse_cursor(std::string_view text);

/// Whom the events of a type are pushed to: their agent, and who has this permission as far as it reaches to their
/// queue. What an event carries is for its audience's eyes and for nobody else's.
struct audience {
    std::optional<permission> needs;

    /// They carry ids and names of fields, no words: what an id stands for is asked for under one's own right.
    static const audience everybody;

    constexpr bool operator==(const audience&) const = default;
};
inline constexpr audience audience::everybody{};

/// One committed change, as its row has it; what it says is typed in model/events.hpp.
struct event {
    switchboard::cursor cursor;
    std::string type;
    timestamp at{};
    std::optional<std::int64_t> ticket_id;
    std::optional<std::int64_t> queue_id;  // its members may see it,
    std::optional<std::int64_t> agent_id;  // and this agent
    std::vector<std::int64_t> queue_ids{}; // so may the members of these, sorted,
    std::vector<std::int64_t> agent_ids{}; // and these people, sorted, if their permission reaches anything
    std::optional<std::int64_t> actor_id;  // the user who did it; empty = the system
    std::string data = "{}";               // JSON object
};

} // namespace switchboard
