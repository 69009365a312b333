#include "desk/decisions.hpp"
#include "desk/ticket_plan.hpp"

/// What agents answer to routing.
namespace switchboard::desk {

decided decide_acceptance(const store::ticket_at_hand& at, std::int64_t me) {
    const auto& offer = at.offer.value();
    ticket_plan plan{at, me};
    if (offer.agent_id != me) return std::unexpected{refusal::missing(no_such_offer)};
    if (offer.state == offer_state::active || offer.state == offer_state::parked) // it was accepted already
        return std::move(plan).without_event();
    if (offer.state == offer_state::timed_out || (offer.state == offer_state::offered && offer.is_over))
        return std::unexpected{refusal::conflict("expired")};
    if (offer.state != offer_state::offered)
        return std::unexpected{refusal::conflict(at.ticket.owner_id ? "taken" : "rescinded")};
    if (!at.taker.value().takes_work) return std::unexpected{refusal::forbidden(no_work_for_you)};
    if (const auto& missing = at.taker->uncovered_licence)
        return std::unexpected{refusal::conflict("licence: you do not hold a valid " + *missing)};
    plan.accept(offer);
    return std::move(plan).without_event();
}

decided decide_refusal(const store::ticket_at_hand& at, std::int64_t me, const std::string& reason) {
    const auto& offer = at.offer.value();
    ticket_plan plan{at, me};
    if (offer.agent_id != me) return std::unexpected{refusal::missing(no_such_offer)};
    if (offer.state == offer_state::declined) return std::move(plan).without_event();
    if (offer.state != offer_state::offered)
        return std::unexpected{refusal::conflict("the offer is " + std::string{name_of(offer.state)} + " already")};
    plan.decline(offer, reason);
    return std::move(plan).without_event();
}

} // namespace switchboard::desk
