#include "routing/engine/parts.hpp"

#include <algorithm>

namespace switchboard::routing {

namespace {

std::int64_t micros(timestamp t) {
    return t.time_since_epoch().count();
}

} // namespace

index_t engine::parts::queue_number(queue_id id) {
    const auto [it, is_new] = queue_numbers.try_emplace(id, static_cast<index_t>(queues.size()));
    if (is_new) queues.emplace_back().config.id = id;
    return it->second;
}

index_t engine::parts::enter(const waiting_ticket& t) {
    const auto slot = tickets.add(t.id);
    auto& r = tickets[slot];
    r.version = t.version;
    r.enqueued = micros(t.enqueued_at);
    r.tier = static_cast<std::uint8_t>(std::clamp(t.tier, 0, 3));
    r.priority = static_cast<std::uint8_t>(std::clamp(t.priority, 0, 9));
    r.refusals_cleared = t.refusals_cleared;
    put_in_class(slot, classes.of(t, 0));
    set_extras(slot, t);
    return slot;
}

void engine::parts::set_extras(index_t slot, const waiting_ticket& t) {
    if (t.affinity.empty() && t.refused.empty() && tickets.extras(slot) == nullptr) return;
    auto& extras = tickets.make_extras(slot);
    extras.affinity = t.affinity;
    extras.refused.clear();
    for (const auto& r : t.refused)
        if (r.until > now) set_aside(slot, r.agent, r.until);
}

void engine::parts::prepare_class(class_table::found f) {
    if (!f.is_new) return;
    if (f.reused) {
        eligible.forget_class(f.cls);
        std::erase(queues[facts[f.cls].queue].classes, f.cls);
        reserved_classes -= facts[f.cls].reserved ? 1 : 0;
    }
    eligible.reserve_class(f.cls);
    room.reserve_class(f.cls);
    if (f.cls >= facts.size()) facts.resize(f.cls + 1);

    const auto terms = classes.terms(f.cls);
    const auto queue = queue_number(terms.queue());
    auto& q = queues[queue];
    const bool reserved = q.config.reserve > 0 && deferrable_channels.contains(terms.channel());
    facts[f.cls] = {queue, terms.channel(), reserved, terms.delay_passed()};
    reserved_classes += reserved ? 1 : 0;
    q.classes.push_back(f.cls);
    relate_class(f.cls);
}

void engine::parts::put_in_class(index_t slot, class_table::found f) {
    classes.hold(f.cls);
    prepare_class(f);
    auto& r = tickets[slot];
    if (r.cls != nobody) classes.drop(r.cls);
    r.cls = f.cls;
}

void engine::parts::set_stage(index_t slot) {
    auto& r = tickets[slot];
    const auto& q = queue_of(slot);
    const auto age = micros(now) - r.enqueued;
    if (const auto stage = delay_passed(q, age); stage != facts[r.cls].delay_passed)
        put_in_class(slot, classes.with_delay(r.cls, stage));
}

void engine::parts::place(index_t slot) {
    set_stage(slot);
    auto& r = tickets[slot];
    auto& q = queue_of(slot);
    r.state = ticket_state::waiting;
    r.agent = nobody;
    r.order_key = order_key(q.config, r.tier, r.priority, r.enqueued);
    const auto* extras = tickets.extras(slot);
    room.add(slot, extras != nullptr && !extras->refused.empty());
    ++q.waiting;
    remember_arrival(q, tickets, slot);
    if (const auto next = q.delays.upper_bound(micros(now) - r.enqueued); next != q.delays.end())
        timers.set(timestamp{timestamp::duration{r.enqueued + next->first}}, timer_kind::delay_passed, r.id);
}

void engine::parts::unplace(index_t slot) {
    room.remove(slot);
    --queue_of(slot).waiting;
}

void engine::parts::forget(index_t slot) {
    if (tickets[slot].cls != nobody) classes.drop(tickets[slot].cls);
    tickets.remove(slot);
}

} // namespace switchboard::routing
