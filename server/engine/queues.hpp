#pragma once

#include "engine/tickets.hpp"

#include <map>

namespace switchboard::routing {

struct queue_record {
    queue_config config;
    bool known = false; // configured, not only named by a ticket or a membership
    std::size_t waiting = 0;
    std::size_t offered = 0;
    std::size_t scheduled = 0;
    std::vector<index_t> classes;
    std::map<std::int64_t, int> delays; // membership delays above zero (microseconds) and how many agents have them

    struct arrival {
        std::int64_t enqueued;
        index_t slot;
        index_t generation;
    };
    bool watched = false;        // a timer looks who of it will be late
    std::vector<arrival> oldest; // min-heap by enqueued; entries of those who left are thrown out when they surface
};

/// Tier, then time less boost: one number that never changes while the ticket waits.
std::uint64_t order_key(const queue_config& queue, int tier, int priority, std::int64_t enqueued, std::int64_t due);
constexpr std::uint64_t tier_of(std::uint64_t order_key) {
    return order_key >> 62;
}

/// The longest membership delay that a ticket of this age has outlived; 0 if none.
std::int64_t delay_passed(const queue_record& queue, std::int64_t age);

void remember_arrival(queue_record& queue, ticket_store& tickets, index_t slot);
std::optional<timestamp> oldest_waiting(queue_record& queue, ticket_store& tickets);

} // namespace switchboard::routing
