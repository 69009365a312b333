#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace switchboard::routing {

/// A growing set of small numbers.
class bits {
public:
    void set(std::size_t i) {
        if (i / 64 >= words_.size()) words_.resize(i / 64 + 1);
        words_[i / 64] |= std::uint64_t{1} << (i % 64);
    }
    void reset(std::size_t i) {
        if (i / 64 < words_.size()) words_[i / 64] &= ~(std::uint64_t{1} << (i % 64));
    }
    void put(std::size_t i, bool on) { on ? set(i) : reset(i); }
    [[nodiscard]] bool test(std::size_t i) const {
        return i / 64 < words_.size() && (words_[i / 64] >> (i % 64) & 1) != 0;
    }
    void clear() { words_.clear(); }

    /// Calls f(i) for each member of both sets, ascending.
    template <class F>
    friend void for_each_common(const bits& a, const bits& b, F&& f) {
        const std::size_t n = a.words_.size() < b.words_.size() ? a.words_.size() : b.words_.size();
        for (std::size_t w = 0; w < n; ++w)
            for (auto both = a.words_[w] & b.words_[w]; both != 0; both &= both - 1)
                f(w * 64 + static_cast<std::size_t>(std::countr_zero(both)));
    }
    template <class F>
    void for_each(F&& f) const {
        for_each_common(*this, *this, f);
    }

private:
    std::vector<std::uint64_t> words_;
};

} // namespace switchboard::routing
