#pragma once

#include "engine/tickets.hpp"

#include <queue>

namespace switchboard::routing {

enum class timer_kind : std::uint8_t {
    offer_expires,
    cooled_down,
    delay_passed,
    step_due,
    hold_ends,
    callback_due,
    licence_changes,
    shift_changes,
    lateness
};

struct timer {
    timestamp at;
    std::uint64_t number = 0; // timers of one moment fire in the order in which they were set
    std::int64_t subject = 0; // a ticket's id; for licences and shifts the agent's number; for lateness the queue's id
    timer_kind kind = timer_kind::offer_expires;
};

/// Timers in exact order. None is ever taken back: whoever handles one looks whether it still means anything.
class timer_queue {
public:
    void set(timestamp at, timer_kind kind, std::int64_t subject) { heap_.push({at, ++count_, subject, kind}); }
    [[nodiscard]] bool due(timestamp now) const { return !heap_.empty() && heap_.top().at <= now; }
    [[nodiscard]] std::optional<timestamp> next() const {
        return heap_.empty() ? std::nullopt : std::optional{heap_.top().at};
    }
    timer take() {
        auto t = heap_.top();
        heap_.pop();
        return t;
    }

private:
    struct later {
        bool operator()(const timer& a, const timer& b) const {
            return a.at != b.at ? a.at > b.at : a.number > b.number;
        }
    };
    std::priority_queue<timer, std::vector<timer>, later> heap_;
    std::uint64_t count_ = 0;
};

} // namespace switchboard::routing
