#include "engine/tickets.hpp"

namespace switchboard::routing {

ticket_store::ticket_store() : cells_(1024) {}

std::size_t ticket_store::home(ticket_id id) const {
    // Ids come in sequence; a multiplicative hash spreads them without clustering.
    return static_cast<std::size_t>(static_cast<std::uint64_t>(id) * 0x9E3779B97F4A7C15u >> 20) & (cells_.size() - 1);
}

index_t ticket_store::find(ticket_id id) const {
    for (auto at = home(id); cells_[at].slot != nobody; at = (at + 1) & (cells_.size() - 1))
        if (cells_[at].id == id) return cells_[at].slot;
    return nobody;
}

void ticket_store::index_insert(cell c) {
    auto at = home(c.id);
    while (cells_[at].slot != nobody) at = (at + 1) & (cells_.size() - 1);
    cells_[at] = c;
}

void ticket_store::index_erase(ticket_id id) {
    const auto mask = cells_.size() - 1;
    auto hole = home(id);
    while (cells_[hole].id != id || cells_[hole].slot == nobody) hole = (hole + 1) & mask;
    for (auto at = (hole + 1) & mask; cells_[at].slot != nobody; at = (at + 1) & mask) {
        // A cell may move into the hole unless its home lies cyclically in (hole, at].
        if (((at - home(cells_[at].id)) & mask) >= ((at - hole) & mask)) {
            cells_[hole] = cells_[at];
            hole = at;
        }
    }
    cells_[hole] = {};
}

index_t ticket_store::add(ticket_id id) {
    if ((count_ + 1) * 4 > cells_.size() * 3) {
        decltype(cells_) old(cells_.size() * 2);
        old.swap(cells_);
        for (const auto& c : old)
            if (c.slot != nobody) index_insert(c);
    }
    index_t slot;
    if (!free_.empty()) {
        slot = free_.back();
        free_.pop_back();
    } else {
        slot = used_++;
        if (slot / block_size == blocks_.size()) blocks_.emplace_back(block_size);
    }
    auto& r = (*this)[slot];
    const auto generation = r.generation + 1;
    r = {};
    r.id = id;
    r.generation = generation;
    index_insert({id, slot});
    ++count_;
    return slot;
}

void ticket_store::remove(index_t slot) {
    auto& r = (*this)[slot];
    index_erase(r.id);
    --count_;
    if (r.extras != nobody) {
        extras_[r.extras] = {};
        free_extras_.push_back(r.extras);
        r.extras = nobody;
    }
    r.state = ticket_state::unused;
    free_.push_back(slot);
}

void ticket_store::set_due(index_t slot, std::int64_t at) {
    const auto block = slot / block_size;
    if (at == never && (block >= dues_.size() || dues_[block].empty())) return;
    if (block >= dues_.size()) dues_.resize(block + 1);
    if (dues_[block].empty()) dues_[block].assign(block_size, never);
    dues_[block][slot % block_size] = at;
}

const ticket_extras* ticket_store::extras(index_t slot) const {
    const auto at = (*this)[slot].extras;
    return at == nobody ? nullptr : &extras_[at];
}

ticket_extras& ticket_store::make_extras(index_t slot) {
    auto& r = (*this)[slot];
    if (r.extras == nobody) {
        if (free_extras_.empty()) {
            free_extras_.push_back(static_cast<index_t>(extras_.size()));
            extras_.emplace_back();
        }
        r.extras = free_extras_.back();
        free_extras_.pop_back();
    }
    return extras_[r.extras];
}

} // namespace switchboard::routing
