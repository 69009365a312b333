#pragma once

#include <switchboard/engine/engine.hpp>
#include <switchboard/model/events.hpp>
#include <switchboard/sla/business_hours.hpp>
#include <switchboard/store/routing.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace switchboard::routing {

/// The engine of a node that leads, and how it is told what rows and events say. Does no I/O: what is to be read again
/// or written stands in `arrived`, `configuration_changed` and `out`.
class routing_state {
public:
    explicit routing_state(const engine_settings& settings);

    /// The engine's time: now(), but never set in the middle of something.
    [[nodiscard]] timestamp moment() const;
    /// Follows now(). False: that was set, and what was loaded before is not to be judged by it.
    [[nodiscard]] bool keep_time();

    engine brain;
    decisions out;
    cursor as_of;                       // what the events before it say is known already
    timestamp day_ends{};               // when agents have begun nothing again
    std::vector<routing_ticket> opened; // new tickets, as they were written
    std::set<std::int64_t> arrived;     // tickets to read and look at
    bool configuration_changed = false;
    std::vector<routing_queue> queues; // as the engine was told
    std::map<queue_id, bool> interruptible;

    // Taking over: people first, then the configuration, then the tickets.
    void know(const store::routing_people& people);
    void take(routing_configuration c);
    void take_held(const routing_ticket& t);
    void take_waiting(const routing_ticket& t);
    [[nodiscard]] std::size_t waiting_taken() const { return waiting_; }
    [[nodiscard]] std::size_t held_taken() const { return held_; }

    void configure(routing_configuration c);
    /// The fresh row of a ticket that may wait.
    void look_at(const routing_ticket& t);
    /// The database refused an offer; how ticket and agent really stand.
    void take_back(const make_offer& refused, const std::vector<routing_ticket>& ticket,
                   const std::vector<routing_ticket>& held);
    /// An agent's load was wrong in the database, which refused what he had room for; what he really holds.
    void correct(agent_id agent, const std::vector<routing_ticket>& held);
    void hear(const event& e);

    /// Tells the engine which queues have opened or closed since it was told, and whose shifts.
    void keep_hours();
    [[nodiscard]] std::optional<timestamp> next_hours_change() const { return hours_change_; }
    /// Of a queue that its hours have closed: how long that lasts.
    [[nodiscard]] std::optional<double> opens_in_s(queue_id id) const;

private:
    [[nodiscard]] std::vector<held_item> items_of(const std::vector<routing_ticket>& held);
    void tell_configuration(const routing_configuration& c, timestamp t);
    void note_hours(timestamp t);
    void hear_change(const events::ticket_changed& said, timestamp t);
    bool reorder(const ticket_summary& row);
    void hear_contact(const events::contact_received& said);
    void hear_presence(const presence& p, timestamp t);
    void hear_accepted(const events::offer_accepted& said, timestamp t);
    [[nodiscard]] bool knows(ticket_id ticket) const;

    std::chrono::microseconds ahead_of_steady_;
    std::map<agent_id, timestamp> idle_since_; // while taking over
    std::map<agent_id, std::uint32_t> today_;
    std::size_t waiting_ = 0, held_ = 0;
    std::map<agent_id, std::shared_ptr<const sla::business_hours>> shifts_;
    timestamp hours_told_{};                // the engine was told who is open as of then
    std::optional<timestamp> hours_change_; // and this is no longer true from then on
};

} // namespace switchboard::routing
