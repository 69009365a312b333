#pragma once

#include <switchboard/routing/types.hpp>

#include "routing/engine/big_pages.hpp"

#include <cstdint>
#include <vector>

namespace switchboard::routing {

using index_t = std::uint32_t;
inline constexpr index_t nobody = ~index_t{0};

enum class ticket_state : std::uint8_t { unused, waiting, offered, held };

/// One known ticket, packed into one cache line: a million of them wait.
struct alignas(64) ticket_record {
    ticket_id id = 0;
    std::int64_t version = 0;
    std::int64_t enqueued = 0;   // microseconds
    std::uint64_t order_key = 0; // tier, then time less boost
    index_t cls = nobody;        // its class while it waits or is offered
    index_t heap_at = nobody;    // its place in the heap of its class
    index_t agent = nobody;      // who has the offer or holds it
    index_t extras = nobody;     // affinity and refusals, if it has any
    index_t generation = 0;      // how often this slot was given away
    ticket_state state = ticket_state::unused;
    std::uint8_t tier = 0;
    std::uint8_t priority = 0;
    bool refusals_cleared : 1 = false;
    bool marked : 1 = false;    // the running event changed who could take it
    bool apart : 1 = false;     // waits outside the heap, because somebody has refused it
    bool in_oldest : 1 = false; // its queue's index of the oldest has an entry for it
};

struct ticket_extras {
    std::vector<agent_id> affinity;
    std::vector<refusal> refused;
};

/// All known tickets, by slot and by id. Slots are stable; memory grows in blocks, never by doubling the records.
class ticket_store {
public:
    ticket_store();

    [[nodiscard]] ticket_record& operator[](index_t slot) { return blocks_[slot / block_size][slot % block_size]; }
    [[nodiscard]] const ticket_record& operator[](index_t slot) const {
        return blocks_[slot / block_size][slot % block_size];
    }
    [[nodiscard]] index_t find(ticket_id id) const; // nobody if unknown
    index_t add(ticket_id id);                      // must not be known
    void remove(index_t slot);

    /// Affinity and refusals of a ticket; most have none.
    [[nodiscard]] const ticket_extras* extras(index_t slot) const;
    ticket_extras& make_extras(index_t slot);

private:
    static constexpr index_t block_size = 32768; // 2 MiB
    struct cell {
        ticket_id id = 0;
        index_t slot = nobody;
    };

    [[nodiscard]] std::size_t home(ticket_id id) const;
    void index_insert(cell c);
    void index_erase(ticket_id id);

    std::vector<std::vector<ticket_record, big_page_allocator<ticket_record>>> blocks_;
    index_t used_ = 0;
    std::vector<index_t> free_;
    std::vector<cell, big_page_allocator<cell>> cells_; // open addressing, linear probing, power of two
    std::size_t count_ = 0;
    std::vector<ticket_extras> extras_;
    std::vector<index_t> free_extras_;
};

} // namespace switchboard::routing
