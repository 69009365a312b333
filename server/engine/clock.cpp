#include "engine/engine_state.hpp"

#include <algorithm>

namespace switchboard::routing {

void engine_state::advance(timestamp t, decisions& out) {
    now = std::max(now, t);
    if (!started) return;
    check_agents();
    while (queue_timers.due(now)) hurry_late(queues[find_queue(queue_timers.take().subject)], out);
    while (timers.due(now)) fire(timers.take(), out);
    rematch(out);
}

/// The agent gets no live work from `min_handle` before the end on, and is off shift from the end on.
void engine_state::watch_shift(index_t agent) {
    const auto& end = agents[agent].shift_end;
    if (!end) return;
    for (const auto at : {*end - settings.min_handle + timestamp::duration{1}, *end})
        if (at > now) agent_timers.set(at, timer_kind::shift_changes, agent);
}

void engine_state::check_agents() {
    while (agent_timers.due(now)) {
        const auto due = agent_timers.take();
        const auto agent = static_cast<index_t>(due.subject);
        auto& a = agents[agent];
        if (due.kind == timer_kind::shift_changes) {
            const bool still = a.shift_end && (due.at == *a.shift_end ||
                                               due.at == *a.shift_end - settings.min_handle + timestamp::duration{1});
            if (!still) continue;
            refresh(agent);
            mark_agent(agent, trigger::configuration); // work that can wait is not kept from the agent any more
            continue;
        }
        if (a.licences_change != due.at) continue;
        const auto before = a.profile;
        set_profile(agent);
        if (a.profile != before) mark_agent(agent, trigger::configuration);
    }
}

void engine_state::fire(const timer& t, decisions& out) {
    const auto slot = tickets.find(t.subject);
    if (slot == nobody) return;
    auto& r = tickets[slot];
    switch (t.kind) {
    case timer_kind::offer_expires: {
        if (r.state != ticket_state::offered) return;
        for (const auto agent : offered_to(slot)) {
            const auto began = agents[agent].find(slot)->began;
            if (agents[agent].find(slot)->expires > now) continue;
            const bool last = end_offer_of(slot, agent, end_reason::timed_out, out);
            missed(agent, slot, began, out);
            refuse(slot, agent, std::nullopt, out);
            if (last) place_and_mark(slot, trigger::ticket_waiting, out);
        }
        return;
    }
    case timer_kind::cooled_down: {
        if (tickets.extras(slot) == nullptr) return;
        auto& list = tickets.make_extras(slot).refused;
        const auto ended = std::erase_if(list, [this](const refusal& x) { return x.until <= now; });
        ring_again = ring_again || r.ringing;
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
        place_and_mark(slot, trigger::ticket_waiting, out);
        return;
    case timer_kind::hold_ends:
        if (!r.personal || tickets.extras(slot)->hold_until > now.time_since_epoch().count()) return;
        unplace(slot);
        place_and_mark(slot, trigger::ticket_waiting, out);
        return;
    case timer_kind::step_due:
        if (take_due_steps(slot, out) && r.state == ticket_state::waiting) mark_ticket(slot, trigger::ticket_waiting);
        return;
    case timer_kind::callback_due:
        if (r.state != ticket_state::scheduled || tickets.extras(slot)->not_before > now.time_since_epoch().count())
            return;
        withdraw(slot);
        place_and_mark(slot, trigger::ticket_waiting, out);
        return;
    case timer_kind::licence_changes:
    case timer_kind::shift_changes:
    case timer_kind::lateness:
        return;
    }
}

} // namespace switchboard::routing
