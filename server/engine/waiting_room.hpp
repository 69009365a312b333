#pragma once

#include "engine/tickets.hpp"

#include <limits>
#include <span>

namespace switchboard::routing {

/// The waiting tickets of each class in order (order_key, then ticket id): a heap, and beside it the few that somebody
/// has refused, since whether those may be taken depends on the agent and not on the class alone. And per agent those
/// that wait for this agent alone.
class waiting_room {
public:
    static constexpr std::uint64_t empty_key = std::numeric_limits<std::uint64_t>::max();

    explicit waiting_room(ticket_store& tickets) : tickets_(tickets) {}

    void reserve_class(index_t cls);
    void add(index_t slot, bool apart);
    void add_personal(index_t slot, index_t agent); // sets the ticket's agent
    void remove(index_t slot);

    /// Whether in any class somebody waits apart from its heap.
    [[nodiscard]] bool anybody_apart() const { return apart_count_ > 0; }
    [[nodiscard]] std::uint64_t head_key(index_t cls) const { return head_key_[cls]; } // empty_key if the heap is
    [[nodiscard]] index_t head(index_t cls) const { return head_slot_[cls]; }          // its heap must not be empty
    [[nodiscard]] const std::vector<index_t>& apart(index_t cls) const { return apart_[cls]; }
    [[nodiscard]] bool before(index_t a, index_t b) const {
        const auto &x = tickets_[a], &y = tickets_[b];
        return x.order_key != y.order_key ? x.order_key < y.order_key : x.id < y.id;
    }
    struct entry {
        std::uint64_t key;
        index_t slot;
    };
    /// Who waits for this agent alone: the first in order, then the others in no order.
    [[nodiscard]] std::span<const entry> personal(index_t agent) const {
        return agent < personal_.size() ? std::span<const entry>{personal_[agent]} : std::span<const entry>{};
    }
    [[nodiscard]] std::size_t personal_count() const { return personal_count_; } // over all agents
    [[nodiscard]] std::size_t personal_agents() const { return personal_.size(); }
    /// How many of its class come before it, whether or not they wait for one agent alone. Looks at all of the class.
    [[nodiscard]] std::size_t ahead_of(index_t slot) const;
    /// Everybody who waits in the class and not for one agent alone, in no order.
    [[nodiscard]] std::vector<index_t> all(index_t cls) const;

private:
    using heap = std::vector<entry>; // four children a node: fewer cache lines than two
    [[nodiscard]] bool before(const entry& a, const entry& b) const {
        return a.key != b.key ? a.key < b.key : tickets_[a.slot].id < tickets_[b.slot].id;
    }
    void put(heap& h, std::size_t at, entry e) {
        h[at] = e;
        tickets_[e.slot].heap_at = static_cast<index_t>(at);
    }
    void rise(heap& h, std::size_t at, entry e);
    void sink(heap& h, std::size_t at, entry e);
    void note(index_t cls);
    void take_out(heap& h, std::size_t at);

    ticket_store& tickets_;
    std::vector<heap> heaps_;
    std::vector<std::uint64_t> head_key_; // both by class, so that a pick need not touch the heaps
    std::vector<index_t> head_slot_;
    std::vector<std::vector<index_t>> apart_;
    std::vector<heap> personal_; // by agent
    std::size_t personal_count_ = 0, apart_count_ = 0;
};

} // namespace switchboard::routing
