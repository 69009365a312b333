#include "desk/decisions.hpp"
#include "desk/ticket_plan.hpp"

/// What a chat's visitor says of himself becomes known of the customer: somebody here says that it is true.
namespace switchboard::desk {

decided decide_identity(const store::ticket_at_hand& at, const viewer& me, const visitor_claim& claim) {
    if (auto no = obstacle_to(ticket_action::edit, me, at.ticket)) return std::unexpected{std::move(*no)};
    const auto& known = at.identity.value();
    const auto& [kind, value, name] = claim.identity;
    const auto& says = known.visitor;
    if (!says || (kind == "email" ? says->email : says->phone) != claim.said)
        return std::unexpected{refusal::conflict("the visitor does not say so any more: look again")};
    if (!at.ticket.customer_id) return std::unexpected{refusal::conflict("this ticket has no customer")};
    if (known.is_colleagues) return std::unexpected{refusal::conflict(value + " is the address of a colleague")};
    if (known.customer_id && known.customer_id != at.ticket.customer_id)
        return std::unexpected{refusal::conflict(value + " is another customer's already")};
    ticket_plan plan{at, me.user_id};
    if (known.customer_id) return std::move(plan).without_event(); // it was known
    plan.keep_identity(claim.identity);
    return std::move(plan).with_event(
        {.change = events::ticket_change::identity_kept, .identity = events::kept_identity{kind, value}});
}

} // namespace switchboard::desk
