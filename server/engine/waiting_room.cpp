#include "engine/waiting_room.hpp"

#include <algorithm>

namespace switchboard::routing {

void waiting_room::reserve_class(index_t cls) {
    if (cls < heaps_.size()) return;
    heaps_.resize(cls + 1);
    apart_.resize(cls + 1);
    head_key_.resize(cls + 1, empty_key);
    head_slot_.resize(cls + 1, nobody);
}

void waiting_room::rise(heap& h, std::size_t at, entry e) {
    while (at > 0 && before(e, h[(at - 1) / 4])) {
        put(h, at, h[(at - 1) / 4]);
        at = (at - 1) / 4;
    }
    put(h, at, e);
}

void waiting_room::sink(heap& h, std::size_t at, entry e) {
    for (;;) {
        const auto first = 4 * at + 1;
        if (first >= h.size()) break;
        auto best = first;
        for (auto child = first + 1; child < std::min(first + 4, h.size()); ++child)
            if (before(h[child], h[best])) best = child;
        if (!before(h[best], e)) break;
        put(h, at, h[best]);
        at = best;
    }
    put(h, at, e);
}

void waiting_room::note(index_t cls) {
    const auto& h = heaps_[cls];
    head_key_[cls] = h.empty() ? empty_key : h.front().key;
    head_slot_[cls] = h.empty() ? nobody : h.front().slot;
}

void waiting_room::add(index_t slot, bool apart) {
    auto& r = tickets_[slot];
    r.apart = apart;
    if (apart) {
        r.heap_at = static_cast<index_t>(apart_[r.cls].size());
        apart_[r.cls].push_back(slot);
        ++apart_count_;
    } else {
        auto& h = heaps_[r.cls];
        h.emplace_back();
        rise(h, h.size() - 1, {r.order_key, slot});
    }
    note(r.cls);
}

void waiting_room::add_personal(index_t slot, index_t agent) {
    if (agent >= personal_.size()) personal_.resize(agent + 1);
    auto& r = tickets_[slot];
    r.personal = true;
    r.agent = agent;
    auto& h = personal_[agent];
    h.emplace_back();
    rise(h, h.size() - 1, {r.order_key, slot});
    ++personal_count_;
}

void waiting_room::take_out(heap& h, std::size_t at) {
    const auto last = h.back();
    h.pop_back();
    if (at >= h.size()) return;
    if (at > 0 && before(last, h[(at - 1) / 4]))
        rise(h, at, last);
    else
        sink(h, at, last);
}

void waiting_room::remove(index_t slot) {
    auto& r = tickets_[slot];
    if (r.personal) {
        take_out(personal_[r.agent], r.heap_at);
        --personal_count_;
        r.personal = false;
        r.agent = r.heap_at = nobody;
        return;
    }
    if (r.apart) {
        auto& list = apart_[r.cls];
        list[r.heap_at] = list.back();
        tickets_[list.back()].heap_at = r.heap_at;
        list.pop_back();
        --apart_count_;
    } else {
        take_out(heaps_[r.cls], r.heap_at);
    }
    r.heap_at = nobody;
    r.apart = false;
    note(r.cls);
}

std::size_t waiting_room::ahead_of(index_t slot) const {
    const auto& r = tickets_[slot];
    const auto comes_before = [&](index_t other) { return before(other, slot); };
    auto n = std::ranges::count_if(heaps_[r.cls], comes_before, &entry::slot) +
             std::ranges::count_if(apart_[r.cls], comes_before);
    if (personal_count_ > 0)
        for (const auto& h : personal_)
            n += std::ranges::count_if(
                h, [&](index_t other) { return tickets_[other].cls == r.cls && comes_before(other); }, &entry::slot);
    return static_cast<std::size_t>(n);
}

std::vector<index_t> waiting_room::all(index_t cls) const {
    std::vector<index_t> slots = apart_[cls];
    for (const auto& e : heaps_[cls]) slots.push_back(e.slot);
    return slots;
}

} // namespace switchboard::routing
