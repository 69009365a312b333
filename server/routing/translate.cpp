#include "routing/translate.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace switchboard::routing {

namespace {

std::string_view name_of(trigger t) {
    switch (t) {
    case trigger::ticket_waiting: return "ticket_waiting";
    case trigger::agent_free: return "agent_free";
    case trigger::cooled_down: return "cooled_down";
    case trigger::configuration: return "configuration";
    case trigger::start: return "start";
    }
    return "";
}

store::routing_write row_of(const make_offer& d) {
    store::routing_write w;
    w.what = store::routing_write::kind::offer;
    w.ticket = d.ticket;
    w.agent = d.agent;
    w.version = d.version;
    // What can be parked never stands in the way of a call, so it takes none of the agent's units in the database.
    w.weight = d.interruptible ? 0 : d.weight;
    w.channel = to_string(d.channel);
    w.ring_s = std::chrono::duration<double>(d.expires_at - d.at).count();
    w.detail = fmt::format(R"({{"trigger":"{}","by_affinity":{},"rank":{}}})", name_of(d.facts.why), d.facts.by_affinity,
                           d.facts.rank);
    return w;
}

std::optional<store::routing_write> row_of(const end_offer& d) {
    if (d.reason == end_reason::ticket_gone || d.reason == end_reason::replaced || d.reason == end_reason::sibling_won)
        return std::nullopt; // desk did it
    store::routing_write w;
    w.what = store::routing_write::kind::end;
    w.ticket = d.ticket;
    w.agent = d.agent;
    w.detail = d.reason == end_reason::timed_out ? "timed_out" : "rescinded";
    w.reason = d.reason == end_reason::timed_out    ? "not answered in time"
               : d.reason == end_reason::agent_gone ? "the agent is no longer available"
                                                    : "the agent took more urgent work";
    return w;
}

store::routing_write parking(store::routing_write::kind what, ticket_id ticket, agent_id agent) {
    store::routing_write w;
    w.what = what;
    w.ticket = ticket;
    w.agent = agent;
    return w;
}

store::routing_write row_of(const set_not_ready& d) {
    store::routing_write w;
    w.what = store::routing_write::kind::not_ready;
    w.agent = d.agent;
    w.reason = "missed offers";
    return w;
}

} // namespace

queue_config to_engine(const store::routing_queue& q) {
    queue_config c;
    c.id = q.id;
    c.order = q.order_mode == "aging" ? order_mode::aging : order_mode::fifo;
    c.ring = seconds{q.ring_s};
    c.cool = seconds{q.cool_s};
    c.boost = queue_config::linear_boost(seconds{q.boost_s});
    c.reserve = static_cast<int>(q.idle_reserve);
    c.open = q.active;
    c.interruptible = q.interruptible;
    return c;
}

agent_config to_engine(const store::routing_agent& a) {
    agent_config c;
    c.id = a.id;
    c.grade = static_cast<int>(a.grade);
    c.units = static_cast<int>(a.units);
    for (const auto& [skill, level] : a.skills) c.skills.push_back({skill, static_cast<int>(level)});
    for (const auto& l : a.licences) {
        const auto state = l.state == "active"      ? licence_state::active
                           : l.state == "suspended" ? licence_state::suspended
                                                    : licence_state::revoked;
        c.licences.push_back({l.id, l.jurisdictions, l.from, l.until, state});
    }
    for (const auto& m : a.queues) c.memberships.push_back({m.queue, static_cast<int>(m.rank), seconds{m.delay_s}});
    c.caps = {}; // what is not listed is not done
    for (const auto& ch : a.channels)
        if (const auto known = parse_channel(ch.name))
            c.caps[static_cast<std::size_t>(*known)] = {static_cast<int>(ch.capacity), static_cast<int>(ch.weight)};
    return c;
}

channel_set accepted_channels(const store::routing_agent& a) {
    channel_set set;
    for (const auto& name : a.accepts)
        if (const auto known = parse_channel(name)) set.insert(*known);
    return set;
}

std::optional<waiting_ticket> to_engine(const store::routing_ticket& t) {
    const auto known = parse_channel(t.channel);
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
    for (const auto& [agent, until] : t.refused) w.refused.push_back({agent, until});
    w.version = t.version;
    return w;
}

std::optional<held_item> to_held(const store::routing_ticket& t, bool interruptible) {
    const auto known = parse_channel(t.channel);
    if (!known || !t.offer_agent) return std::nullopt;
    return held_item{t.id, *t.offer_agent, t.queue, *known, interruptible, t.offer_state == "parked"};
}

std::optional<store::routing_write> to_row(const decision& d) {
    return std::visit(
        []<class D>(const D& one) -> std::optional<store::routing_write> {
            if constexpr (std::is_same_v<D, clear_refusals>) return std::nullopt;
            // No queue of the database is given limits, steps or an action when it is closed, so none of these comes.
            else if constexpr (std::is_same_v<D, step_taken> || std::is_same_v<D, overflow_ticket> ||
                               std::is_same_v<D, block_ticket> || std::is_same_v<D, close_ticket>)
                return std::nullopt;
            else if constexpr (std::is_same_v<D, park_item>)
                return parking(store::routing_write::kind::park, one.ticket, one.agent);
            else if constexpr (std::is_same_v<D, resume_item>)
                return parking(store::routing_write::kind::resume, one.ticket, one.agent);
            else return row_of(one);
        },
        d);
}

} // namespace switchboard::routing
