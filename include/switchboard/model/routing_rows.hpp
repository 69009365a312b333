#pragma once

#include <switchboard/model/queue.hpp>
#include <switchboard/model/time.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace switchboard::sla {
class business_hours; // sla/business_hours.hpp
}

/// What routing and planning are told of a contact center, as it is configured and as it waits: plain rows, of which
/// engine/from_rows.hpp makes the engine's types.
namespace switchboard {

/// A queue and its hours.
struct routing_queue : queue {
    std::shared_ptr<const sla::business_hours> open; // null = always
};

struct routing_agent {
    struct licence {
        std::int64_t id = 0;
        std::vector<std::string> jurisdictions;
        timestamp from{}, until{};
        std::string state;
    };
    struct membership {
        std::int64_t queue = 0, rank = 0, delay_s = 0;
    };
    struct channel {
        std::string name;
        std::int64_t capacity = 0, weight = 0;
    };
    std::int64_t id = 0, grade = 0, units = 0;
    bool takes_work = true; // his roles permit it (model/permission.hpp)
    bool takes_escalations = false;
    std::vector<std::pair<std::int64_t, std::int64_t>> skills; // skill, level
    std::vector<licence> licences;
    std::vector<membership> queues;
    std::vector<channel> channels;
    std::vector<std::string> accepts;                 // channels, empty unless ready
    std::shared_ptr<const sla::business_hours> hours; // shifts; null = no end is known
};

/// A ticket as routing sees it, with its open offer if it has one.
struct routing_ticket {
    std::int64_t id = 0, queue = 0, tier = 0, priority = 0, difficulty = 0, version = 0;
    std::int64_t step = 0;
    bool overflowed = false, left_message = false;
    std::string channel, state;
    timestamp enqueue_at{};
    std::optional<timestamp> due_at, hold_until;
    std::optional<timestamp> not_before;                        // of a callback that is open
    std::vector<std::pair<std::int64_t, std::int64_t>> skills;  // skill, min
    std::vector<std::pair<std::int64_t, std::string>> licences; // type, jurisdiction
    std::optional<std::int64_t> preferred_agent;
    struct refusal {
        std::int64_t agent = 0;
        timestamp until{};
        std::optional<timestamp> declined_at{}; // said no; empty: did not answer
    };
    std::vector<refusal> refused;
    std::optional<std::int64_t> offer_agent;
    std::int64_t offer_weight = 0; // units that it takes; 0 for what may be parked
    std::string offer_state;       // offered active parked wrapup; empty = no open offer
    timestamp offer_expires_at{};
};

struct routing_configuration {
    std::vector<routing_queue> queues;
    std::vector<routing_agent> agents;
};

} // namespace switchboard
