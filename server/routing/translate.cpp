#include "routing/translate.hpp"

#include <switchboard/routing/dispatcher.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace switchboard::routing {

namespace {

constexpr std::array<std::string_view, 3> works{"contact", "callback", "message"};
constexpr std::array<std::string_view, 5> triggers{"ticket_waiting", "agent_free", "cooled_down", "configuration",
                                                   "start"};
constexpr std::array<std::string_view, 3> step_causes{"time", "nobody", "late"};
constexpr std::array<std::string_view, 3> overflow_reasons{"full", "closed", "step"};

// How long a ticket that finds no place is put off before it asks again; closed: if nobody knows when it opens.
constexpr double blocked_s = 60, closed_s = 900;

template <class E, std::size_t N>
std::string_view name_of(const std::array<std::string_view, N>& names, E value) {
    return names[static_cast<std::size_t>(value)];
}

/// The first one for a name that is none of them: the database admits no other.
template <class E, std::size_t N>
E value_of(const std::array<std::string_view, N>& names, std::string_view name) {
    const auto at = std::ranges::find(names, name);
    return at == names.end() ? E{} : static_cast<E>(at - names.begin());
}

/// What is kept of an offer, for people who ask why. Bounded: at most offer_facts::most_candidates of them.
std::string facts_json(const offer_facts& f) {
    std::string out;
    fmt::format_to(
        std::back_inserter(out),
        R"({{"trigger":"{}","order":"{}","policy":"{}","by_affinity":{},"rank":{},"score":{},"order_key":{},)"
        R"("idle_order":{},"step":{},"sibling":{},"signed_in":{},"eligible":{},"free":{},"refused":{},)"
        R"("compared":"{}","considered":{},"candidates":[)",
        name_of(triggers, f.why), switchboard::name_of(f.order), switchboard::name_of(f.policy), f.by_affinity, f.rank,
        f.score, f.order_key, f.idle_order, f.step, f.sibling, f.signed_in, f.eligible, f.free, f.refused,
        f.agents_compared ? "agents" : "tickets", f.considered);
    for (std::size_t i = 0; i < f.candidates.size() && f.candidates[i].id != 0; ++i) {
        const auto& c = f.candidates[i];
        fmt::format_to(std::back_inserter(out), "{}[{},{},{},{}]", i == 0 ? "" : ",", c.id, c.order, c.score, c.rank);
    }
    out += "]}";
    return out;
}

store::routing_write write_of(store::routing_write::kind what, ticket_id ticket, agent_id agent = 0) {
    store::routing_write w;
    w.what = what;
    w.ticket = ticket;
    w.agent = agent;
    return w;
}

store::routing_write row_of(const make_offer& d) {
    auto w = write_of(store::routing_write::kind::offer, d.ticket, d.agent);
    w.version = d.version;
    // What can be parked never stands in the way of a call, so it takes none of the agent's units in the database.
    w.weight = d.interruptible ? 0 : d.weight;
    w.channel = name_of(d.channel);
    w.sibling = d.facts.sibling > 0;
    w.alone = d.alone;
    w.ring_s = std::chrono::duration<double>(d.expires_at - d.at).count();
    w.step = d.facts.step;
    w.detail = fmt::format(R"({{"work":"{}","trigger":"{}","by_affinity":{},"rank":{},"policy":"{}","step":{}}})",
                           name_of(works, d.work), name_of(triggers, d.facts.why), d.facts.by_affinity, d.facts.rank,
                           switchboard::name_of(d.facts.policy), d.facts.step);
    w.facts = facts_json(d.facts);
    return w;
}

std::optional<store::routing_write> row_of(const end_offer& d) {
    if (d.reason == end_reason::ticket_gone || d.reason == end_reason::replaced || d.reason == end_reason::sibling_won)
        return std::nullopt; // desk did it
    auto w = write_of(store::routing_write::kind::end, d.ticket, d.agent);
    w.detail = d.reason == end_reason::timed_out ? "timed_out" : "rescinded";
    w.reason = d.reason == end_reason::timed_out    ? "not answered in time"
               : d.reason == end_reason::agent_gone ? "the agent is no longer available"
                                                    : "the agent took more urgent work";
    return w;
}

store::routing_write row_of(const set_not_ready& d) {
    auto w = write_of(store::routing_write::kind::not_ready, 0, d.agent);
    w.reason = "missed offers";
    return w;
}

store::routing_write row_of(const step_taken& d) {
    auto w = write_of(store::routing_write::kind::step, d.ticket);
    w.step = d.step;
    w.facts = fmt::format(R"({{"cause":"{}"}})", name_of(step_causes, d.why));
    return w;
}

store::routing_write row_of(const overflow_ticket& d) {
    auto w = write_of(store::routing_write::kind::overflow, d.ticket);
    w.version = d.version;
    w.queue = d.to;
    w.detail = "overflowed";
    w.facts = fmt::format(R"({{"from":{},"to":{},"reason":"{}"}})", d.from, d.to, name_of(overflow_reasons, d.reason));
    return w;
}

store::routing_write put_off(ticket_id ticket, std::int64_t version, double seconds, std::string_view change) {
    auto w = write_of(store::routing_write::kind::put_off, ticket);
    w.version = version;
    w.ring_s = seconds;
    w.detail = change;
    w.facts = fmt::format(R"({{"reason":"{}","again_in_s":{}}})", change, seconds);
    return w;
}

store::routing_write row_of(const block_ticket& d) {
    return put_off(d.ticket, d.version, blocked_s, "blocked");
}
/// Callers can leave a message. Who wrote in a chat or came by is told when it opens.
store::routing_write row_of(const close_ticket& d, std::optional<double> opens_in_s) {
    if (d.action == closed_action::voicemail && d.channel == channel::phone) {
        auto w = write_of(store::routing_write::kind::message, d.ticket);
        w.version = d.version;
        w.detail = "voicemail";
        return w;
    }
    return put_off(d.ticket, d.version, opens_in_s.value_or(closed_s),
                   d.action == closed_action::callback ? "callback" : "voicemail");
}

store::routing_write row_of(const park_item& d) {
    return write_of(store::routing_write::kind::park, d.ticket, d.agent);
}
store::routing_write row_of(const resume_item& d) {
    return write_of(store::routing_write::kind::resume, d.ticket, d.agent);
}

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

queue_config to_engine(const store::routing_queue& q, timestamp now) {
    queue_config c;
    c.id = q.id;
    c.order = q.order_mode;
    c.policy = q.agent_policy;
    c.ring = seconds{q.ring_s};
    c.fan_out = static_cast<int>(q.fan_out);
    c.cool = seconds{q.cool_s};
    c.boost = queue_config::linear_boost(seconds{q.boost_s});
    c.reserve = static_cast<int>(q.idle_reserve);
    c.open = q.active && (!q.open || q.open->open_at(now));
    c.interruptible = q.interruptible;
    c.fqr_share = static_cast<double>(q.fqr_percent) / 100;
    c.due_in = seconds{q.sla_target_s};
    if (q.max_waiting) c.max_waiting = static_cast<int>(*q.max_waiting);
    c.overflow = q.overflow_queue_id.value_or(0);
    c.when_closed = q.closed_action;
    c.steps = to_steps(q.steps);
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
    if (a.role == "supervisor") c.memberships.push_back({supervisors, 0, seconds{0}});
    c.caps = {}; // what is not listed is not done
    for (const auto& ch : a.channels)
        if (const auto known = named_value<channel>(ch.name))
            c.caps[static_cast<std::size_t>(*known)] = {static_cast<int>(ch.capacity), static_cast<int>(ch.weight)};
    return c;
}

std::optional<timestamp> shift_end(const service::business_hours& hours, timestamp now) {
    return hours.open_at(now) ? hours.next_change(now) : std::optional{now};
}

channel_set accepted_channels(const store::routing_agent& a) {
    channel_set set;
    for (const auto& name : a.accepts)
        if (const auto known = named_value<channel>(name)) set.insert(*known);
    return set;
}

std::optional<waiting_ticket> to_engine(const store::routing_ticket& t) {
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

std::optional<held_item> to_held(const store::routing_ticket& t, bool interruptible) {
    const auto known = named_value<channel>(t.channel);
    if (!known || !t.offer_agent) return std::nullopt;
    // Of before the queue said so: the database counts it still.
    const bool takes_room = t.offer_weight > 0;
    return held_item{
        t.id, *t.offer_agent, t.queue, *known, interruptible && !takes_room, t.offer_state == "parked", t.left_message};
}

std::optional<store::routing_write> to_row(const decision& d, std::optional<double> opens_in_s) {
    return std::visit(
        [opens_in_s]<class D>(const D& one) -> std::optional<store::routing_write> {
            if constexpr (std::is_same_v<D, clear_refusals>)
                return std::nullopt;
            else if constexpr (std::is_same_v<D, close_ticket>)
                return row_of(one, opens_in_s);
            else
                return row_of(one);
        },
        d);
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
