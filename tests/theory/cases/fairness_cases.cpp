#include "theory/exact/markov_chain.hpp"
#include "theory/report.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

namespace switchboard::theory {

namespace {

using routing::class_figures;

constexpr double rate = 8, fast = 1.5, slow = .5;
constexpr int each = 5, longest_queue = 300;

struct shares {
    double fast, slow, p_wait;
};

/// An idle agent is picked at random. Every rule that goes by idle time has the same law (Gopalakrishnan et al. 2016).
shares random_choice() {
    using state = std::array<int, 3>; // fast and slow agents who are busy, queue
    const auto law = stationary_law<state>({0, 0, 0}, [](const state& at, auto&& go) {
        const auto [f, s, q] = at;
        const double idle_fast = each - f, idle_slow = each - s, idle = idle_fast + idle_slow;
        if (idle > 0) {
            go({f + 1, s, 0}, rate * idle_fast / idle);
            go({f, s + 1, 0}, rate * idle_slow / idle);
        } else if (q < longest_queue)
            go({f, s, q + 1}, rate);
        if (q > 0) return go({f, s, q - 1}, each * (fast + slow));
        if (f > 0) go({f - 1, s, 0}, f * fast);
        if (s > 0) go({f, s - 1, 0}, s * slow);
    });
    return {mean_of(law, [](const state& x) { return x[0]; }) / each,
            mean_of(law, [](const state& x) { return x[1]; }) / each,
            mean_of(law, [](const state& x) { return x[0] + x[1] == 2 * each; })};
}

/// The share of time that each agent is busy when the first idle one of a list is always taken.
std::vector<double> fixed_order(const std::vector<double>& speeds) {
    using state = std::pair<std::uint32_t, int>; // who is busy, queue
    const auto n = speeds.size();
    const std::uint32_t all = (1u << n) - 1;
    const auto law = stationary_law<state>({0, 0}, [&](const state& at, auto&& go) {
        const auto [busy, queue] = at;
        if (busy != all)
            go({busy | (~busy & (busy + 1)), 0}, rate); // the lowest bit that is not set
        else if (queue < longest_queue)
            go({busy, queue + 1}, rate);
        if (queue > 0) return go({busy, queue - 1}, std::accumulate(speeds.begin(), speeds.end(), 0.0));
        for (std::size_t m = 0; m < n; ++m)
            if (busy >> m & 1) go({busy & ~(1u << m), 0}, speeds[m]);
    });
    std::vector<double> result;
    for (std::size_t m = 0; m < n; ++m)
        result.push_back(mean_of(law, [m](const state& x) { return x.first >> m & 1; }));
    return result;
}

/// How unevenly the work of one run was spread: the coefficient of variation over agents.
double unevenness(const routing::replication_figures& f) {
    const double n = static_cast<double>(f.occupancy.size());
    const double mean = std::accumulate(f.occupancy.begin(), f.occupancy.end(), 0.0) / n;
    double squares = 0;
    for (const auto o : f.occupancy) squares += (o - mean) * (o - mean);
    return std::sqrt(squares / (n - 1)) / mean;
}

/// Ten agents in a list; with best_skill the first of it who is idle.
routing::scenario listed(agent_policy policy, double calls_per_s, const std::vector<double>& speeds) {
    routing::scenario s{.policy = policy, .classes = {calls("calls", calls_per_s)}};
    s.classes[0].skills = {{"x", 1}};
    for (std::size_t m = 0; m < speeds.size(); ++m)
        s.agents.push_back(people(1, {{"x", 10 - static_cast<int>(m)}}, speeds[m]));
    return s;
}

} // namespace

void fairness_cases(report& r) {
    using enum agent_policy;
    r.section("Fairness, 5 agents of speed 1.5 and 5 of .5, lambda 8: longest idle");
    auto s = one_pool(rate, 1, each);
    s.agents = {people(each, {}, fast), people(each, {}, slow)};
    auto result = r.run(finish(s, 3e4));
    const auto random = random_choice();
    r.printed("occupancy of the fast", random.fast, .769, 2);
    r.printed("occupancy of the slow", random.slow, .890, 2);
    r.exact("occupancy of the fast", random.fast, occupancy(result, 0));
    r.exact("occupancy of the slow", random.slow, occupancy(result, 1));
    r.exact("P(wait)", random.p_wait, of_total(result, &class_figures::p_wait));

    r.section("The same, always the first idle of a list (best_skill), the fast ones first");
    std::vector<double> speeds(each, fast);
    speeds.insert(speeds.end(), each, slow);
    result = r.run(finish(listed(best_skill, rate, speeds), 3e4));
    const auto fixed = fixed_order(speeds);
    for (std::size_t m = 0; m < speeds.size(); ++m)
        r.exact(fmt::format("occupancy of agent {}", m + 1), fixed[m], occupancy(result, m));

    r.section("One shift of 96 handling times, M/M/10 at 80 %: how unevenly work is spread (400 runs)");
    const std::vector<double> equal(10, 1.0);
    const auto shift = [&](agent_policy policy) {
        auto day = finish(listed(policy, 8, equal), 96, 400);
        day.warmup_s = 0;
        return over(r.run(day), unevenness);
    };
    r.at_most("coefficient of variation, longest idle", .035, shift(longest_idle));
    r.at_least("coefficient of variation, fixed order", .1, shift(best_skill));
}

} // namespace switchboard::theory
