#include "engine/engine_state.hpp"

#include <algorithm>

namespace switchboard::routing {

/// Of two refusals by one agent the one that lasts longer stands.
void engine_state::set_aside(index_t slot, const refusal& by) {
    auto& list = tickets.make_extras(slot).refused;
    const auto known = std::ranges::find(list, by.agent, &refusal::agent);
    if (known != list.end() && known->until > by.until) return;
    if (known != list.end()) list.erase(known);
    list.push_back(by);
    timers.set(by.until, timer_kind::cooled_down, tickets[slot].id);
}

/// Counts those who are there for the channel, busy or not: a busy agent will be free before long, an absent one not.
bool engine_state::all_have_refused(index_t slot) const {
    const auto cls = tickets[slot].cls;
    const auto ch = facts[cls].channel;
    const auto refusers = std::ranges::count_if(tickets.extras(slot)->refused, [&](const refusal& r) {
        const auto a = agent_number(r.agent);
        return r.until > now && a != nobody && agents[a].accepting.contains(ch) &&
               eligible.test(cls, agents[a].profile);
    });
    return refusers > 0 && static_cast<std::uint32_t>(refusers) == signed_in[cls];
}

/// The ticket is in no place at this moment, or still offered to others.
void engine_state::refuse(index_t slot, index_t agent, std::optional<timestamp> declined_at, decisions& out) {
    set_aside(slot, {agents[agent].config.id, now + queue_of(slot).config.cool, declined_at});
    auto& r = tickets[slot];
    if (r.refusals_cleared || r.agent != nobody) return;
    set_stage(slot);
    if (!all_have_refused(slot)) return;
    const auto forgiven =
        std::erase_if(tickets.make_extras(slot).refused, [](const refusal& x) { return !x.declined_at; });
    if (forgiven == 0) return; // all said no themselves
    r.refusals_cleared = true;
    out.push_back(clear_refusals{r.id, now});
}

bool engine_state::is_offered_to(index_t slot, index_t agent) const {
    const auto& r = tickets[slot];
    if (r.state != ticket_state::offered) return false;
    if (r.agent == agent) return true;
    const auto* extras = tickets.extras(slot);
    return extras != nullptr && std::ranges::find(extras->siblings, agent) != extras->siblings.end();
}

std::vector<index_t> engine_state::offered_to(index_t slot) const {
    std::vector<index_t> all{tickets[slot].agent};
    if (const auto* extras = tickets.extras(slot))
        all.insert(all.end(), extras->siblings.begin(), extras->siblings.end());
    return all;
}

bool engine_state::drop_offer(index_t slot, index_t agent, bool keeps_place) {
    take_item(agent, slot, keeps_place);
    auto& r = tickets[slot];
    const auto* extras = tickets.extras(slot);
    if (extras == nullptr || extras->siblings.empty()) {
        r.agent = nobody;
        --queue_of(slot).offered;
        return true;
    }
    auto& siblings = tickets.make_extras(slot).siblings;
    if (r.agent == agent) {
        r.agent = siblings.front();
        siblings.erase(siblings.begin());
    } else {
        std::erase(siblings, agent);
    }
    watch_ringing(slot);
    return false;
}

void engine_state::missed(index_t agent, index_t slot, timestamp began, decisions& out) {
    auto& a = agents[agent];
    if (a.missed == 0 || began >= a.missed_at) { // else it rang beside one that is counted
        ++a.missed;
        a.missed_at = now;
    }
    const auto usual =
        facts[tickets[slot].cls].channel == channel::phone ? settings.missed_limit_voice : settings.missed_limit;
    const auto limit = queue_of(slot).config.missed_limit.value_or(usual);
    if (limit == 0 || a.missed < limit || a.accepts.empty()) return;
    a.accepts = {};
    refresh(agent);
    out.push_back(set_not_ready{a.config.id, a.missed, now});
    end_impossible_offers(agent, out);
}

bool engine_state::end_offer_of(index_t slot, index_t agent, end_reason reason, decisions& out) {
    auto& r = tickets[slot];
    const bool agents_doing = reason == end_reason::timed_out || reason == end_reason::agent_gone;
    const bool last = drop_offer(slot, agent, !agents_doing);
    const bool waits_again = last && (agents_doing || reason == end_reason::interrupted);
    out.push_back(end_offer{.ticket = r.id,
                            .agent = agents[agent].config.id,
                            .reason = reason,
                            .waits_again = waits_again,
                            .version = r.version,
                            .refused_until =
                                reason == end_reason::timed_out
                                    ? std::optional{now + queue_of(slot).config.cool}
                                    : std::nullopt, // who is gone has refused nothing: back soon, he is asked at once
                            .at = now});
    if (waits_again) ++r.version;
    return last;
}

void engine_state::end_impossible_offers(index_t agent, decisions& out) {
    const auto& a = agents[agent];
    const auto is_possible = [&](const item& i) {
        return a.accepts.contains(channel_of(i.channel)) &&
               is_suited(profiles[a.profile], demands[tickets[i.slot].cls]);
    };
    std::vector<std::pair<index_t, bool>> ended;
    for (const auto& i : a.items)
        if (i.state == item_state::offered && !is_possible(i)) ended.emplace_back(i.slot, false);
    for (auto& [slot, last] : ended) last = end_offer_of(slot, agent, end_reason::agent_gone, out);
    for (const auto& [slot, last] : ended)
        if (last) place_and_mark(slot, trigger::ticket_waiting, out);
}

bool engine_state::refused_elsewhere(ticket_id ticket, agent_id agent, std::int64_t version, bool was_missed,
                                     timestamp t, decisions& out) {
    advance(t, out);
    const auto slot = tickets.find(ticket);
    const auto who = agent_number(agent);
    if (slot == nobody || who == nobody || !is_offered_to(slot, who)) return false;
    auto& r = tickets[slot];
    const auto began = agents[who].find(slot)->began;
    const bool last = drop_offer(slot, who, false);
    r.version = version;
    if (was_missed)
        missed(who, slot, began, out);
    else
        agents[who].missed = 0;
    refuse(slot, who, was_missed ? std::nullopt : std::optional{now}, out);
    if (last) place_and_mark(slot, trigger::ticket_waiting, out);
    rematch(out);
    return true;
}

void engine_state::begin_work(index_t agent, index_t slot, decisions& out) {
    auto& a = agents[agent];
    const auto work = *a.find(slot);
    std::vector<index_t> ended;
    for (auto& i : a.items) {
        if (i.slot == slot) continue;
        if (i.state == item_state::active && !allows(a.config, i.channel, work.channel) &&
            parks(a.config, i, work.channel)) {
            i.state = item_state::parked;
            out.push_back(park_item{i.ticket, a.config.id, now});
        }
        if (i.state == item_state::offered && !fits_beside(a.config, work, i.channel)) ended.push_back(i.slot);
    }
    for (const auto other : ended)
        if (end_offer_of(other, agent, end_reason::interrupted, out))
            place_and_mark(other, trigger::ticket_waiting, out);
}

void engine_state::accept(index_t slot, index_t agent, decisions& out) {
    auto& r = tickets[slot];
    if (const auto* extras = tickets.extras(slot); extras != nullptr && !extras->siblings.empty())
        for (const auto other : offered_to(slot))
            if (other != agent) end_offer_of(slot, other, end_reason::sibling_won, out);
    --queue_of(slot).offered;
    note_start(r.cls);
    classes.drop(r.cls);
    r.cls = nobody;
    r.state = ticket_state::held;
    auto& a = agents[agent];
    a.missed = 0;
    a.find(slot)->state = item_state::active;
    ++a.today;
    if (a.find(slot)->rings_alone()) { // the next may ring
        refresh(agent);
        mark_agent(agent, trigger::agent_free);
    } else if (any_dynamic) {
        refresh(agent);
    }
    begin_work(agent, slot, out);
}

/// For estimates: the time between two starts, of which each counts an eighth of what came before it.
void engine_state::note_start(index_t cls) {
    auto& s = starts[cls];
    if (s.last) {
        const auto gap = static_cast<double>((now - *s.last).count());
        s.gap_us = s.gap_us == 0 ? gap : s.gap_us + (gap - s.gap_us) / 8;
    }
    s.last = now;
}

bool engine_state::assign(const held_item& held, decisions& out) {
    const auto agent = agent_number(held.agent);
    if (agent == nobody) return false;

    if (const auto known = tickets.find(held.ticket); known != nobody) {
        const auto& r = tickets[known];
        if (is_offered_to(known, agent)) {
            accept(known, agent, out);
            return true;
        }
        if (r.state == ticket_state::held && r.agent == agent) return true;
        pull_out(known, end_reason::ticket_gone, out);
    }
    const auto slot = tickets.add(held.ticket);
    tickets[slot].state = ticket_state::held;
    tickets[slot].agent = agent;
    add_item(agent, {.slot = slot,
                     .ticket = held.ticket,
                     .queue = held.queue,
                     .channel = lane_of(held.channel, held.left_message),
                     .interruptible = held.interruptible,
                     .state = held.parked ? item_state::parked : item_state::active});
    agents[agent].missed = 0;
    if (!started) return true;
    ++agents[agent].today;
    if (any_dynamic) refresh(agent);
    if (!held.parked) begin_work(agent, slot, out);
    return true;
}

void engine_state::pull_out(index_t slot, end_reason reason, decisions& out) {
    const auto& r = tickets[slot];
    switch (r.state) {
    case ticket_state::scheduled:
    case ticket_state::waiting:
        withdraw(slot);
        break;
    case ticket_state::offered:
        for (const auto agent : offered_to(slot)) end_offer_of(slot, agent, reason, out);
        break;
    case ticket_state::held:
        take_item(r.agent, slot, false);
        resume_items(r.agent, out);
        break;
    case ticket_state::unused:
        break;
    }
    forget(slot);
}

void engine_state::correct_items(index_t agent, const std::vector<held_item>& held, decisions& out) {
    std::vector<index_t> wrong;
    for (const auto& i : agents[agent].items)
        if (i.state != item_state::offered && std::ranges::find(held, i.ticket, &held_item::ticket) == held.end())
            wrong.push_back(i.slot);
    for (const auto slot : wrong) {
        take_item(agent, slot, false);
        forget(slot);
    }
    for (const auto& h : held) assign(h, out);
    resume_items(agent, out);
}

} // namespace switchboard::routing
