#include "engine/agents.hpp"

#include <algorithm>

namespace switchboard::routing {

item* agent_record::find(index_t slot) {
    const auto it = std::ranges::find(items, slot, &item::slot);
    return it == items.end() ? nullptr : &*it;
}

const channel_cap& cap_of(const agent_config& config, channel lane) {
    return config.caps[static_cast<std::size_t>(channel_of(lane))];
}

bool allows(const agent_config& config, channel held, channel added) {
    return config.allow[static_cast<std::size_t>(manners_of(held))].contains(manners_of(added));
}

bool parks(const agent_config& config, const item& held, channel added) {
    return held.interruptible &&
           config.interrupt[static_cast<std::size_t>(manners_of(held.channel))].contains(manners_of(added));
}

bool fits_beside(const agent_config& config, const item& held, channel lane) {
    return allows(config, held.channel, lane) || parks(config, held, lane);
}

channel_set accepting_now(const agent_record& agent, timestamp now, seconds min_handle, std::size_t lanes) {
    const bool leaves_soon = agent.shift_end && *agent.shift_end - now < min_handle;
    channel_set set;
    for (std::size_t lane = 0; lane < lanes; ++lane)
        if (const auto c = static_cast<channel>(lane); agent.accepts.contains(channel_of(c)) &&
                                                       cap_of(agent.config, c).max > 0 &&
                                                       !(leaves_soon && !deferrable_lanes.contains(c)))
            set.insert(c);
    return set;
}

std::uint64_t figure_of(const agent_record& agent, agent_policy policy) {
    switch (policy) {
    case agent_policy::least_loaded: {
        std::uint64_t units = 0;
        for (const auto& i : agent.items) units += static_cast<std::uint64_t>(cap_of(agent.config, i.channel).weight);
        return units;
    }
    case agent_policy::round_robin:
        return agent.last_offer;
    case agent_policy::fewest_today:
        return agent.today;
    case agent_policy::longest_idle:
    case agent_policy::best_skill:
    case agent_policy::least_overqualified:
        break;
    }
    return 0;
}

bool rings(const agent_record& agent) {
    return std::ranges::any_of(agent.items,
                               [](const item& i) { return i.state == item_state::offered && i.rings_alone(); });
}

channel_set room_for(const agent_record& agent, channel_set accepting) {
    channel_set open;
    if (accepting.empty()) return open;
    const auto& config = agent.config;

    if (rings(agent)) accepting.bits &= static_cast<std::uint8_t>(~deferrable_lanes.bits);
    std::array<int, channel_count> count{};
    int units_all = 0, units_firm = 0;
    for (const auto& i : agent.items) {
        const auto weight = cap_of(config, i.channel).weight;
        ++count[static_cast<std::size_t>(channel_of(i.channel))];
        units_all += weight;
        if (!i.interruptible) units_firm += weight;
    }
    for (std::size_t lane = 0; lane < lane_count; ++lane) {
        const auto c = static_cast<channel>(lane);
        const auto& cap = cap_of(config, c);
        if (!accepting.contains(c) || count[static_cast<std::size_t>(channel_of(c))] >= cap.max) continue;
        const auto units = deferrable_lanes.contains(c) ? units_all : units_firm;
        if (units + cap.weight > config.units) continue;
        if (std::ranges::all_of(agent.items, [&](const item& i) { return fits_beside(config, i, c); })) open.insert(c);
    }
    return open;
}

bool takes_live(const agent_record& agent) {
    return (agent.accepting.bits & ~deferrable_lanes.bits) != 0;
}

bool is_idle_for_live(const agent_record& agent, channel_set available) {
    return (available.bits & ~deferrable_lanes.bits) != 0 &&
           std::ranges::all_of(agent.items, [](const item& i) { return deferrable_lanes.contains(i.channel); });
}

} // namespace switchboard::routing
