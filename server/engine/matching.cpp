#include "engine/engine_state.hpp"

#include <algorithm>

namespace switchboard::routing {

void engine_state::mark_ticket(index_t slot, trigger why) {
    if (tickets[slot].marked) return;
    tickets[slot].marked = true;
    marked_tickets.emplace_back(slot, why);
}

void engine_state::mark_agent(index_t agent, trigger why) {
    if (agents[agent].marked) return;
    agents[agent].marked = true;
    marked_agents.emplace_back(agent, why);
}

/// Tickets that wait for one agent alone wait for anybody once that agent is gone.
void engine_state::place_stale(trigger why, decisions& out) {
    std::vector<index_t> slots;
    for (const auto agent : stale)
        for (const auto& e : room.personal(agent))
            if (!may_hold(e.slot, agent)) slots.push_back(e.slot);
    stale.clear();
    std::ranges::sort(slots, {}, [this](index_t slot) { return tickets[slot].id; });
    for (const auto slot : slots) {
        if (!tickets[slot].personal) continue; // its agent was named twice
        unplace(slot);
        place_and_mark(slot, why, out);
    }
}

void engine_state::rematch(decisions& out) {
    if (!stale.empty()) place_stale(trigger::ticket_waiting, out);
    if (!started) {
        for (const auto& [slot, why] : marked_tickets) tickets[slot].marked = false;
        for (const auto& [agent, why] : marked_agents) agents[agent].marked = false;
        marked_tickets.clear();
        marked_agents.clear();
        return;
    }
    const auto by_place = [this](const auto& a, const auto& b) { return room.before(a.first, b.first); };
    if (marked_tickets.size() > 1) std::ranges::sort(marked_tickets, by_place);
    for (const auto& [slot, why] : marked_tickets) {
        tickets[slot].marked = false;
        if (tickets[slot].state == ticket_state::waiting) find_somebody(slot, why, out); // else it left in this event
        tickets[slot].arrived = false;
    }
    marked_tickets.clear();

    const auto idle_place = [this](const auto& m) {
        const auto& a = agents[m.first];
        return std::pair{idle_lists::order(a.stamp, loaded(a)), m.first};
    };
    if (marked_agents.size() > 1) std::ranges::sort(marked_agents, {}, idle_place);
    for (const auto& [agent, why] : marked_agents) {
        agents[agent].marked = false; // whose turn is still to come gets nothing through another's
        settle(agent, why, out);
        ring_again = ring_again || !agents[agent].available.empty();
    }
    marked_agents.clear();
    if (!ringing.empty() && (ring_again || now >= ring_at || reserved_classes > 0)) ring_others(out);
}

void engine_state::find_somebody(index_t slot, trigger why, decisions& out) {
    do {
        offer_facts noted;
        if (const auto c = choose(slot, &noted); c.agent != nobody) return offer(slot, c, why, noted, out);
    } while (turn_away(slot, out));
}

void engine_state::settle(index_t agent, trigger why, decisions& out) {
    if (!agents[agent].known) return;
    while (!agents[agent].available.empty() || reserved_classes > 0) {
        offer_facts noted{.agents_compared = false};
        const auto slot = best_for(agent, noted);
        if (slot == nobody) return;
        const auto cls = tickets[slot].cls;
        choice c{agent, 0, 0, 0, tickets[slot].personal};
        if (facts[cls].reserved) {
            c = choose(slot, nullptr);
        } else {
            c.rank = eligible.rank(cls, agents[agent].profile);
            c.score = score_of(agent, cls);
            c.order = idle.order_of(agent);
        }
        offer(slot, c, why, noted, out);
    }
}

void engine_state::offer(index_t slot, const choice& c, trigger why, offer_facts& noted, decisions& out) {
    note_reasons(slot, why, noted);
    offer_one(slot, c, out, noted);
}

void engine_state::watch_ringing(index_t slot) {
    auto& r = tickets[slot];
    if (queue_of(slot).config.fan_out == 1) return;
    ring_again = true;
    if (!r.ringing) ringing.emplace_back(slot, r.generation);
    r.ringing = true;
}

void engine_state::ring_others(decisions& out) {
    std::erase_if(ringing, [this](const auto& at) {
        auto& r = tickets[at.first];
        if (r.generation != at.second) return true;
        r.ringing = r.state == ticket_state::offered;
        if (!r.ringing) return true;
        set_stage(at.first); // it may be restored, it is older, and its queue may be another since
        set_key(at.first);
        return false;
    });
    std::ranges::sort(ringing, [this](const auto& a, const auto& b) { return room.before(a.first, b.first); });
    ring_at = timestamp::max();
    std::erase_if(ringing, [&](const auto& at) { return !(tickets[at.first].ringing = !ring_enough(at.first, out)); });
    ring_again = false;
}

bool engine_state::ring_enough(index_t slot, decisions& out) {
    const auto& q = queue_of(slot);
    const auto k = static_cast<std::size_t>(q.config.fan_out);
    for (auto rung = offered_to(slot).size(); rung < k; ++rung) {
        const auto c = choose(slot, nullptr);
        if (c.agent == nobody) {
            const auto from = since(slot);
            if (const auto next = q.delays.upper_bound(now.time_since_epoch().count() - from); next != q.delays.end())
                ring_at = std::min(ring_at, timestamp{timestamp::duration{from + next->first}});
            return false;
        }
        offer_facts noted{.sibling = static_cast<std::uint8_t>(rung)};
        note_reasons(slot, trigger::ticket_waiting, noted);
        offer_one(slot, c, out, noted);
    }
    return true;
}

void engine_state::note_reasons(index_t slot, trigger why, offer_facts& noted) const {
    const auto& q = queue_of(slot).config;
    noted.why = why;
    noted.order = q.order;
    noted.policy = q.policy;
    noted.step = facts[tickets[slot].cls].step;
    noted.order_key = tickets[slot].order_key;
    noted.routing_class = tickets[slot].cls;
    note_presence(slot, noted);
}

offered_work engine_state::work_of(index_t slot) const {
    const auto* extras = tickets.extras(slot);
    if (extras != nullptr && extras->not_before != 0) return offered_work::callback;
    return facts[tickets[slot].cls].channel == message_lane ? offered_work::message : offered_work::contact;
}

void engine_state::offer_one(index_t slot, const choice& c, decisions& out, const offer_facts& noted) {
    auto& r = tickets[slot];
    auto& q = queue_of(slot);
    const auto ch = facts[r.cls].channel;
    auto& a = agents[c.agent];
    const bool interruptible =
        r.state == ticket_state::offered ? agents[r.agent].find(slot)->interruptible : q.config.interruptible;
    if (r.state == ticket_state::waiting) {
        unplace(slot);
        r.state = ticket_state::offered;
        r.agent = c.agent;
        ++q.offered;
        watch_ringing(slot);
    } else {
        tickets.make_extras(slot).siblings.push_back(c.agent);
    }

    a.last_offer = ++offers;
    const auto expires = now + q.config.ring;
    add_item(c.agent, {.slot = slot,
                       .ticket = r.id,
                       .queue = q.config.id,
                       .channel = ch,
                       .interruptible = interruptible,
                       .state = item_state::offered,
                       .alone = q.config.fan_out == 1,
                       .began = now,
                       .expires = expires});
    timers.set(expires, timer_kind::offer_expires, r.id);
    auto& made = std::get<make_offer>(out.emplace_back(make_offer{}));
    made.ticket = r.id;
    made.agent = a.config.id;
    made.queue = q.config.id;
    made.channel = channel_of(ch);
    made.work = work_of(slot);
    made.weight = cap_of(a.config, ch).weight;
    made.interruptible = a.items.back().interruptible;
    made.alone = q.config.fan_out == 1;
    made.version = r.version++;
    made.at = now;
    made.expires_at = expires;
    made.facts = noted;
    made.facts.by_affinity = c.by_affinity;
    made.facts.rank = c.rank;
    made.facts.score = c.score;
    made.facts.idle_order = c.order;
}

} // namespace switchboard::routing
