#pragma once

#include <switchboard/engine/types.hpp>

#include "engine/big_pages.hpp"

#include <cstdint>
#include <limits>
#include <vector>

namespace switchboard::routing {

using index_t = std::uint32_t;
inline constexpr index_t nobody = ~index_t{0};

/// What the engine keeps apart: the channels, and beside them messages that callers left. Those come by phone and take
/// the room of a call, but nobody is on the line: they wait, and go beside other work, as an e-mail does.
inline constexpr auto message_lane = static_cast<channel>(channel_count);
inline constexpr std::size_t lane_count = channel_count + 1;
inline constexpr channel_set deferrable_lanes{channel::email, channel::fax, channel::post, channel::social,
                                              message_lane};

constexpr channel lane_of(channel c, bool left_message) {
    return left_message && c == channel::phone ? message_lane : c;
}
constexpr channel channel_of(channel lane) {
    return lane == message_lane ? channel::phone : lane;
}
/// Whose row and column of a channel_matrix speaks for it.
constexpr channel manners_of(channel lane) {
    return lane == message_lane ? channel::email : lane;
}

enum class ticket_state : std::uint8_t { unused, scheduled, waiting, offered, held };

inline constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

/// One known ticket, packed into one cache line: a million of them wait.
struct alignas(64) ticket_record {
    ticket_id id = 0;
    std::int64_t version = 0;
    std::int64_t enqueued = 0;   // microseconds
    std::uint64_t order_key = 0; // tier, then time less boost
    index_t cls = nobody;        // its class while it waits or is offered
    index_t heap_at = nobody;    // its place in the heap of its class
    index_t agent = nobody;      // who has the (first) offer, holds it, or for whom alone it waits
    index_t extras = nobody;     // what only few tickets have, if it has any
    index_t generation = 0;      // how often this slot was given away
    ticket_state state = ticket_state::unused;
    std::uint8_t tier = 0;
    std::uint8_t priority = 0;
    bool refusals_cleared : 1 = false;
    bool marked : 1 = false;    // the running event changed who could take it
    bool apart : 1 = false;     // waits outside the heap, because somebody has refused it
    bool personal : 1 = false;  // waits for `agent` alone
    bool in_oldest : 1 = false; // its queue's index of the oldest has an entry for it
    bool arrived : 1 = false;   // new in the running event: limits of waiting apply
    bool overflowed : 1 = false;
    bool ringing : 1 = false; // engine_state::ringing has an entry for it
};
static_assert(sizeof(ticket_record) == 64);

struct ticket_extras {
    std::vector<agent_id> affinity;
    std::vector<refusal> refused;
    std::vector<index_t> siblings; // fan-out: who else has an offer of it
    std::int64_t not_before = 0;   // microseconds; 0 = no callback
    std::int64_t hold_until = 0;   // microseconds; 0 = no hold
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

    /// When the ticket is due, microseconds; `never` if nobody said.
    [[nodiscard]] std::int64_t due(index_t slot) const {
        const auto block = slot / block_size;
        return block < dues_.size() && !dues_[block].empty() ? dues_[block][slot % block_size] : never;
    }
    void set_due(index_t slot, std::int64_t at);

    /// What only few tickets have.
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
    std::vector<std::vector<std::int64_t, big_page_allocator<std::int64_t>>> dues_; // by block, empty until one is due
    index_t used_ = 0;
    std::vector<index_t> free_;
    std::vector<cell, big_page_allocator<cell>> cells_; // open addressing, linear probing, power of two
    std::size_t count_ = 0;
    std::vector<ticket_extras> extras_;
    std::vector<index_t> free_extras_;
};

} // namespace switchboard::routing
