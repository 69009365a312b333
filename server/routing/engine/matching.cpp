#include "routing/engine/parts.hpp"

#include <algorithm>

namespace switchboard::routing {

bool engine::parts::refused(index_t slot, index_t agent) const {
    const auto* extras = tickets.extras(slot);
    return extras != nullptr && std::ranges::any_of(extras->refused, [&](const refusal& r) {
               return r.agent == agents[agent].config.id && r.until > now;
           });
}

bool engine::parts::reserve_is_short(index_t cls) const {
    int idle_agents = 0;
    eligible.profiles_of(cls).for_each([&](std::size_t p) { idle_agents += counts[p].idle_for_live; });
    return idle_agents <= queues[facts[cls].queue].config.reserve;
}

engine::parts::choice engine::parts::choose(index_t slot) const {
    const auto cls = tickets[slot].cls;
    const auto ch = facts[cls].channel;
    const bool guarded = facts[cls].reserved && reserve_is_short(cls);
    const auto* extras = tickets.extras(slot);
    const auto may = [&](index_t a) {
        return !agents[a].marked && !(guarded && takes_live(agents[a])) && !(extras != nullptr && refused(slot, a));
    };
    const auto candidate = [&](index_t a, bool by_affinity) {
        return choice{a, eligible.rank(cls, agents[a].profile), idle.order_of(a), by_affinity};
    };

    if (extras != nullptr)
        for (const auto id : extras->affinity)
            if (const auto a = agent_number(id);
                a != nobody && agents[a].available.contains(ch) && eligible.test(cls, agents[a].profile) && may(a))
                return candidate(a, true);

    choice best;
    for_each_common(eligible.profiles_of(cls), idle.profiles_with_someone(ch), [&](std::size_t at) {
        const auto p = static_cast<index_t>(at);
        const int rank = eligible.rank(cls, p);
        if (rank > best.rank) return;
        auto a = idle.first(p, ch);
        while (a != nobody && !may(a)) a = idle.next(a, p, ch);
        if (a != nobody && (rank < best.rank || idle.order_of(a) < best.order)) best = candidate(a, false);
    });
    return best;
}

index_t engine::parts::best_for(index_t agent) const {
    const auto& who = agents[agent];
    // Most classes lose by the key of their head alone; the ticket itself is far away in memory and read last.
    auto best_key = waiting_room::empty_key;
    index_t best_class = nobody; // the best is the head of this class …
    index_t best = nobody;       // … or this ticket
    const auto best_ticket = [&] { return best_class != nobody ? room.head(best_class) : best; };
    const auto beats = [&](std::uint64_t key, auto&& ticket) {
        return key < best_key || (key == best_key && tickets[ticket()].id < tickets[best_ticket()].id);
    };
    const auto consider_head = [&](index_t cls) {
        const auto key = room.head_key(cls);
        if (key > best_key || !beats(key, [&] { return room.head(cls); })) return;
        if (facts[cls].reserved ? choose(room.head(cls)).agent == nobody : !who.available.contains(facts[cls].channel))
            return;
        best_key = key;
        best_class = cls;
    };
    const auto consider_apart = [&](index_t cls, index_t slot) {
        if (!beats(tickets[slot].order_key, [&] { return slot; })) return;
        // An agent who becomes idle may free somebody else for deferrable work, so ask for the ticket's best agent.
        if (facts[cls].reserved ? choose(slot).agent == nobody
                                : !who.available.contains(facts[cls].channel) || refused(slot, agent))
            return;
        best_key = tickets[slot].order_key;
        best_class = nobody;
        best = slot;
    };
    const auto& classes_of_agent = eligible.classes_of(who.profile);
    for_each_common(classes_of_agent, room.with_head(),
                    [&](std::size_t cls) { consider_head(static_cast<index_t>(cls)); });
    for_each_common(classes_of_agent, room.with_apart(), [&](std::size_t cls) {
        for (const auto slot : room.apart(static_cast<index_t>(cls))) consider_apart(static_cast<index_t>(cls), slot);
    });
    return best_ticket();
}

void engine::parts::mark_ticket(index_t slot, trigger why) {
    if (tickets[slot].marked) return;
    tickets[slot].marked = true;
    marked_tickets.emplace_back(slot, why);
}

void engine::parts::mark_agent(index_t agent, trigger why) {
    if (agents[agent].marked) return;
    agents[agent].marked = true;
    marked_agents.emplace_back(agent, why);
}

void engine::parts::rematch(decisions& out) {
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
        if (tickets[slot].state != ticket_state::waiting) continue; // left again in the same event
        if (const auto c = choose(slot); c.agent != nobody) offer(slot, c, why, out);
    }
    marked_tickets.clear();

    const auto idle_place = [this](const auto& m) {
        const auto& a = agents[m.first];
        return std::pair{idle_lists::order(a.stamp, loaded(a)), m.first};
    };
    if (marked_agents.size() > 1) std::ranges::sort(marked_agents, {}, idle_place);
    for (const auto& [agent, why] : marked_agents) agents[agent].marked = false;
    for (const auto& [agent, why] : marked_agents) settle(agent, why, out);
    marked_agents.clear();
}

void engine::parts::settle(index_t agent, trigger why, decisions& out) {
    if (!agents[agent].known) return;
    while (!agents[agent].available.empty() || reserved_classes > 0) {
        const auto slot = best_for(agent);
        if (slot == nobody) return;
        const auto cls = tickets[slot].cls;
        if (facts[cls].reserved)
            offer(slot, choose(slot), why, out);
        else
            offer(slot, {agent, eligible.rank(cls, agents[agent].profile), idle.order_of(agent), false}, why, out);
    }
}

void engine::parts::offer(index_t slot, const choice& c, trigger why, decisions& out) {
    unplace(slot);
    auto& r = tickets[slot];
    auto& q = queue_of(slot);
    const auto ch = facts[r.cls].channel;
    auto& a = agents[c.agent];
    r.state = ticket_state::offered;
    r.agent = c.agent;
    ++q.offered;

    const auto expires = now + q.config.ring;
    add_item(c.agent, {.slot = slot,
                       .ticket = r.id,
                       .queue = q.config.id,
                       .channel = ch,
                       .interruptible = q.config.interruptible,
                       .state = item_state::offered,
                       .expires = expires});
    timers.set(expires, timer_kind::offer_expires, r.id);
    out.push_back(make_offer{.ticket = r.id,
                             .agent = a.config.id,
                             .queue = q.config.id,
                             .channel = ch,
                             .weight = a.config.caps[static_cast<std::size_t>(ch)].weight,
                             .interruptible = q.config.interruptible,
                             .version = r.version++,
                             .at = now,
                             .expires_at = expires,
                             .facts = {.why = why,
                                       .by_affinity = c.by_affinity,
                                       .rank = c.rank,
                                       .idle_order = c.order,
                                       .order_key = r.order_key,
                                       .routing_class = r.cls}});
}

} // namespace switchboard::routing
