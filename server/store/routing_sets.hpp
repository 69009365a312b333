#pragma once

#include <switchboard/model/ticket.hpp>
#include <switchboard/store/routing.hpp>

#include "store/event_rows.hpp"
#include "store/insert_rows.hpp"

/// Decisions written many at a time. The caller holds the lease, and the tickets and loads of all of them.
namespace switchboard::store {

/// Writes that can be made true together, by kind; each list names writes by their place.
struct routing_pass {
    std::vector<std::size_t> ends, steps, alone, offers; // and in this order: what is given back can be taken again
};

/// Splits a group so that writes about one ticket stay in order, and nothing is taken before it is given back.
std::vector<routing_pass> passes_of(const std::vector<routing_write>& writes);

/// What was made true, with events and reasons of it, which go out in one statement.
class routing_sets {
public:
    routing_sets(pipelined_work& tx, std::int64_t epoch, const std::vector<routing_write>& writes)
        : tx_{tx}, epoch_{epoch}, writes_{writes}, made_true_(writes.size()) {}

    void offers(const std::vector<std::size_t>& which);
    void ends(const std::vector<std::size_t>& which);
    void steps(const std::vector<std::size_t>& which);
    /// One that has no set: parked, taken up again, not ready, overflowed, put off.
    void alone(std::size_t which);
    /// An offer or an end by itself, for when the sets do not work.
    void singly(std::size_t which);

    /// Adds the events and the reasons to what goes out with the commit. Call once, last.
    void tell();

    std::vector<bool> made_true() && { return std::move(made_true_); }

private:
    /// It is so; the reason is kept where routing told one.
    void decided(std::size_t which, std::int64_t queue, std::optional<std::int64_t> offer);
    template <events::one_of_them E>
    void tell(std::size_t which, const E& e, std::int64_t queue);
    void tell_offer(std::size_t which, const offer& o);
    void tell_end(std::size_t which, std::int64_t offer, const ticket_summary& after);
    void park(std::size_t which);
    void not_ready(std::size_t which);
    void move(std::size_t which);
    void changed(std::size_t which, events::ticket_change change);

    pipelined_work& tx_;
    std::int64_t epoch_;
    const std::vector<routing_write>& writes_;
    std::vector<bool> made_true_;
    insert_rows reasons_{tx_.statements,
                         "insert_reasons",
                         "routing_decision",
                         {"ticket_id", "queue_id", "kind", "agent_id", "offer_id", "step", "facts", "epoch"}};
    insert_rows events_{
        tx_.statements, "insert_routing_events", "event", {"type", "ticket_id", "queue_id", "agent_id", "data"}};
};

} // namespace switchboard::store
