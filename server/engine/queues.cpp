#include "engine/queues.hpp"

#include <algorithm>

namespace switchboard::routing {

namespace {

bool later(const queue_record::arrival& a, const queue_record::arrival& b) {
    return a.enqueued > b.enqueued;
}

bool is_stale(const queue_record::arrival& a, const ticket_store& tickets) {
    const auto& r = tickets[a.slot];
    return r.generation != a.generation || r.state != ticket_state::waiting;
}

/// The entry leaves the index; the ticket may be put in again.
void forget(const queue_record::arrival& a, ticket_store& tickets) {
    if (auto& r = tickets[a.slot]; r.generation == a.generation) r.in_oldest = false;
}

} // namespace

std::uint64_t order_key(const queue_config& queue, int tier, int priority, std::int64_t enqueued, std::int64_t due) {
    constexpr std::int64_t half = std::int64_t{1} << 61;
    auto t = std::clamp(enqueued, -half + 1, half - 1);
    if (queue.order == order_mode::edf)
        t = due == never ? t + timestamp::duration{queue.due_in}.count() : std::clamp(due, -half + 1, half - 1);
    if (queue.order == order_mode::aging || queue.order == order_mode::edf)
        t -= timestamp::duration{queue.boost[static_cast<std::size_t>(priority)]}.count();
    return static_cast<std::uint64_t>(tier) << 62 |
           static_cast<std::uint64_t>(std::clamp(t, -half + 1, half - 1) + half);
}

std::int64_t delay_passed(const queue_record& queue, std::int64_t age) {
    const auto above = queue.delays.upper_bound(age);
    return above == queue.delays.begin() ? 0 : std::prev(above)->first;
}

void remember_arrival(queue_record& queue, ticket_store& tickets, index_t slot) {
    auto& r = tickets[slot];
    if (r.in_oldest) return;
    r.in_oldest = true;
    auto& heap = queue.oldest;
    heap.push_back({r.enqueued, slot, r.generation});
    std::ranges::push_heap(heap, later);
    if (heap.size() > 2 * queue.waiting + 64) {
        std::erase_if(heap, [&](const auto& a) {
            const bool stale = is_stale(a, tickets);
            if (stale) forget(a, tickets);
            return stale;
        });
        std::ranges::make_heap(heap, later);
    }
}

std::optional<timestamp> oldest_waiting(queue_record& queue, ticket_store& tickets) {
    auto& heap = queue.oldest;
    while (!heap.empty() && is_stale(heap.front(), tickets)) {
        forget(heap.front(), tickets);
        std::ranges::pop_heap(heap, later);
        heap.pop_back();
    }
    if (heap.empty()) return {};
    return timestamp{timestamp::duration{heap.front().enqueued}};
}

} // namespace switchboard::routing
