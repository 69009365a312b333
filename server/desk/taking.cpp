#include "desk/decisions.hpp"
#include "desk/ticket_plan.hpp"

/// Giving a ticket to an agent by hand, and taking one.
namespace switchboard::desk {

decided decide_assignment(const store::ticket_at_hand& at, const viewer& me, const std::string& reason) {
    if (auto no = obstacle_to(ticket_action::assign, me, at.ticket)) return std::unexpected{std::move(*no)};
    const auto& t = at.ticket;
    if (!at.taker || !at.taker->active) return std::unexpected{refusal::invalid("agent_id", "there is no such agent")};
    auto who = *at.taker;
    if (t.owner_id == who.id && (t.state == ticket_state::active || t.state == ticket_state::parked))
        return std::unexpected{refusal::conflict(who.name + " has this ticket already")};
    if (!who.takes_work)
        return std::unexpected{refusal::conflict(
            "role: no role of " + who.name + " permits to read and answer tickets; nobody can be assigned past that")};
    if (who.uncovered_licence)
        return std::unexpected{refusal::conflict("licence: " + who.name + " does not hold a valid " +
                                                 *who.uncovered_licence + "; nobody can be assigned past a licence")};
    ticket_plan plan{at, me.user_id};
    plan.end_offers("assigned to " + who.name);
    for (const auto& o : t.offers) // what he is offered already takes his room
        if (o.agent_id == who.id) who.give_back(o.weight);
    plan.hand_to(who, events::taking::assigned, reason);
    return std::move(plan).with_event({.change = events::ticket_change::assigned});
}

decided decide_claim(const store::ticket_at_hand& at, const viewer& me) {
    if (auto no = obstacle_to(ticket_action::claim, me, at.ticket)) return std::unexpected{std::move(*no)};
    if (const auto why_not = why_not_take(at.taker.value(), false))
        return std::unexpected{refusal::conflict(why_not->words)};
    ticket_plan plan{at, me.user_id};
    plan.hand_to(*at.taker, events::taking::claimed);
    return std::move(plan).without_event();
}

} // namespace switchboard::desk
