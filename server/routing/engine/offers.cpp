#include "routing/engine/parts.hpp"

#include <algorithm>

namespace switchboard::routing {

void engine::parts::set_aside(index_t slot, agent_id agent, timestamp until) {
    auto& list = tickets.make_extras(slot).refused;
    std::erase_if(list, [&](const refusal& r) { return r.agent == agent; });
    list.push_back({agent, until});
    timers.set(until, timer_kind::cooled_down, tickets[slot].id);
}

/// Counts those who are there for the channel, busy or not: a busy agent will be free before long, an absent one not.
bool engine::parts::all_have_refused(index_t slot) const {
    const auto cls = tickets[slot].cls;
    const auto ch = facts[cls].channel;
    int there = 0;
    eligible.profiles_of(cls).for_each(
        [&](std::size_t p) { there += counts[p].accepting[static_cast<std::size_t>(ch)]; });
    const auto refusers = std::ranges::count_if(tickets.extras(slot)->refused, [&](const refusal& r) {
        const auto a = agent_number(r.agent);
        return r.until > now && a != nobody && agents[a].accepting.contains(ch) &&
               eligible.test(cls, agents[a].profile);
    });
    return there > 0 && refusers == there;
}

/// The ticket is in no place at this moment.
void engine::parts::refuse(index_t slot, index_t agent, decisions& out) {
    set_aside(slot, agents[agent].config.id, now + queue_of(slot).config.cool);
    auto& r = tickets[slot];
    if (r.refusals_cleared) return;
    set_stage(slot);
    if (!all_have_refused(slot)) return;
    r.refusals_cleared = true;
    tickets.make_extras(slot).refused.clear();
    out.push_back(clear_refusals{r.id, now});
}

void engine::parts::missed(index_t agent, channel c, decisions& out) {
    auto& a = agents[agent];
    ++a.missed;
    const auto limit = c == channel::phone ? settings.missed_limit_voice : settings.missed_limit;
    if (limit == 0 || a.missed < limit || a.accepts.empty()) return;
    a.accepts = {};
    refresh(agent);
    out.push_back(set_not_ready{a.config.id, a.missed, now});
    end_impossible_offers(agent, out);
}

void engine::parts::end_offer_of(index_t slot, end_reason reason, decisions& out) {
    auto& r = tickets[slot];
    const bool agents_doing = reason == end_reason::timed_out || reason == end_reason::agent_gone;
    const bool waits_again = agents_doing || reason == end_reason::interrupted;
    take_item(r.agent, slot, !agents_doing);
    out.push_back(
        end_offer{.ticket = r.id,
                  .agent = agents[r.agent].config.id,
                  .reason = reason,
                  .waits_again = waits_again,
                  .version = r.version,
                  .refused_until = agents_doing ? std::optional{now + queue_of(slot).config.cool} : std::nullopt,
                  .at = now});
    if (waits_again) ++r.version;
}

void engine::parts::end_impossible_offers(index_t agent, decisions& out) {
    const auto& a = agents[agent];
    const auto is_possible = [&](const item& i) {
        return a.accepts.contains(i.channel) && is_suited(profiles[a.profile], classes.terms(tickets[i.slot].cls));
    };
    std::vector<index_t> ended;
    for (const auto& i : a.items)
        if (i.state == item_state::offered && !is_possible(i)) ended.push_back(i.slot);
    for (const auto slot : ended) end_offer_of(slot, end_reason::agent_gone, out);
    for (const auto slot : ended) {
        refuse(slot, agent, out);
        place_and_mark(slot, trigger::ticket_waiting);
    }
}

bool engine::parts::refused_elsewhere(ticket_id ticket, agent_id agent, std::int64_t version, bool was_missed,
                                      timestamp t, decisions& out) {
    advance(t, out);
    const auto slot = tickets.find(ticket);
    const auto who = agent_number(agent);
    if (slot == nobody || who == nobody) return false;
    auto& r = tickets[slot];
    if (r.state != ticket_state::offered || r.agent != who) return false;
    const auto ch = facts[r.cls].channel;
    take_item(who, slot, false);
    r.version = version;
    if (was_missed)
        missed(who, ch, out);
    else
        agents[who].missed = 0;
    refuse(slot, who, out);
    place_and_mark(slot, trigger::ticket_waiting);
    rematch(out);
    return true;
}

void engine::parts::begin_work(index_t agent, index_t slot, decisions& out) {
    auto& a = agents[agent];
    const auto work = *a.find(slot);
    std::vector<index_t> ended;
    for (auto& i : a.items) {
        const auto row = static_cast<std::size_t>(i.channel);
        if (i.slot == slot) continue;
        if (i.state == item_state::active && i.interruptible && !a.config.allow[row].contains(work.channel) &&
            a.config.interrupt[row].contains(work.channel)) {
            i.state = item_state::parked;
            out.push_back(park_item{i.ticket, a.config.id, now});
        }
        if (i.state == item_state::offered && !fits_beside(a.config, work, i.channel)) ended.push_back(i.slot);
    }
    for (const auto other : ended) {
        end_offer_of(other, end_reason::interrupted, out);
        place_and_mark(other, trigger::ticket_waiting);
    }
}

void engine::parts::accept(index_t slot, decisions& out) {
    auto& r = tickets[slot];
    --queue_of(slot).offered;
    classes.drop(r.cls);
    r.cls = nobody;
    r.state = ticket_state::held;
    auto& a = agents[r.agent];
    a.missed = 0;
    a.find(slot)->state = item_state::active;
    begin_work(r.agent, slot, out);
}

bool engine::parts::assign(const held_item& held, decisions& out) {
    const auto agent = agent_number(held.agent);
    if (agent == nobody) return false;

    if (const auto known = tickets.find(held.ticket); known != nobody) {
        const auto& r = tickets[known];
        if (r.state == ticket_state::offered && r.agent == agent) {
            accept(known, out);
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
                     .channel = held.channel,
                     .interruptible = held.interruptible,
                     .state = held.parked ? item_state::parked : item_state::active});
    agents[agent].missed = 0;
    if (started && !held.parked) begin_work(agent, slot, out);
    return true;
}

void engine::parts::pull_out(index_t slot, end_reason reason, decisions& out) {
    const auto& r = tickets[slot];
    switch (r.state) {
    case ticket_state::waiting:
        unplace(slot);
        break;
    case ticket_state::offered:
        end_offer_of(slot, reason, out);
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

void engine::parts::correct_items(index_t agent, const std::vector<held_item>& held, decisions& out) {
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
