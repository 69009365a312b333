#include "engine/engine_state.hpp"

#include <algorithm>
#include <utility>

namespace switchboard::routing {

namespace {

/// The first few are kept; when there are more, the best so far takes the last place.
void note(offer_facts& noted, const candidate& c, bool is_best) {
    constexpr auto last = offer_facts::most_candidates - 1;
    if (noted.considered <= last || is_best) noted.candidates[std::min<std::size_t>(noted.considered, last)] = c;
    ++noted.considered;
}

std::optional<std::size_t> dynamic_number(agent_policy policy) {
    const auto it = std::ranges::find(dynamic_policies, policy);
    if (it == dynamic_policies.end()) return {};
    return static_cast<std::size_t>(it - dynamic_policies.begin());
}

} // namespace

bool engine_state::refused(index_t slot, index_t agent) const {
    const auto* extras = tickets.extras(slot);
    return extras != nullptr && std::ranges::any_of(extras->refused, [&](const refusal& r) {
               return r.agent == agents[agent].config.id && r.until > now;
           });
}

bool engine_state::reserve_is_short(index_t cls) const {
    int idle_agents = 0;
    eligible.profiles_of(cls).for_each([&](std::size_t p) { idle_agents += counts[p].idle_for_live; });
    return idle_agents <= queues[facts[cls].queue].config.reserve;
}

std::uint64_t engine_state::score_of(index_t agent, index_t cls) const {
    const auto policy = queues[facts[cls].queue].config.policy;
    return dynamic_number(policy) ? figure_of(agents[agent], policy) : eligible.score(cls, agents[agent].profile);
}

engine_state::choice engine_state::choose(index_t slot, offer_facts* noted) const {
    const auto& r = tickets[slot];
    const auto cls = r.cls;
    const auto ch = facts[cls].channel;
    const bool guarded = facts[cls].reserved && reserve_is_short(cls);
    const auto* extras = tickets.extras(slot);
    const bool fans_out = r.state == ticket_state::offered;
    const auto may = [&](index_t a) {
        return !agents[a].marked && !(guarded && takes_live(agents[a])) && !(extras != nullptr && refused(slot, a)) &&
               !(fans_out && is_offered_to(slot, a));
    };
    const auto id_of = [&](index_t a) { return agents[a].config.id; };
    const auto known_one = [&](index_t a) {
        const choice c{a, eligible.rank(cls, agents[a].profile), score_of(a, cls), idle.order_of(a), true};
        if (noted != nullptr) note(*noted, {id_of(a), c.order, c.score, c.rank}, true);
        return c;
    };
    const auto can = [&](index_t a) {
        return agents[a].available.contains(ch) && eligible.test(cls, agents[a].profile) && may(a);
    };

    if (r.personal) return can(r.agent) ? known_one(r.agent) : choice{};
    if (extras != nullptr)
        for (const auto id : extras->affinity)
            if (const auto a = agent_number(id); a != nobody && can(a)) return known_one(a);

    choice best;
    const auto consider = [&](index_t a, int rank, std::uint64_t score, std::uint64_t order) {
        const bool better = best.worse_than(rank, score, order);
        if (better) best = {a, rank, score, order, false};
        if (noted != nullptr) note(*noted, {id_of(a), order, score, rank}, better);
    };
    const auto by_figure = any_dynamic ? dynamic_number(queues[facts[cls].queue].config.policy) : std::nullopt;
    for_each_common(eligible.profiles_of(cls), idle.profiles_with_someone(ch), [&](std::size_t at) {
        const auto p = static_cast<index_t>(at);
        if (noted != nullptr) noted->free += there[static_cast<std::size_t>(ch)].available[p];
        const int rank = eligible.rank(cls, p);
        if (rank > best.rank) return;
        if (by_figure) {
            const auto& row = dynamic[*by_figure].lists.of(p, ch);
            const auto first = std::ranges::find_if(row, [&](const auto& place) { return may(place.agent); });
            if (first != row.end()) consider(first->agent, rank, first->figure, first->order);
            return;
        }
        auto a = idle.first(p, ch);
        while (a != nobody && !may(a)) a = idle.next(a, p, ch);
        if (a != nobody) consider(a, rank, eligible.score(cls, p), idle.order_of(a));
    });
    return best;
}

template <class F>
void engine_state::for_each_contender(index_t agent, F&& f) const {
    const auto profile = agents[agent].profile;
    const auto single = [&](index_t slot) { f(contender{tickets[slot].order_key, nobody, slot}); };
    for (const auto cls : eligible.classes_of(profile))
        if (const auto key = room.head_key(cls); key != waiting_room::empty_key) f(contender{key, cls, nobody});
    if (room.anybody_apart())
        for (const auto cls : eligible.classes_of(profile))
            for (const auto slot : room.apart(cls)) single(slot);
    for (const auto& e : room.personal(agent)) single(e.slot);
    for (const auto slot : held_and_reserved)
        if (tickets[slot].agent != agent && eligible.test(tickets[slot].cls, profile)) single(slot);
}

bool engine_state::possible(index_t agent, const contender& c) const {
    const auto cls = c.cls != nobody ? c.cls : tickets[c.slot].cls;
    // An agent who becomes idle may free somebody else for deferrable work, so ask for the ticket's best agent.
    if (facts[cls].reserved) return choose(ticket_of(c), nullptr).agent != nobody;
    return agents[agent].available.contains(facts[cls].channel) && (c.cls != nobody || !refused(c.slot, agent));
}

index_t engine_state::best_for(index_t agent, offer_facts& noted) {
    if (ratio_queues > 0) return best_by_ratio(agent, noted);
    contender best, second;
    auto considered = noted.considered;
    for_each_contender(agent, [&](const contender& c) {
        ++considered;
        if (c.key > second.key || !possible(agent, c)) return;
        second = ticket_of(best) == nobody || before(c, best) ? std::exchange(best, c) : c;
    });
    noted.considered = considered;
    std::size_t at = 0;
    for (const auto& c : {best, second})
        if (const auto slot = ticket_of(c); slot != nobody)
            noted.candidates[at++] = {.id = tickets[slot].id, .order = c.key};
    return ticket_of(best);
}

/// Gurvich & Whitt 2010: the queue that maximises Q - p * (sum of Q), over the queues with something for this agent.
index_t engine_state::best_by_ratio(index_t agent, offer_facts& noted) {
    queue_heads.clear();
    head_number.resize(queues.size());
    contender best_other;
    for_each_contender(agent, [&](const contender& c) {
        ++noted.considered;
        const auto& f = facts[c.cls != nobody ? c.cls : tickets[c.slot].cls];
        const auto number = f.by_ratio ? head_number[f.queue] : std::uint16_t{0};
        auto& rival = number > 0 ? queue_heads[number - 1u].best : best_other;
        const bool has_rival = number > 0 || (!f.by_ratio && ticket_of(best_other) != nobody);
        if (has_rival && (c.key > rival.key || !before(c, rival))) return;
        if (!possible(agent, c)) return;
        if (has_rival || !f.by_ratio) {
            rival = c;
            return;
        }
        queue_heads.push_back({f.queue, c});
        head_number[f.queue] = static_cast<std::uint16_t>(queue_heads.size());
    });

    double sum = 0;
    auto tier = ~std::uint64_t{0};
    for (const auto& h : queue_heads) {
        head_number[h.queue] = 0;
        sum += static_cast<double>(queues[h.queue].waiting);
        tier = std::min(tier, tier_of(h.best.key));
    }
    contender best;
    double best_excess = 0;
    for (const auto& h : queue_heads) {
        if (tier_of(h.best.key) != tier) continue;
        const auto& q = queues[h.queue];
        const auto excess = static_cast<double>(q.waiting) - q.config.fqr_share * sum;
        const bool first = ticket_of(best) == nobody;
        if (!first && (excess < best_excess || (excess == best_excess && before(best, h.best)))) continue;
        best = h.best;
        best_excess = excess;
    }
    // What the ratio chose and the oldest of the other queues compare by their keys.
    const auto other = ticket_of(best_other);
    if (ticket_of(best) == nobody || (other != nobody && before(best_other, best))) best = best_other;
    const auto slot = ticket_of(best);
    if (slot != nobody) noted.candidates[0] = {.id = tickets[slot].id, .order = best.key};
    return slot;
}

void engine_state::note_presence(index_t slot, offer_facts& noted) const {
    const auto cls = tickets[slot].cls;
    const auto ch = facts[cls].channel;
    const auto& heads = there[static_cast<std::size_t>(ch)];
    noted.signed_in = heads.accepting_in_all;
    noted.eligible = signed_in[cls];
    if (noted.free == 0)
        for_each_common(eligible.profiles_of(cls), idle.profiles_with_someone(ch),
                        [&](std::size_t p) { noted.free += heads.available[p]; });
    if (const auto* extras = tickets.extras(slot))
        noted.refused = static_cast<std::uint32_t>(std::ranges::count_if(extras->refused, [&](const refusal& r) {
            const auto a = agent_number(r.agent);
            return r.until > now && a != nobody && agents[a].available.contains(ch) &&
                   eligible.test(cls, agents[a].profile);
        }));
}

} // namespace switchboard::routing
