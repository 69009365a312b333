#pragma once

#include <cmath>
#include <map>
#include <stdexcept>
#include <vector>

namespace switchboard::theory {

/// The stationary law of a small Markov chain in continuous time, by symmetric Gauss-Seidel sweeps over all states that
/// can be reached from `start`. `moves(state, go)` calls go(next, rate) for every move.
template <class State, class Moves>
std::map<State, double> stationary_law(const State& start, Moves&& moves) {
    struct move_in {
        std::size_t from;
        double rate;
    };
    std::map<State, std::size_t> number{{start, 0}};
    std::vector<State> states{start};
    std::vector<std::vector<move_in>> in(1);
    std::vector<double> out(1, 0.0);
    for (std::size_t i = 0; i < states.size(); ++i) {
        const State from = states[i];
        moves(from, [&](const State& to, double rate) {
            if (rate == 0 || to == from) return;
            const auto [it, is_new] = number.try_emplace(to, states.size());
            if (is_new) {
                states.push_back(to);
                in.emplace_back();
                out.push_back(0);
            }
            in[it->second].push_back({i, rate});
            out[i] += rate;
        });
    }

    const auto n = states.size();
    std::vector<double> law(n, 1.0 / static_cast<double>(n));
    const auto renew = [&](std::size_t i) {
        double flow = 0;
        for (const auto& m : in[i]) flow += law[m.from] * m.rate;
        const double fresh = flow / out[i], change = std::abs(fresh - law[i]);
        law[i] = fresh;
        return change;
    };
    constexpr int most_sweeps = 200'000;
    for (int sweep = 0;; ++sweep) {
        if (sweep == most_sweeps) throw std::runtime_error("the chain does not settle");
        double change = 0, sum = 0;
        for (std::size_t i = 0; i < n; ++i) change += renew(i);
        for (std::size_t i = n; i-- > 0;) change += renew(i);
        for (const auto p : law) sum += p;
        for (auto& p : law) p /= sum;
        if (change < 1e-12 * sum) break;
    }
    std::map<State, double> result;
    for (std::size_t i = 0; i < n; ++i) result.emplace(states[i], law[i]);
    return result;
}

/// The mean of f(state).
template <class State, class F>
double mean_of(const std::map<State, double>& law, F&& f) {
    double sum = 0;
    for (const auto& [state, p] : law) sum += p * static_cast<double>(f(state));
    return sum;
}

} // namespace switchboard::theory
