#include "engine/engine_state.hpp"

#include <algorithm>

namespace switchboard::routing {

namespace {

std::int64_t micros(timestamp t) {
    return t.time_since_epoch().count();
}

} // namespace

index_t engine_state::queue_number(queue_id id) {
    const auto [it, is_new] = queue_numbers.try_emplace(id, static_cast<index_t>(queues.size()));
    if (is_new) queues.emplace_back().config.id = id;
    return it->second;
}

index_t engine_state::find_queue(queue_id id) const {
    const auto it = queue_numbers.find(id);
    return it == queue_numbers.end() ? nobody : it->second;
}

index_t engine_state::enter(const waiting_ticket& t) {
    const auto slot = tickets.add(t.id);
    auto& r = tickets[slot];
    r.version = t.version;
    r.enqueued = micros(t.enqueued_at);
    r.refusals_cleared = t.refusals_cleared;
    r.overflowed = t.overflowed;
    set_rank(slot, t.tier, t.priority, t.due_at);
    put_in_class(slot, classes.of(t, 0));
    set_extras(slot, t);
    return slot;
}

void engine_state::set_rank(index_t slot, int tier, int priority, std::optional<timestamp> due_at) {
    auto& r = tickets[slot];
    r.tier = static_cast<std::uint8_t>(std::clamp(tier, 0, 3));
    r.priority = static_cast<std::uint8_t>(std::clamp(priority, 0, 9));
    tickets.set_due(slot, due_at ? micros(*due_at) : never);
}

void engine_state::set_extras(index_t slot, const waiting_ticket& t) {
    if (t.affinity.empty() && t.refused.empty() && !t.not_before && tickets.extras(slot) == nullptr) return;
    ring_again = ring_again || tickets[slot].ringing;
    auto& extras = tickets.make_extras(slot);
    extras.affinity = t.affinity;
    extras.not_before = t.not_before ? micros(*t.not_before) : 0;
    extras.hold_until = t.hold_until ? micros(*t.hold_until) : 0;
    extras.refused.clear();
    for (const auto& r : t.refused)
        if (r.until > now) set_aside(slot, r);
}

void engine_state::prepare_class(class_table::found f) {
    if (!f.is_new) return;
    if (classes.terms(f.cls).channel() == message_lane) use_messages();
    if (f.reused) {
        eligible.forget_class(f.cls);
        std::erase(queues[facts[f.cls].queue].classes, f.cls);
        reserved_classes -= facts[f.cls].reserved ? 1 : 0;
    }
    eligible.reserve_class(f.cls);
    room.reserve_class(f.cls);
    if (f.cls >= facts.size()) {
        facts.resize(f.cls + 1);
        demands.resize(f.cls + 1);
        starts.resize(f.cls + 1);
        signed_in.resize(f.cls + 1);
    }

    const auto terms = classes.terms(f.cls);
    const auto queue = queue_number(terms.queue());
    auto& q = queues[queue];
    const bool reserved = q.config.reserve > 0 && deferrable_lanes.contains(terms.channel());
    facts[f.cls] = {queue,
                    terms.channel(),
                    reserved,
                    q.config.order == order_mode::fqr,
                    static_cast<std::uint8_t>(std::min(terms.step(), 255)),
                    terms.delay_passed()};
    starts[f.cls] = {};
    reserved_classes += reserved ? 1 : 0;
    q.classes.push_back(f.cls);
    relate_class(f.cls);
}

void engine_state::put_in_class(index_t slot, class_table::found f) {
    classes.hold(f.cls);
    prepare_class(f);
    auto& r = tickets[slot];
    if (r.cls != nobody) classes.drop(r.cls);
    r.cls = f.cls;
    ring_again = ring_again || r.ringing;
}

std::int64_t engine_state::since(index_t slot) const {
    const auto* extras = tickets.extras(slot);
    return extras == nullptr ? tickets[slot].enqueued : std::max(tickets[slot].enqueued, extras->not_before);
}

void engine_state::set_stage(index_t slot) {
    const auto& r = tickets[slot];
    const auto age = micros(now) - since(slot);
    if (const auto stage = delay_passed(queue_of(slot), age); stage != facts[r.cls].delay_passed)
        put_in_class(slot, classes.with_delay(r.cls, stage));
}

bool engine_state::may_hold(index_t slot, index_t agent) const {
    const auto& a = agents[agent];
    const auto cls = tickets[slot].cls;
    return a.known && a.accepting.contains(facts[cls].channel) && eligible.test(cls, a.profile) &&
           !refused(slot, agent);
}

index_t engine_state::holder(index_t slot) const {
    const auto* extras = tickets.extras(slot);
    if (extras == nullptr || extras->hold_until <= micros(now)) return nobody;
    for (const auto id : extras->affinity)
        if (const auto a = agent_number(id); a != nobody && may_hold(slot, a)) return a;
    return nobody;
}

void engine_state::set_key(index_t slot) {
    auto& r = tickets[slot];
    const auto& q = queue_of(slot).config;
    const auto& d = demands[r.cls];
    r.order_key = order_key(q, std::max(0, r.tier - d.tiers_up), std::min(9, r.priority + d.priority_up), r.enqueued,
                            q.order == order_mode::edf ? tickets.due(slot) : never);
}

void engine_state::place(index_t slot) {
    auto& r = tickets[slot];
    r.agent = nobody;
    const auto* extras = tickets.extras(slot);
    if (extras != nullptr && extras->not_before > micros(now)) {
        r.state = ticket_state::scheduled;
        ++queue_of(slot).scheduled;
        timers.set(timestamp{timestamp::duration{extras->not_before}}, timer_kind::callback_due, r.id);
        return;
    }
    set_stage(slot);
    auto& q = queue_of(slot);
    r.state = ticket_state::waiting;
    set_key(slot);
    if (const auto agent = holder(slot); agent != nobody) {
        room.add_personal(slot, agent);
        if (facts[r.cls].reserved) held_and_reserved.push_back(slot);
        timers.set(timestamp{timestamp::duration{extras->hold_until}}, timer_kind::hold_ends, r.id);
    } else {
        room.add(slot, extras != nullptr && !extras->refused.empty());
    }
    ++q.waiting;
    ++waiting_in_all;
    remember_arrival(q, tickets, slot);

    const auto set_timer = [&](std::int64_t at, timer_kind kind) {
        timers.set(timestamp{timestamp::duration{at}}, kind, r.id);
    };
    if (!q.delays.empty()) {
        const auto from = since(slot);
        if (const auto next = q.delays.upper_bound(micros(now) - from); next != q.delays.end())
            set_timer(from + next->first, timer_kind::delay_passed);
    }
    if (q.config.steps.empty()) return;
    if (watches_lateness(r.cls)) watch_lateness(q, 0);
    // A step that is due already is taken at once by whoever placed the ticket, or by its timer at the start.
    if (const auto at = next_step(slot); at && (!started || *at > micros(now))) set_timer(*at, timer_kind::step_due);
}

void engine_state::place_and_mark(index_t slot, trigger why, decisions& out) {
    place(slot);
    if (tickets[slot].state != ticket_state::waiting) return;
    take_due_steps(slot, out);
    if (tickets[slot].state == ticket_state::waiting) mark_ticket(slot, why);
}

void engine_state::unplace(index_t slot) {
    if (tickets[slot].personal && facts[tickets[slot].cls].reserved) std::erase(held_and_reserved, slot);
    room.remove(slot);
    --queue_of(slot).waiting;
    --waiting_in_all;
}

void engine_state::find_held_and_reserved() {
    held_and_reserved.clear();
    for (index_t a = 0; a < room.personal_agents(); ++a)
        for (const auto& e : room.personal(a))
            if (facts[tickets[e.slot].cls].reserved) held_and_reserved.push_back(e.slot);
}

void engine_state::withdraw(index_t slot) {
    if (tickets[slot].state == ticket_state::scheduled)
        --queue_of(slot).scheduled;
    else
        unplace(slot);
}

std::vector<index_t> engine_state::waiting_in(const queue_record& q) const {
    std::vector<index_t> slots;
    for (const auto cls : q.classes)
        for (const auto slot : room.all(cls)) slots.push_back(slot);
    for (index_t a = 0; a < room.personal_agents(); ++a)
        for (const auto& e : room.personal(a))
            if (&queue_of(e.slot) == &q) slots.push_back(e.slot);
    std::ranges::sort(slots, {}, [this](index_t slot) { return tickets[slot].id; });
    return slots;
}

void engine_state::forget(index_t slot) {
    if (tickets[slot].cls != nobody) classes.drop(tickets[slot].cls);
    tickets.remove(slot);
}

} // namespace switchboard::routing
