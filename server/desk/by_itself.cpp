#include <switchboard/desk/by_itself.hpp>

#include "desk/ticket_plan.hpp"

namespace switchboard::desk {

store::ticket_changes absence_of_owner(const store::ticket_at_hand& at, const std::string& what_became,
                                       bool cannot_wait) {
    ticket_plan plan{at, std::nullopt};
    events::ticket_changed what{.cause = "its agent " + what_became};
    if (cannot_wait && at.ticket.state == ticket_state::held) {
        plan.rest_without_owner(); // its customer does not wait for us until then
        what.change = events::ticket_change::returned;
    } else if (cannot_wait) {
        plan.give_up(what.cause);
        what.change = events::ticket_change::returned;
    } else {
        plan.park();
        what.change = events::ticket_change::put_aside;
    }
    return std::move(plan).with_event(std::move(what));
}

store::clock_rules rules_of_the_clock() {
    return {end_of_hold, end_of_window, end_of_dialling, turn_to_dial, turn_of_follow_up};
}

store::customer_rules rules_of_customers() {
    return {end_of_waiting, late_answer};
}

} // namespace switchboard::desk
