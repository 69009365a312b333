#include <switchboard/engine/from_rows.hpp>

#include <switchboard/engine/engine.hpp>
#include <switchboard/sla/business_hours.hpp>

namespace switchboard::routing {
namespace {

relaxation_step to_step(const queue_step& s) {
    relaxation_step out;
    out.after = seconds{s.after_s};
    out.skip_if = s.skip_if;
    for (const auto& c : s.changes)
        out.mutations.push_back(
            {c.what, c.skill_id.value_or(0), c.queue_id.value_or(0), static_cast<int>(c.value.value_or(0))});
    return out;
}

} // namespace

std::vector<relaxation_step> to_steps(const std::vector<queue_step>& steps) {
    std::vector<relaxation_step> out;
    for (const auto& s : steps) out.push_back(to_step(s));
    return out;
}

queue_config to_engine(const routing_queue& q, timestamp now) {
    queue_config c;
    c.id = q.id;
    c.order = q.order_mode;
    c.policy = q.agent_policy;
    c.ring = seconds{q.ring_s};
    c.fan_out = static_cast<int>(q.fan_out);
    c.cool = seconds{q.cool_s};
    if (q.missed_limit) c.missed_limit = static_cast<int>(*q.missed_limit);
    c.boost = queue_config::linear_boost(seconds{q.boost_s});
    c.reserve = static_cast<int>(q.idle_reserve);
    c.open = !q.open || q.open->open_at(now); // one that takes no new tickets still serves those that it has
    c.interruptible = q.interruptible;
    c.fqr_share = static_cast<double>(q.fqr_percent) / 100;
    c.due_in = seconds{q.sla_target_s};
    if (q.max_waiting) c.max_waiting = static_cast<int>(*q.max_waiting);
    c.overflow = q.overflow_queue_id.value_or(0);
    c.when_closed = q.closed_action;
    c.steps = to_steps(q.steps);
    return c;
}

agent_config to_engine(const routing_agent& a) {
    agent_config c;
    c.id = a.id;
    c.grade = static_cast<int>(a.grade);
    c.units = static_cast<int>(a.units);
    c.takes_work = a.takes_work;
    for (const auto& [skill, level] : a.skills) c.skills.push_back({skill, static_cast<int>(level)});
    for (const auto& l : a.licences) {
        const auto state = named_value<licence_state>(l.state).value_or(licence_state::revoked);
        c.licences.push_back({l.id, l.jurisdictions, l.from, l.until, state});
    }
    for (const auto& m : a.queues) c.memberships.push_back({m.queue, static_cast<int>(m.rank), seconds{m.delay_s}});
    if (a.takes_escalations) c.memberships.push_back({supervisors, 0, seconds{0}});
    c.caps = {}; // what is not listed is not done
    for (const auto& ch : a.channels)
        if (const auto known = named_value<channel>(ch.name))
            c.caps[static_cast<std::size_t>(*known)] = {static_cast<int>(ch.capacity), static_cast<int>(ch.weight)};
    return c;
}

std::optional<timestamp> shift_end(const sla::business_hours& hours, timestamp now) {
    return hours.open_at(now) ? hours.next_change(now) : std::optional{now};
}

channel_set accepted_channels(const routing_agent& a) {
    channel_set set;
    for (const auto& name : a.accepts)
        if (const auto known = named_value<channel>(name)) set.insert(*known);
    return set;
}

std::optional<waiting_ticket> to_engine(const routing_ticket& t) {
    const auto known = named_value<channel>(t.channel);
    if (!known) return std::nullopt;
    waiting_ticket w;
    w.id = t.id;
    w.queue = t.queue;
    w.channel = *known;
    w.tier = static_cast<int>(t.tier);
    w.priority = static_cast<int>(t.priority);
    w.enqueued_at = t.enqueue_at;
    w.difficulty = static_cast<int>(t.difficulty);
    for (const auto& [skill, min] : t.skills) w.skills.push_back({skill, static_cast<int>(min), std::nullopt});
    for (const auto& [type, where] : t.licences) w.licences.push_back({type, where});
    if (t.preferred_agent) w.affinity.push_back(*t.preferred_agent);
    for (const auto& r : t.refused) w.refused.push_back({r.agent, r.until, r.declined_at});
    w.version = t.version;
    w.due_at = t.due_at;
    if (t.preferred_agent) w.hold_until = t.hold_until;
    w.step = static_cast<int>(t.step);
    w.overflowed = t.overflowed;
    w.not_before = t.not_before;
    w.left_message = t.left_message;
    return w;
}

std::optional<held_item> to_held(const routing_ticket& t, bool interruptible) {
    const auto known = named_value<channel>(t.channel);
    if (!known || !t.offer_agent) return std::nullopt;
    // Of before the queue said so: the database counts it still.
    const bool takes_room = t.offer_weight > 0;
    return held_item{
        t.id, *t.offer_agent, t.queue, *known, interruptible && !takes_room, t.offer_state == "parked", t.left_message};
}

std::optional<switchboard::refusal> judge(const switchboard::queue& q) {
    if (q.overflow_queue_id && q.id != 0 && *q.overflow_queue_id == q.id)
        return switchboard::refusal::invalid("overflow_queue_id", "is this queue itself");
    engine scratch;
    decisions none;
    const auto put = scratch.put(to_engine({q, nullptr}, {}), {}, none);
    if (put) return std::nullopt;
    return switchboard::refusal::invalid(put.error().field, put.error().message);
}

} // namespace switchboard::routing
