#include "engine/idle_lists.hpp"

namespace switchboard::routing {

void idle_lists::insert(index_t agent, index_t profile, channel c, std::uint64_t order) {
    const auto ch = number(c);
    auto& list = lists_[profile][ch][order >> 63];
    nodes_[agent].order = order;

    // The place is nearly always at the tail; a place given back is near the head. So look from both ends at once.
    index_t before = list.tail; // the new one goes behind this
    for (index_t front = list.head; before != nobody && nodes_[before].order > order;) {
        if (nodes_[front].order > order) {
            before = nodes_[front].links[ch].prev;
            break;
        }
        front = nodes_[front].links[ch].next;
        before = nodes_[before].links[ch].prev;
    }

    const index_t after = before == nobody ? list.head : nodes_[before].links[ch].next;
    nodes_[agent].links[ch] = {before, after};
    (before == nobody ? list.head : nodes_[before].links[ch].next) = agent;
    (after == nobody ? list.tail : nodes_[after].links[ch].prev) = agent;
    someone_[ch].set(profile);
}

void idle_lists::erase(index_t agent, index_t profile, channel c) {
    const auto ch = number(c);
    auto& lists = lists_[profile][ch];
    auto& list = lists[nodes_[agent].order >> 63];
    const auto [prev, next] = nodes_[agent].links[ch];
    (prev == nobody ? list.head : nodes_[prev].links[ch].next) = next;
    (next == nobody ? list.tail : nodes_[next].links[ch].prev) = prev;
    nodes_[agent].links[ch] = {};
    if (lists[0].head == nobody && lists[1].head == nobody) someone_[ch].reset(profile);
}

} // namespace switchboard::routing
