#pragma once

#include <switchboard/model/describe.hpp>
#include <switchboard/model/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Whether an agent can be given more work right now, and if not, why: docs/routing.md 2.2 rules 5 to 7, of one agent.
namespace switchboard {

struct availability {
    std::string state = "offline";  // ready full cooling wrap_up not_ready offline
    std::optional<timestamp> until; // wrap_up: ends by itself; cooling: the first is offered again
};
DESCRIBE(availability, (state, "Whether the agent can be given work now, and if not, why."),
         (until, "When that ends by itself."))

/// What an agent's day at the desk is judged by.
struct desk_load {
    struct channel {
        std::string name;
        std::int64_t capacity = 0; // items at once
        std::int64_t weight = 0;   // units that one takes
    };
    struct item {
        std::string channel;
        bool left_message = false;  // a call with nobody on the line
        bool interruptible = false; // may be parked for live work
        std::optional<timestamp> wrapup_until{};
    };
    std::string presence = "offline";        // ready not_ready offline
    std::vector<std::string> accepts;        // channels, while ready
    std::vector<channel> channels;           // that the profile does
    std::int64_t units = 0;                  // over all channels
    std::vector<item> items;                 // offered, in hand, parked or in wrap-up
    std::optional<timestamp> asked_again_at; // the first of what the agent refused and what waits still
};

availability availability_of(const desk_load& desk);

} // namespace switchboard
