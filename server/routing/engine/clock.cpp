#include "routing/engine/parts.hpp"

#include <algorithm>

namespace switchboard::routing {

void engine::parts::advance(timestamp t, decisions& out) {
    now = std::max(now, t);
    if (!started) return;
    check_licences();
    while (timers.due(now)) fire(timers.take(), out);
    rematch(out);
}

void engine::parts::check_licences() {
    while (licence_timers.due(now)) {
        const auto due = licence_timers.take();
        const auto agent = static_cast<index_t>(due.subject);
        if (agents[agent].licences_change != due.at) continue;
        const auto before = agents[agent].profile;
        set_profile(agent);
        if (agents[agent].profile != before) mark_agent(agent, trigger::configuration);
    }
}

void engine::parts::fire(const timer& t, decisions& out) {
    const auto slot = tickets.find(t.subject);
    if (slot == nobody) return;
    auto& r = tickets[slot];
    switch (t.kind) {
    case timer_kind::offer_expires: {
        if (r.state != ticket_state::offered || agents[r.agent].find(slot)->expires > now) return;
        const auto agent = r.agent;
        const auto ch = facts[r.cls].channel;
        end_offer_of(slot, end_reason::timed_out, out);
        missed(agent, ch, out);
        refuse(slot, agent, out);
        place_and_mark(slot, trigger::ticket_waiting);
        return;
    }
    case timer_kind::cooled_down: {
        if (tickets.extras(slot) == nullptr) return;
        auto& list = tickets.make_extras(slot).refused;
        const auto ended = std::erase_if(list, [this](const refusal& x) { return x.until <= now; });
        if (ended == 0 || r.state != ticket_state::waiting) return;
        if (list.empty() && r.apart) {
            room.remove(slot);
            room.add(slot, false);
        }
        mark_ticket(slot, trigger::cooled_down);
        return;
    }
    case timer_kind::delay_passed:
        if (r.state != ticket_state::waiting) return;
        unplace(slot);
        place_and_mark(slot, trigger::ticket_waiting);
        return;
    case timer_kind::licence_changes:
        return;
    }
}

} // namespace switchboard::routing
