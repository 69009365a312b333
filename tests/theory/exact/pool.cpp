#include "theory/exact/pool.hpp"

#include <cmath>
#include <vector>

namespace switchboard::theory {

namespace {

/// For each number of others ahead in the queue: the chance to be served within `t`. The backward equations of a pure
/// death process, by uniformization.
std::vector<double> served_within(const pool& p, std::size_t longest, double t) {
    const double drain = p.agents * p.service;
    const double top = drain + static_cast<double>(longest) * p.impatience + p.impatience;
    std::vector<double> now(longest + 1, 0.0), sum(longest + 1, 0.0);
    const double jumps = top * t;
    const auto last = static_cast<int>(jumps + 12 * std::sqrt(jumps) + 60);
    for (int k = 0; k <= last; ++k) {
        const double weight = std::exp(-jumps + k * std::log(jumps) - std::lgamma(k + 1.0));
        for (std::size_t j = 0; j <= longest; ++j) sum[j] += weight * now[j];
        for (std::size_t j = longest + 1; j-- > 0;) {
            const double ahead = drain + static_cast<double>(j) * p.impatience;
            now[j] = (ahead * (j == 0 ? 1.0 : now[j - 1]) + (top - ahead - p.impatience) * now[j]) / top;
        }
    }
    return sum;
}

} // namespace

pool_law law_of(const pool& p, double within) {
    std::vector<double> chance{1}; // of so many in the system, up to a factor
    double norm = 1;
    const auto most =
        p.waiting_places == std::numeric_limits<int>::max() ? p.waiting_places : p.agents + p.waiting_places;
    for (int k = 1; k <= most; ++k) {
        const double leave = std::min(k, p.agents) * p.service + std::max(0, k - p.agents) * p.impatience;
        chance.push_back(chance.back() * p.arrivals / leave);
        norm += chance.back();
        if (norm > 1e200) {
            for (auto& c : chance) c /= norm;
            norm = 1;
        }
        if (k > p.agents && chance.back() < norm * 1e-18 && p.arrivals < leave) break;
    }
    const bool may_block = p.waiting_places != std::numeric_limits<int>::max();
    const auto longest = chance.size() - static_cast<std::size_t>(p.agents);
    const auto in_time = served_within(p, longest, within);

    pool_law law;
    double busy = 0, queue = 0, waits = 0;
    for (std::size_t k = 0; k < chance.size(); ++k) {
        const double pi = chance[k] / norm;
        const auto n = static_cast<std::size_t>(p.agents);
        busy += pi * static_cast<double>(std::min(k, n));
        if (k < n) {
            law.service_level += pi;
            continue;
        }
        queue += pi * static_cast<double>(k - n);
        if (may_block && k + 1 == chance.size())
            law.p_blocked = pi;
        else {
            waits += pi;
            law.service_level += pi * in_time[k - n];
        }
    }
    const double let_in = 1 - law.p_blocked;
    law.p_wait = waits / let_in;
    law.mean_wait = queue / (p.arrivals * let_in);
    law.p_abandon = queue * p.impatience / p.arrivals;
    law.occupancy = busy / p.agents;
    return law;
}

} // namespace switchboard::theory
