#include "desk/decisions.hpp"

/// What agents say that they accept.
namespace switchboard::desk {

std::expected<store::presence_change, refusal> decide_presence(const store::presence_at_hand& at,
                                                               const presence_wish& wish) {
    if (!at.takes_work && wish.state != presence_state::offline)
        return std::unexpected{refusal::forbidden(no_work_for_you)};
    if (!at.known_reason)
        return std::unexpected{refusal::invalid("reason", "must be one of /api/v1/absence-reasons that is enabled")};
    store::presence_change out{wish.state, *at.known_reason, wish.after_current, wish.channels};
    // "Not ready after this one" while nothing is in hand waits for the next; with work in hand it is now.
    if (!wish.after_current || !at.has_work) return out;
    out.state = presence_state::not_ready;
    out.after_current = false;
    if (out.reason.empty()) out.reason = "after this one";
    return out;
}

} // namespace switchboard::desk
