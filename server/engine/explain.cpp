#include "engine/engine_state.hpp"

#include <switchboard/engine/engine.hpp>

#include <algorithm>

namespace switchboard::routing {

namespace {

constexpr std::array<std::string_view, exclusion_count> exclusion_names{
    "no_member",     "role",       "delay",   "skill",          "licence", "grade",   "queue_closed",
    "not_signed_in", "shift_ends", "refused", "held_for_other", "reserve", "ringing", "busy"};

} // namespace

std::string_view to_string(exclusion e) {
    return exclusion_names[static_cast<std::size_t>(e)];
}

exclusions engine_state::exclusions_for(index_t slot, index_t agent) const {
    const auto& r = tickets[slot];
    const auto& a = agents[agent];
    const auto ch = facts[r.cls].channel;
    auto all = exclusions_of(profiles[a.profile], demands[r.cls]);
    if (is_shut(slot) || !queue_of(slot).known) all.insert(exclusion::queue_closed);
    const bool wants_channel = a.accepts.contains(channel_of(ch)) && cap_of(a.config, ch).max > 0;
    if (!wants_channel) all.insert(exclusion::not_signed_in);
    if (wants_channel && !a.accepting.contains(ch)) all.insert(exclusion::shift_ends);
    if (a.accepting.contains(ch) && !a.available.contains(ch))
        all.insert(deferrable_lanes.contains(ch) && rings(a) ? exclusion::ringing : exclusion::busy);
    if (refused(slot, agent)) all.insert(exclusion::refused);
    if (r.personal && r.agent != agent) all.insert(exclusion::held_for_other);
    if (facts[r.cls].reserved && takes_live(a) && reserve_is_short(r.cls)) all.insert(exclusion::reserve);
    return all;
}

std::optional<explanation> engine::explain(ticket_id ticket, timestamp now) const {
    const auto& p = *state_;
    const auto slot = p.tickets.find(ticket);
    if (slot == nobody || p.tickets[slot].state != ticket_state::waiting) return {};
    const auto& r = p.tickets[slot];
    explanation e{.queue = p.queue_of(slot).config.id, .step = p.facts[r.cls].step};
    if (const auto at = p.next_step(slot)) e.next_step = timestamp{timestamp::duration{*at}};
    if (r.personal) e.held_for = p.agents[r.agent].config.id;

    for (index_t a = 0; a < p.agents.size(); ++a) {
        if (!p.agents[a].known) continue;
        const auto reasons = p.exclusions_for(slot, a);
        if (!reasons.contains(exclusion::no_member)) ++e.members;
        agent_exclusions one{p.agents[a].config.id,
                             reasons,
                             lacks_of(p.profiles[p.agents[a].profile], p.demands[r.cls], p.classes.jurisdictions()),
                             {}};
        if (reasons.size() > 0) {
            const auto first = reasons.first();
            ++e.excluded[static_cast<std::size_t>(first)];
            if (const auto lack = std::ranges::find(one.lacks, first, &shortfall::what); lack != one.lacks.end()) {
                auto term = *lack;
                term.level = 0;
                ++e.lacking[term];
            }
        }
        const auto lasting = reasons.lasting().size();
        if (const auto* extras = p.tickets.extras(slot); reasons.contains(exclusion::refused))
            one.refused = *std::ranges::find(extras->refused, one.agent, &refusal::agent);
        (lasting == 0 ? e.could : lasting == 1 ? e.almost : e.others).push_back(std::move(one));
    }
    for (auto* list : {&e.could, &e.almost, &e.others}) std::ranges::sort(*list, {}, &agent_exclusions::agent);

    e.ahead = p.room.ahead_of(slot);
    if (const auto gap = p.start_gap_us(r.cls, std::max(now, p.now)))
        e.estimated_wait =
            std::chrono::microseconds{static_cast<std::int64_t>(*gap * static_cast<double>(e.ahead + 1))};
    return e;
}

} // namespace switchboard::routing
