#pragma once

#include "engine/tickets.hpp"

namespace switchboard::routing {

enum class item_state : std::uint8_t { offered, active, parked };

/// What takes an agent's capacity.
struct item {
    index_t slot = nobody;
    ticket_id ticket = 0;
    queue_id queue = 0;
    routing::channel channel = channel::email; // its lane
    bool interruptible = false;
    item_state state = item_state::active;
    bool alone = true;                // its queue does not fan out
    timestamp began{}, expires{};     // offered only
    std::uint64_t stamp = 0;          // the agent's place in the idle order that this offer gave
    std::uint64_t previous_stamp = 0; // and the one it had before

    /// While it is offered, no other work that can wait rings.
    [[nodiscard]] bool rings_alone() const { return alone && deferrable_lanes.contains(channel); }
};

/// Agent policies that compare something which changes with every item.
inline constexpr std::array dynamic_policies{agent_policy::least_loaded, agent_policy::round_robin,
                                             agent_policy::fewest_today};

struct agent_record {
    bool known = false;
    agent_config config;
    index_t profile = nobody;
    channel_set accepts;
    std::vector<item> items;
    int missed = 0;                           // in a row
    timestamp missed_at{};                    // the last of them that was counted
    bool marked = false;                      // the running event changed what the agent could take
    std::uint64_t stamp = 0;                  // place in the idle order among those as loaded as this agent
    std::optional<timestamp> licences_change; // when the profile must be looked at again
    std::optional<timestamp> shift_end;
    std::uint64_t last_offer = 0; // counts all offers; for round_robin
    std::uint32_t today = 0;      // items begun

    // Derived by the engine's refresh, and what the lists and counters know of the agent. By lane.
    channel_set available;
    channel_set accepting; // presence, a capacity above zero, and time enough before the end of the shift
    bool idle_for_live = false;
    bool on_shift = false;
    std::array<std::uint64_t, dynamic_policies.size()> figures{}; // by dynamic policy

    [[nodiscard]] item* find(index_t slot);
};

/// docs/routing.md 2.2 rule 5: the lanes on which the agent is there for work.
channel_set accepting_now(const agent_record& agent, timestamp now, seconds min_handle, std::size_t lanes);

/// An offer of work that can wait rings, which keeps more of the same from ringing beside it.
bool rings(const agent_record& agent);

/// Rule 7: those of the lanes on which one more item fits, and may ring, now.
channel_set room_for(const agent_record& agent, channel_set accepting);

/// What a dynamic policy compares, lower first.
std::uint64_t figure_of(const agent_record& agent, agent_policy policy);

// Of lanes, what the agent's configuration says of channels.
const channel_cap& cap_of(const agent_config& config, channel lane);
bool allows(const agent_config& config, channel held, channel added);
bool parks(const agent_config& config, const item& held, channel added);

/// The agent may be given an item of this lane beside `held`.
bool fits_beside(const agent_config& config, const item& held, channel lane);

/// Holds no call, chat or visit, is there for them, and could take one now.
bool is_idle_for_live(const agent_record& agent, channel_set available);

/// Takes part in live work at all: such agents are what an idle reserve counts and guards.
bool takes_live(const agent_record& agent);

} // namespace switchboard::routing
