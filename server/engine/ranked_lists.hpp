#pragma once

#include "engine/tickets.hpp"

#include <algorithm>
#include <array>

namespace switchboard::routing {

/// Per profile and channel, the agents who can take an item of that channel, in the order of a policy whose figure
/// changes with every item. Sorted rows: few agents share a profile, and a row of thousands still moves in a few µs.
class ranked_lists {
public:
    struct place {
        std::uint64_t figure = 0; // lower is asked first
        std::uint64_t order = 0;  // then as in idle_lists
        index_t agent = nobody;
        auto operator<=>(const place&) const = default;
    };

    void insert(index_t profile, channel c, place p) {
        if (profile >= rows_.size()) rows_.resize(profile + 1);
        auto& row = rows_[profile][number(c)];
        row.insert(std::ranges::lower_bound(row, p), p);
    }
    void erase(index_t profile, channel c, place p) {
        auto& row = rows_[profile][number(c)];
        row.erase(std::ranges::lower_bound(row, p));
    }
    [[nodiscard]] const std::vector<place>& of(index_t profile, channel c) const { return rows_[profile][number(c)]; }

private:
    static constexpr std::size_t number(channel c) { return static_cast<std::size_t>(c); }
    std::vector<std::array<std::vector<place>, lane_count>> rows_;
};

} // namespace switchboard::routing
