#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace switchboard::routing {

/// What happens next: at most one coming event for each subject (a small number), taken back at will. Events of one
/// moment come in the order in which they were set.
class event_list {
public:
    using subject = std::uint32_t;
    struct event {
        double at;
        std::uint64_t number;
        subject who;
    };

    [[nodiscard]] bool empty() const { return heap_.empty(); }
    [[nodiscard]] const event& next() const { return heap_.front(); }

    void set(subject who, double at) {
        cancel(who);
        if (who >= places_.size()) places_.resize(who + 1, none);
        heap_.emplace_back();
        rise(heap_.size() - 1, {at, ++count_, who});
    }

    void cancel(subject who) {
        if (who >= places_.size() || places_[who] == none) return;
        const std::size_t at = places_[who];
        places_[who] = none;
        const auto last = heap_.back();
        heap_.pop_back();
        if (at == heap_.size()) return;
        if (at > 0 && before(last, heap_[(at - 1) / 4]))
            rise(at, last);
        else
            sink(at, last);
    }

private:
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    static bool before(const event& a, const event& b) { return a.at != b.at ? a.at < b.at : a.number < b.number; }
    void put(std::size_t at, const event& e) {
        heap_[at] = e;
        places_[e.who] = static_cast<std::uint32_t>(at);
    }
    void rise(std::size_t at, event e) {
        for (; at > 0 && before(e, heap_[(at - 1) / 4]); at = (at - 1) / 4) put(at, heap_[(at - 1) / 4]);
        put(at, e);
    }
    void sink(std::size_t at, event e) {
        for (;;) {
            const auto first = 4 * at + 1;
            if (first >= heap_.size()) break;
            auto best = first;
            for (auto child = first + 1; child < heap_.size() && child < first + 4; ++child)
                if (before(heap_[child], heap_[best])) best = child;
            if (!before(heap_[best], e)) break;
            put(at, heap_[best]);
            at = best;
        }
        put(at, e);
    }

    std::vector<event> heap_; // four children a node
    std::vector<std::uint32_t> places_;
    std::uint64_t count_ = 0;
};

} // namespace switchboard::routing
