#pragma once

#include "engine/bits.hpp"
#include "engine/profiles.hpp"

#include <algorithm>
#include <span>
#include <vector>

namespace switchboard::routing {

/// The relation class x profile with rank and score, kept from both sides.
class eligibility {
public:
    void set(index_t cls, index_t profile, standing s) {
        by_class_[cls].set(profile);
        auto& list = by_profile_[profile];
        const auto at = std::ranges::lower_bound(list, cls);
        if (at == list.end() || *at != cls) list.insert(at, cls);
        put(ranks_[cls], profile, s.rank);
        if (s.score != 0 || !scores_[cls].empty()) put(scores_[cls], profile, s.score);
    }
    void reserve_class(index_t cls) {
        if (cls >= by_class_.size()) {
            by_class_.resize(cls + 1);
            ranks_.resize(cls + 1);
            scores_.resize(cls + 1);
        }
    }
    void reserve_profile(index_t profile) {
        if (profile >= by_profile_.size()) by_profile_.resize(profile + 1);
    }
    void forget_class(index_t cls) {
        by_class_[cls].for_each([&](std::size_t p) { std::erase(by_profile_[p], cls); });
        by_class_[cls].clear();
        ranks_[cls].clear();
        scores_[cls].clear();
    }
    void forget_profile(index_t profile) {
        for (const auto cls : by_profile_[profile]) by_class_[cls].reset(profile);
        by_profile_[profile].clear();
    }

    [[nodiscard]] bool test(index_t cls, index_t profile) const { return by_class_[cls].test(profile); }
    [[nodiscard]] std::uint8_t rank(index_t cls, index_t profile) const { return ranks_[cls][profile]; }
    /// What a static agent policy says of the pair, lower first.
    [[nodiscard]] std::uint32_t score(index_t cls, index_t profile) const {
        return profile < scores_[cls].size() ? scores_[cls][profile] : 0;
    }
    [[nodiscard]] const bits& profiles_of(index_t cls) const { return by_class_[cls]; }
    /// Ascending. A list: what an agent may take is walked at each pick, and the end of each word of a set of bits was
    /// a branch that nothing could foresee.
    [[nodiscard]] std::span<const index_t> classes_of(index_t profile) const { return by_profile_[profile]; }

private:
    template <class T>
    static void put(std::vector<T>& row, index_t at, T value) {
        if (at >= row.size()) row.resize(at + 1);
        row[at] = value;
    }

    // Ranks and scores mean something where the pair is in the sets.
    std::vector<bits> by_class_;
    std::vector<std::vector<index_t>> by_profile_;
    std::vector<std::vector<std::uint8_t>> ranks_;   // [class][profile]
    std::vector<std::vector<std::uint32_t>> scores_; // [class][profile]; empty unless the class's policy gives scores
};

} // namespace switchboard::routing
