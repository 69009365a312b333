#pragma once

#include <switchboard/engine/decisions.hpp>
#include <switchboard/engine/explanation.hpp>
#include <switchboard/engine/types.hpp>

#include <expected>
#include <memory>
#include <span>
#include <string>

namespace switchboard::routing {

struct engine_state;

/// The field that cannot be taken, and why. Nothing was changed.
struct config_error {
    std::string field{};
    std::string message{};
};

struct queue_counts {
    std::size_t waiting = 0; // nobody has an offer for it
    std::size_t offered = 0;
    std::optional<timestamp> oldest{}; // enqueued_at of the oldest that waits without an offer
    std::size_t scheduled = 0;         // callbacks whose time has not come; not among `waiting`
};

struct agent_view {
    channel_set accepts{};   // presence
    channel_set available{}; // can be offered an item on these channels now
    std::size_t offered = 0;
    std::vector<held_item> items{}; // active and parked, by ticket id
    int missed_in_row = 0;
};

/// The matching of docs/routing.md 2.2 to 2.7: one thread, no I/O, no clock. Same calls, same decisions.
///
/// Every event takes `now` and first fires the timers that are due; time that goes backwards stands still.
/// Decisions are appended to `out` in the order in which they must be committed. After each event no available agent is
/// eligible for a waiting ticket (work conservation). Events about unknown tickets or agents change nothing and return
/// false: the caller then loads their fresh state.
///
/// A new engine only takes in configuration and state; it decides from `start` on.
class engine {
public:
    explicit engine(engine_settings settings = {});
    ~engine();
    engine(engine&&) noexcept;
    engine& operator=(engine&&) noexcept;

    // Recovery: queues and agents with `put`; then `presence`, `waiting` and these in any order; then start.
    // False if the agent is unknown, or the ticket is known already.
    bool restore_held(const held_item& item);
    /// An offer that stands in the database; `ticket` is as if it waited, with its current version.
    bool restore_offer(const waiting_ticket& ticket, agent_id agent, timestamp expires_at);
    /// What agent policy `fewest_today` counts.
    bool restore_today(agent_id agent, std::uint32_t items);
    void start(timestamp now, decisions& out);

    // Configuration: adds or replaces.
    std::expected<void, config_error> put(const queue_config& queue, timestamp now, decisions& out);
    std::expected<void, config_error> put(const agent_config& agent, timestamp now, decisions& out);
    /// Waiting tickets of the queue stay, and nobody is eligible for them until it comes back.
    void remove_queue(queue_id queue, timestamp now, decisions& out);
    /// Open offers end; held items are forgotten.
    void remove_agent(agent_id agent, timestamp now, decisions& out);

    /// The agent accepts new work on exactly these channels; empty = not ready. Ends offers on other channels.
    bool presence(agent_id agent, channel_set accepts, timestamp now, decisions& out);

    /// When the agent's shift ends: in the past = off shift, empty = no end is known. Open offers stand.
    bool shift(agent_id agent, std::optional<timestamp> end, timestamp now, decisions& out);
    /// Everybody has begun nothing today.
    void new_day(timestamp now, decisions& out);

    // Tickets.
    /// New, transferred, reopened or changed: replaces what was known of it. Keeps an open offer only if nothing but
    /// the version changed.
    void waiting(const waiting_ticket& ticket, timestamp now, decisions& out);
    /// Another tier, priority or due time of a ticket that is offered: its place once the offer has ended. False: it is
    /// not offered.
    bool reorder(ticket_id ticket, int tier, int priority, std::optional<timestamp> due_at, std::int64_t version);
    /// Cancelled, solved, on hold: neither waits nor is offered.
    bool gone(ticket_id ticket, timestamp now, decisions& out);

    // What became of an offer, as committed by whichever node.
    bool accepted(ticket_id ticket, agent_id agent, timestamp now, decisions& out);
    /// Declined, or ended elsewhere (timed out by another node): waits again at its old place with this row version.
    bool declined(ticket_id ticket, agent_id agent, std::int64_t version, timestamp now, decisions& out);
    bool timed_out(ticket_id ticket, agent_id agent, std::int64_t version, timestamp now, decisions& out);
    /// Pulled by the agent, or assigned by hand: held from now on, capacity or not.
    bool assigned(const held_item& item, timestamp now, decisions& out);
    /// The item no longer takes capacity: transferred, or solved and its wrap-up ended.
    bool released(ticket_id ticket, agent_id agent, timestamp now, decisions& out);

    /// The agent is not there: what he holds is parked from now on, as committed.
    bool put_aside(ticket_id ticket, agent_id agent, timestamp now, decisions& out);
    /// He is there again, and takes up what is parked and has its place.
    void take_up(agent_id agent, timestamp now, decisions& out);

    /// Fires what is due: offers, refusals, membership delays, steps, callbacks, holds, shifts, licences.
    void advance(timestamp now, decisions& out);
    [[nodiscard]] std::optional<timestamp> next_timer() const;

    /// The database refused an offer. `ticket` is its fresh state if it still waits; `held` is everything the agent
    /// really holds (empty optional = as the engine knows it). This pair is not tried again for `retry`.
    void commit_failed(ticket_id ticket, agent_id agent, const std::optional<waiting_ticket>& fresh,
                       const std::optional<std::vector<held_item>>& held, timestamp now, decisions& out);

    // Questions.
    [[nodiscard]] queue_counts counts(queue_id queue) const;
    [[nodiscard]] std::optional<agent_view> agent(agent_id agent) const;
    [[nodiscard]] bool is_waiting(ticket_id ticket) const;
    /// Somebody has it in hand.
    [[nodiscard]] bool is_held(ticket_id ticket) const;
    /// Fan-out: the first of several.
    [[nodiscard]] std::optional<agent_id> offered_to(ticket_id ticket) const;
    /// Of a ticket that waits or is offered: its row's version, once what was decided is committed.
    [[nodiscard]] std::optional<std::int64_t> version_of(ticket_id ticket) const;
    /// Why a waiting ticket waits; looks at every agent. Empty if it does not wait.
    [[nodiscard]] std::optional<explanation> explain(ticket_id ticket, timestamp now) const;
    [[nodiscard]] std::size_t class_count() const;
    [[nodiscard]] std::size_t profile_count() const;

private:
    std::unique_ptr<engine_state> state_;
};

} // namespace switchboard::routing
