#include "routing/decision_rows.hpp"

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

} // namespace

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

} // namespace switchboard::routing
