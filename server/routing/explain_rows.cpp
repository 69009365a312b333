#include "routing/explanation.hpp"

#include <fmt/format.h>

#include <algorithm>

/// The engine's own judgement over rows: for a node that does not lead, and for a configuration that is not in force.
namespace switchboard::routing {

namespace {

/// Knows these queues and agents. `presence` of an agent: as it is, or of one who is there for everything.
enum class presence_of { rows, everybody };

engine engine_of(const routing_configuration& c, presence_of who, timestamp now, const engine_settings& settings) {
    engine out{settings};
    decisions none;
    for (const auto& q : c.queues) (void)out.put(to_engine(q, now), now, none); // what it refuses is told by the leader
    for (const auto& a : c.agents) {
        if (!out.put(to_engine(a), now, none)) continue;
        if (a.hours && who == presence_of::rows) out.shift(a.id, shift_end(*a.hours, now), now, none);
        out.presence(a.id, who == presence_of::rows ? accepted_channels(a) : all_channels, now, none);
    }
    return out;
}

/// Which of the tickets nobody is eligible for after so many steps, whoever signs in.
std::vector<bool> stranded(const store::routing_surroundings& around, std::size_t step, timestamp now,
                           const engine_settings& settings) {
    auto brain = engine_of(around.configuration, presence_of::everybody, now, settings);
    decisions none;
    for (const auto& row : around.tickets) {
        auto w = to_engine(row);
        if (!w) continue;
        w->refused.clear();
        w->hold_until.reset();
        w->not_before.reset(); // a callback will be due
        w->step = static_cast<int>(step);
        brain.waiting(*w, now, none);
    }
    std::vector<bool> out;
    for (const auto& row : around.tickets) {
        const auto e = brain.explain(row.id, now);
        const auto sees_it_later = [](const agent_exclusions& a) {
            return a.reasons.contains(exclusion::delay) || a.reasons.contains(exclusion::reserve);
        };
        out.push_back(!e || (e->could.empty() && std::ranges::none_of(e->almost, sees_it_later)));
    }
    return out;
}

/// What the engine says of a ticket that waits among these agents and what they hold.
std::optional<explanation> explain_as_waiting(const waiting_ticket& w, const store::routing_surroundings& around,
                                              timestamp now, const engine_settings& settings) {
    auto brain = engine_of(around.configuration, presence_of::rows, now, settings);
    std::map<std::int64_t, bool> interruptible;
    for (const auto& q : around.configuration.queues) interruptible[q.id] = q.interruptible;
    for (const auto& h : around.held) {
        if (h.offer_state == "offered") {
            if (const auto rings = to_engine(h)) brain.restore_offer(*rings, *h.offer_agent, h.offer_expires_at);
        } else if (const auto item = to_held(h, interruptible[h.queue])) {
            brain.restore_held(*item);
        }
    }
    decisions none;
    brain.waiting(w, now, none);
    return brain.explain(w.id, now);
}

} // namespace

std::optional<explanation> explain_from(const store::routing_surroundings& around, timestamp now,
                                        const engine_settings& settings) {
    if (around.tickets.empty() || around.tickets[0].state != "waiting") return {};
    const auto w = to_engine(around.tickets[0]);
    return w ? explain_as_waiting(*w, around, now, settings) : std::nullopt;
}

std::optional<explanation> explain_by_hand(store::routing_surroundings around, timestamp now,
                                           const engine_settings& settings) {
    if (around.tickets.empty()) return {};
    auto w = to_engine(around.tickets[0]);
    if (!w) return {};
    w->not_before.reset(); // whoever gives it by hand gives it now
    w->hold_until.reset();
    std::erase_if(around.held, [&](const routing_ticket& t) { return t.id == w->id; });
    return explain_as_waiting(*w, around, now, settings);
}

queue_check check(store::routing_surroundings around, std::int64_t queue,
                  const std::optional<std::vector<queue_step>>& steps, timestamp now, const engine_settings& settings) {
    std::size_t last = 0;
    for (auto& q : around.configuration.queues) {
        if (q.id != queue) continue;
        if (steps) q.steps = *steps;
        last = q.steps.size();
        q.max_waiting.reset(); // that there is no place is another question
    }
    const auto now_stranded = stranded(around, 0, now, settings), stranded_then = stranded(around, last, now, settings);
    queue_check out;
    for (std::size_t i = 0; i < around.tickets.size(); ++i) {
        out.waiting += around.counts[i];
        if (!now_stranded[i]) continue;
        out.nobody += around.counts[i];
        if (stranded_then[i]) out.nobody_after_steps += around.counts[i];
    }
    if (out.nobody == 0)
        out.words.push_back(fmt::format("Each of the {} waiting tickets has somebody eligible.", out.waiting));
    else
        out.words.push_back(
            fmt::format("{} of the {} waiting tickets would have nobody eligible.", out.nobody, out.waiting));
    if (out.nobody > 0 && last > 0)
        out.words.push_back(fmt::format("After the last relaxation step it would be {}.", out.nobody_after_steps));
    return out;
}

} // namespace switchboard::routing
