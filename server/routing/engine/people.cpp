#include "routing/engine/parts.hpp"

#include <algorithm>

namespace switchboard::routing {

index_t engine::parts::agent_number(agent_id id) const {
    const auto it = agent_numbers.find(id);
    return it == agent_numbers.end() || !agents[it->second].known ? nobody : it->second;
}

bool engine::parts::loaded(const agent_record& a) const {
    return std::ranges::any_of(a.items, [this](const item& i) { return counts_as_load(i.channel); });
}

/// Brings the lists and counters up to what the agent's record says now.
void engine::parts::refresh(index_t agent) {
    auto& a = agents[agent];
    auto& count = counts[a.profile];

    channel_set accepting;
    for (std::size_t ch = 0; ch < channel_count; ++ch)
        if (const auto c = static_cast<channel>(ch); a.accepts.contains(c) && a.config.caps[ch].max > 0)
            accepting.insert(c);
    const auto available = room_for(a);
    const auto order = idle_lists::order(a.stamp, loaded(a));
    const bool moved = order != idle.order_of(agent);

    for (std::size_t ch = 0; ch < channel_count; ++ch) {
        const auto c = static_cast<channel>(ch);
        const bool was = a.available.contains(c), is = available.contains(c);
        if (was && (!is || moved)) idle.erase(agent, a.profile, c);
        count.accepting[ch] += static_cast<int>(accepting.contains(c)) - static_cast<int>(a.accepting.contains(c));
    }
    for (std::size_t ch = 0; ch < channel_count; ++ch) {
        const auto c = static_cast<channel>(ch);
        if (available.contains(c) && (!a.available.contains(c) || moved)) idle.insert(agent, a.profile, c, order);
    }
    a.accepting = accepting;
    a.available = available;
    const bool idle_for_live = is_idle_for_live(a, available);
    count.idle_for_live += static_cast<int>(idle_for_live) - static_cast<int>(a.idle_for_live);
    a.idle_for_live = idle_for_live;
}

/// Takes the agent out of all lists and counters of its profile.
void engine::parts::detach(index_t agent) {
    auto& a = agents[agent];
    if (a.profile == nobody) return;
    const auto accepts = std::exchange(a.accepts, {});
    refresh(agent);
    a.accepts = accepts;
}

void engine::parts::set_profile(index_t agent) {
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
        relate_profile(number);
    }
    if (old != nobody && profiles.drop(old)) eligible.forget_profile(old);
    a.licences_change = next_licence_change(a.config, now, settings.min_licence_validity);
    if (a.licences_change) licence_timers.set(*a.licences_change, timer_kind::licence_changes, agent);
    refresh(agent);
}

void engine::parts::add_item(index_t agent, item i) {
    auto& a = agents[agent];
    i.previous_stamp = i.stamp = a.stamp;
    if (counts_as_load(i.channel)) i.stamp = a.stamp = ++stamps;
    a.items.push_back(i);
    refresh(agent);
}

void engine::parts::take_item(index_t agent, index_t slot, bool keeps_place) {
    auto& a = agents[agent];
    const auto i = *a.find(slot);
    std::erase_if(a.items, [slot](const item& other) { return other.slot == slot; });
    if (i.state == item_state::offered) --queue_of(slot).offered;
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
void engine::parts::resume_items(index_t agent, decisions& out) {
    auto& a = agents[agent];
    for (auto& i : a.items) {
        if (i.state != item_state::parked) continue;
        const auto row = static_cast<std::size_t>(i.channel);
        const bool kept = std::ranges::any_of(a.items, [&](const item& other) {
            return other.state == item_state::active && other.slot != i.slot &&
                   !a.config.allow[row].contains(other.channel);
        });
        if (kept) continue;
        i.state = item_state::active;
        out.push_back(resume_item{i.ticket, a.config.id, now});
    }
}

} // namespace switchboard::routing
