#pragma once

#include "engine/bits.hpp"
#include "engine/tickets.hpp"

#include <array>

namespace switchboard::routing {

/// Per profile and channel, the agents who can take an item of that channel, longest idle first. Those who hold work
/// already come after those who hold none.
class idle_lists {
public:
    /// Lower = asked first.
    static constexpr std::uint64_t order(std::uint64_t stamp, bool loaded) {
        return stamp | static_cast<std::uint64_t>(loaded) << 63;
    }

    void reserve_profile(index_t profile) {
        if (profile >= lists_.size()) lists_.resize(profile + 1);
    }
    void reserve_agent(index_t agent) {
        if (agent >= nodes_.size()) nodes_.resize(agent + 1);
    }
    void insert(index_t agent, index_t profile, channel c, std::uint64_t order);
    void erase(index_t agent, index_t profile, channel c);

    [[nodiscard]] std::uint64_t order_of(index_t agent) const { return nodes_[agent].order; }
    [[nodiscard]] const bits& profiles_with_someone(channel c) const { return someone_[number(c)]; }
    [[nodiscard]] index_t first(index_t profile, channel c) const {
        const auto& l = lists_[profile][number(c)];
        return l[0].head != nobody ? l[0].head : l[1].head;
    }
    [[nodiscard]] index_t next(index_t agent, index_t profile, channel c) const {
        const auto& n = nodes_[agent];
        const auto after = n.links[number(c)].next;
        return after == nobody && n.order >> 63 == 0 ? lists_[profile][number(c)][1].head : after;
    }

private:
    struct ends {
        index_t head = nobody;
        index_t tail = nobody;
    };
    struct link {
        index_t prev = nobody;
        index_t next = nobody;
    };
    struct node {
        std::uint64_t order = 0;
        std::array<link, lane_count> links;
    };
    static constexpr std::size_t number(channel c) { return static_cast<std::size_t>(c); }

    std::vector<std::array<std::array<ends, 2>, lane_count>> lists_; // [profile][channel][loaded]
    std::vector<node> nodes_;                                        // by agent
    std::array<bits, lane_count> someone_;
};

} // namespace switchboard::routing
