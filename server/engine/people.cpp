#include "engine/engine_state.hpp"

#include <algorithm>

namespace switchboard::routing {

index_t engine_state::agent_number(agent_id id) const {
    const auto it = agent_numbers.find(id);
    return it == agent_numbers.end() || !agents[it->second].known ? nobody : it->second;
}

bool engine_state::loaded(const agent_record& a) const {
    return std::ranges::any_of(a.items, [this](const item& i) { return counts_as_load(i.channel); });
}

/// Brings the lists and counters up to what the agent's record says now; not `present` = as if there were no agent.
void engine_state::refresh(index_t agent, bool present) {
    auto& a = agents[agent];
    const auto accepting = present ? accepting_now(a, now, settings.min_handle, lanes) : channel_set{};
    const auto available = room_for(a, accepting);
    const auto order = idle_lists::order(a.stamp, loaded(a));
    const auto old_order = idle.order_of(agent);
    const bool moved = order != old_order;

    for (std::size_t ch = 0; ch < lanes; ++ch) {
        const auto c = static_cast<channel>(ch);
        const bool was = a.available.contains(c), is = available.contains(c);
        if (was && (!is || moved)) idle.erase(agent, a.profile, c);
        auto& heads = there[ch];
        if (accepting.contains(c) != a.accepting.contains(c)) {
            const std::uint32_t change = accepting.contains(c) ? 1 : ~std::uint32_t{0}; // up by one, or down
            heads.accepting[a.profile] += change;
            heads.accepting_in_all += change;
            for (const auto cls : eligible.classes_of(a.profile))
                if (facts[cls].channel == c) signed_in[cls] += change;
        }
        heads.available[a.profile] += static_cast<std::uint32_t>(is) - static_cast<std::uint32_t>(was);
    }
    for (std::size_t ch = 0; ch < lanes; ++ch) {
        const auto c = static_cast<channel>(ch);
        if (available.contains(c) && (!a.available.contains(c) || moved)) idle.insert(agent, a.profile, c, order);
    }
    if (any_dynamic)
        for (std::size_t n = 0; n < dynamic.size(); ++n) {
            if (!dynamic[n].in_use) continue;
            const auto figure = figure_of(a, dynamic_policies[n]);
            const bool other_place = moved || figure != a.figures[n];
            for (std::size_t ch = 0; ch < lanes; ++ch) {
                const auto c = static_cast<channel>(ch);
                const bool was = a.available.contains(c), is = available.contains(c);
                if (was && (!is || other_place)) dynamic[n].lists.erase(a.profile, c, {a.figures[n], old_order, agent});
                if (is && (!was || other_place)) dynamic[n].lists.insert(a.profile, c, {figure, order, agent});
            }
            a.figures[n] = figure;
        }
    if (a.accepting != accepting && !room.personal(agent).empty()) stale.push_back(agent);
    a.accepting = accepting;
    a.available = available;

    auto& count = counts[a.profile];
    const bool idle_for_live = present && is_idle_for_live(a, available);
    const bool on_shift = present && (!a.shift_end || *a.shift_end > now);
    count.idle_for_live += static_cast<int>(idle_for_live) - static_cast<int>(a.idle_for_live);
    count.on_shift += static_cast<int>(on_shift) - static_cast<int>(a.on_shift);
    a.idle_for_live = idle_for_live;
    a.on_shift = on_shift;
}

/// Takes the agent out of all lists and counters of its profile.
void engine_state::detach(index_t agent) {
    if (agents[agent].profile != nobody) refresh(agent, false);
}

void engine_state::use_policy(agent_policy policy) {
    const auto it = std::ranges::find(dynamic_policies, policy);
    if (it == dynamic_policies.end()) return;
    auto& used = dynamic[static_cast<std::size_t>(it - dynamic_policies.begin())].in_use;
    if (used) return;
    for (index_t a = 0; a < agents.size(); ++a) detach(a);
    used = any_dynamic = true;
    for (index_t a = 0; a < agents.size(); ++a)
        if (agents[a].known) refresh(a);
}

void engine_state::use_messages() {
    if (lanes == lane_count) return;
    lanes = lane_count;
    for (index_t a = 0; a < agents.size(); ++a)
        if (agents[a].known) refresh(a);
}

void engine_state::set_profile(index_t agent) {
    detach(agent);
    auto& a = agents[agent];
    const auto old = a.profile;
    const auto [number, is_new] =
        profiles.hold(profile::of(a.config, classes.jurisdictions(), now, settings.min_licence_validity));
    a.profile = number;
    if (is_new) {
        eligible.reserve_profile(number);
        idle.reserve_profile(number);
        if (number >= counts.size()) counts.resize(number + 1);
        for (auto& heads : there)
            if (number >= heads.accepting.size()) {
                heads.accepting.resize(number + 1);
                heads.available.resize(number + 1);
            }
        relate_profile(number);
    }
    if (old != nobody && profiles.drop(old)) eligible.forget_profile(old);
    if (number != old && !room.personal(agent).empty()) stale.push_back(agent);
    a.licences_change = next_licence_change(a.config, now, settings.min_licence_validity);
    if (a.licences_change) agent_timers.set(*a.licences_change, timer_kind::licence_changes, agent);
    refresh(agent);
}

void engine_state::add_item(index_t agent, item i) {
    auto& a = agents[agent];
    i.interruptible = i.interruptible && deferrable_lanes.contains(i.channel); // nobody on the line is put aside
    i.previous_stamp = i.stamp = a.stamp;
    if (counts_as_load(i.channel)) i.stamp = a.stamp = ++stamps;
    a.items.push_back(i);
    refresh(agent);
}

void engine_state::take_item(index_t agent, index_t slot, bool keeps_place) {
    auto& a = agents[agent];
    const auto i = *a.find(slot);
    std::erase_if(a.items, [slot](const item& other) { return other.slot == slot; });
    if (counts_as_load(i.channel)) {
        if (keeps_place && i.state == item_state::offered && a.stamp == i.stamp)
            a.stamp = i.previous_stamp;
        else if (!loaded(a))
            a.stamp = ++stamps;
    }
    refresh(agent);
    mark_agent(agent, trigger::agent_free);
}

/// Parked items come back first, as soon as nothing active keeps them parked.
void engine_state::resume_items(index_t agent, decisions& out) {
    auto& a = agents[agent];
    for (auto& i : a.items) {
        if (i.state != item_state::parked) continue;
        const bool kept = std::ranges::any_of(a.items, [&](const item& other) {
            return other.state == item_state::active && other.slot != i.slot &&
                   !allows(a.config, i.channel, other.channel);
        });
        if (kept) continue;
        i.state = item_state::active;
        out.push_back(resume_item{i.ticket, a.config.id, now});
    }
}

} // namespace switchboard::routing
