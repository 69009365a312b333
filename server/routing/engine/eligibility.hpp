#pragma once

#include "routing/engine/bits.hpp"
#include "routing/engine/profiles.hpp"

namespace switchboard::routing {

/// The relation class x profile with the membership's rank, kept from both sides.
class eligibility {
public:
    static constexpr std::uint8_t never = 255;

    void set(index_t cls, index_t profile, std::optional<std::uint8_t> rank) {
        by_class_[cls].put(profile, rank.has_value());
        by_profile_[profile].put(cls, rank.has_value());
        auto& ranks = ranks_[cls];
        if (profile >= ranks.size()) ranks.resize(profile + 1, never);
        ranks[profile] = rank.value_or(never);
    }
    void reserve_class(index_t cls) {
        if (cls >= by_class_.size()) {
            by_class_.resize(cls + 1);
            ranks_.resize(cls + 1);
        }
    }
    void reserve_profile(index_t profile) {
        if (profile >= by_profile_.size()) by_profile_.resize(profile + 1);
    }
    void forget_class(index_t cls) {
        by_class_[cls].for_each([&](std::size_t p) { by_profile_[p].reset(cls); });
        by_class_[cls].clear();
        ranks_[cls].clear();
    }
    void forget_profile(index_t profile) {
        by_profile_[profile].for_each([&](std::size_t c) {
            by_class_[c].reset(profile);
            ranks_[c][profile] = never;
        });
        by_profile_[profile].clear();
    }

    [[nodiscard]] bool test(index_t cls, index_t profile) const { return by_class_[cls].test(profile); }
    [[nodiscard]] std::uint8_t rank(index_t cls, index_t profile) const { return ranks_[cls][profile]; }
    [[nodiscard]] const bits& profiles_of(index_t cls) const { return by_class_[cls]; }
    [[nodiscard]] const bits& classes_of(index_t profile) const { return by_profile_[profile]; }

private:
    std::vector<bits> by_class_, by_profile_;
    std::vector<std::vector<std::uint8_t>> ranks_; // [class][profile]
};

} // namespace switchboard::routing
