#include "routing/story.hpp"
#include "routing/translate.hpp"

#include <fmt/format.h>

#include <algorithm>

/// The engine's own judgement over rows: for a node that does not lead, and for a configuration that is not in force.
namespace switchboard::routing {

namespace {

/// Knows these queues and agents. `presence` of an agent: as it is, or of one who is there for everything.
enum class presence_of { rows, everybody };

engine engine_of(const store::routing_configuration& c, presence_of who, timestamp now) {
    engine out;
    decisions none;
    for (const auto& q : c.queues) (void)out.put(to_engine(q), now, none); // what it refuses is told by the leader
    for (const auto& a : c.agents) {
        if (!out.put(to_engine(a), now, none)) continue;
        out.presence(a.id, who == presence_of::rows ? accepted_channels(a) : all_channels, now, none);
    }
    return out;
}

} // namespace

std::optional<explanation> explain_from(const store::routing_surroundings& around, timestamp now) {
    if (around.tickets.empty() || around.tickets[0].state != "waiting") return {};
    const auto w = to_engine(around.tickets[0]);
    if (!w) return {};
    auto brain = engine_of(around.configuration, presence_of::rows, now);
    std::map<std::int64_t, bool> interruptible;
    for (const auto& q : around.configuration.queues) interruptible[q.id] = q.interruptible;
    for (const auto& h : around.held)
        if (const auto item = to_held(h, interruptible[h.queue])) brain.restore_held(*item);
    decisions none;
    brain.waiting(*w, now, none);
    return brain.explain(w->id, now);
}

queue_check check(store::routing_surroundings around, std::int64_t queue,
                  const std::optional<std::vector<store::routing_step>>& steps, timestamp now) {
    std::size_t last = 0;
    for (auto& q : around.configuration.queues) {
        if (q.id != queue) continue;
        if (steps) q.steps = *steps;
        last = q.steps.size();
        q.max_waiting.reset(); // that there is no place is another question
    }
    const auto finds_nobody = [&](const store::routing_ticket& row, std::size_t step) {
        auto w = to_engine(row);
        if (!w) return true;
        w->refused.clear();
        w->hold_until.reset();
        w->step = static_cast<int>(step);
        auto brain = engine_of(around.configuration, presence_of::everybody, now);
        decisions none;
        brain.waiting(*w, now, none);
        const auto e = brain.explain(w->id, now);
        if (!e || !e->could.empty()) return !e;
        return std::ranges::none_of(e->almost, [](const agent_exclusions& a) {
            return a.reasons.contains(exclusion::delay) || a.reasons.contains(exclusion::reserve);
        });
    };
    queue_check out;
    for (std::size_t i = 0; i < around.tickets.size(); ++i) {
        out.waiting += around.counts[i];
        if (!finds_nobody(around.tickets[i], 0)) continue;
        out.nobody += around.counts[i];
        if (finds_nobody(around.tickets[i], last)) out.nobody_after_steps += around.counts[i];
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
