#include "theory/exact/dedicated_pools.hpp"

#include <deque>
#include <random>

namespace switchboard::theory {

namespace {

struct pool_state {
    int busy = 0;
    std::deque<double> queue; // when they came
};

struct counts {
    double offered = 0, blocked = 0, waited = 0, in_time = 0, wait = 0;
};

/// Everything is exponential, so the next event is drawn from the rates alone.
counts one_run(const dedicated_pools& c, double within, double horizon, unsigned seed) {
    std::mt19937_64 random(seed);
    const auto pick = [&](int n) { return std::uniform_int_distribution<int>{0, n - 1}(random); };
    std::vector<pool_state> pools(static_cast<std::size_t>(c.pools));
    const double arrivals = c.load * c.pools, warm_up = horizon / 50;
    int busy = 0, waiting = 0;
    counts n;
    for (double t = 0; t < horizon;) {
        const double rate = arrivals + busy;
        t += std::exponential_distribution{rate}(random);
        const double counted = t > warm_up ? 1 : 0;
        if (std::uniform_real_distribution{0.0, rate}(random) < arrivals) {
            auto& p = pools[static_cast<std::size_t>(pick(c.pools))];
            const bool idle = p.busy < c.agents;
            const bool full =
                c.counts_lines ? busy + waiting >= c.pools * c.agents + c.places : !idle && waiting >= c.places;
            n.offered += counted;
            if (full)
                n.blocked += counted;
            else if (idle) {
                n.in_time += counted;
                ++p.busy;
                ++busy;
            } else {
                p.queue.push_back(t);
                ++waiting;
            }
            continue;
        }
        int who = pick(busy);
        std::size_t at = 0;
        while (who >= pools[at].busy) who -= pools[at++].busy;
        auto& p = pools[at];
        if (p.queue.empty()) {
            --p.busy;
            --busy;
            continue;
        }
        const double wait = t - p.queue.front();
        p.queue.pop_front();
        --waiting;
        n.waited += counted;
        n.wait += counted * wait;
        n.in_time += wait <= within ? counted : 0;
    }
    return n;
}

} // namespace

pools_law simulate(const dedicated_pools& c, double within, double horizon, int replications) {
    std::vector<double> blocked, waited, wait, in_time;
    for (int r = 0; r < replications; ++r) {
        const auto n = one_run(c, within, horizon, static_cast<unsigned>(r) + 1);
        blocked.push_back(n.blocked / n.offered);
        waited.push_back(n.waited / (n.offered - n.blocked));
        wait.push_back(n.wait / (n.offered - n.blocked));
        in_time.push_back(n.in_time / (n.offered - n.blocked));
    }
    return {routing::estimate_of(blocked), routing::estimate_of(waited), routing::estimate_of(wait),
            routing::estimate_of(in_time)};
}

} // namespace switchboard::theory
