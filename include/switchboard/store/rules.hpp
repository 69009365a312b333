#pragma once

#include <switchboard/store/leaving.hpp>

#include <functional>
#include <optional>
#include <string>

/// What becomes of tickets by itself is decided by the desk room (desk/by_itself.hpp), in the middle of transactions of
/// routing and intake: they are given these.
namespace switchboard::store {

struct ticket_at_hand;
struct ticket_changes;

struct clock_rules {
    std::function<ticket_changes(const ticket_at_hand&)> end_of_hold, end_of_window, end_of_dialling, turn_to_dial,
        turn_of_follow_up;
};

struct customer_rules {
    std::function<ticket_changes(const ticket_at_hand&, leaving)> end_of_waiting;
    std::function<std::optional<ticket_changes>(const ticket_at_hand&)> late_answer; // nothing: it stays as it is
};

/// Its owner is not there: what became of him, and whether it cannot wait for him.
using absence_rule =
    std::function<ticket_changes(const ticket_at_hand&, const std::string& what_became, bool cannot_wait)>;

} // namespace switchboard::store
