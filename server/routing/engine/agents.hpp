#pragma once

#include "routing/engine/tickets.hpp"

namespace switchboard::routing {

enum class item_state : std::uint8_t { offered, active, parked };

/// What takes an agent's capacity.
struct item {
    index_t slot = nobody;
    ticket_id ticket = 0;
    queue_id queue = 0;
    routing::channel channel = channel::email;
    bool interruptible = false;
    item_state state = item_state::active;
    timestamp expires{};              // offered only
    std::uint64_t stamp = 0;          // the agent's place in the idle order that this offer gave
    std::uint64_t previous_stamp = 0; // and the one it had before
};

struct agent_record {
    bool known = false;
    agent_config config;
    index_t profile = nobody;
    channel_set accepts;
    std::vector<item> items;
    int missed = 0;
    bool marked = false;                      // the running event changed what the agent could take
    std::uint64_t stamp = 0;                  // place in the idle order among those as loaded as this agent
    std::optional<timestamp> licences_change; // when the profile must be looked at again

    // Derived by the engine's refresh, and what the lists and counters know of the agent.
    channel_set available;
    channel_set accepting; // presence and a capacity above zero
    bool idle_for_live = false;

    [[nodiscard]] item* find(index_t slot);
};

/// ROUTING.md 2.2 rule 7 with rule 5: the channels on which one more item fits now.
channel_set room_for(const agent_record& agent);

/// The agent may be given an item of channel `c` beside `held`.
bool fits_beside(const agent_config& config, const item& held, channel c);

/// Holds no call, chat or visit, is there for them, and could take one now.
bool is_idle_for_live(const agent_record& agent, channel_set available);

/// Takes part in live work at all: such agents are what an idle reserve counts and guards.
bool takes_live(const agent_record& agent);

} // namespace switchboard::routing
