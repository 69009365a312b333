#include "theory/exact/markov_chain.hpp"
#include "theory/report.hpp"

#include <switchboard/planning/erlang.hpp>

#include <fmt/format.h>

namespace switchboard::theory {

namespace {

using routing::class_figures;

struct v_model {
    double rate; // of each class
    int agents;
    double share; // of the queue, for the first class
    int most;     // the queue is cut off there
};

/// Mean queues of both classes. Where both are as far above their shares, the first class is served.
std::pair<double, double> mean_queues(const v_model& v) {
    using state = std::array<int, 3>; // busy, first class waiting, second
    const auto law = stationary_law<state>({0, 0, 0}, [&](const state& at, auto&& go) {
        const auto [busy, a, b] = at;
        if (busy < v.agents)
            go({busy + 1, 0, 0}, 2 * v.rate);
        else if (a + b < v.most) {
            go({busy, a + 1, b}, v.rate);
            go({busy, a, b + 1}, v.rate);
        }
        if (busy == 0) return;
        if (a + b == 0) return go({busy - 1, 0, 0}, busy);
        const double above = (a - v.share * (a + b)) - (b - (1 - v.share) * (a + b));
        const bool first = a > 0 && (b == 0 || above > -1e-9);
        go({busy, a - (first ? 1 : 0), b - (first ? 0 : 1)}, busy);
    });
    return {mean_of(law, [](const state& x) { return x[1]; }), mean_of(law, [](const state& x) { return x[2]; })};
}

routing::scenario scenario_of(const v_model& v) {
    routing::scenario s{.order = order_mode::fqr,
                        .classes = {calls("first", v.rate), calls("second", v.rate)},
                        .agents = {people(v.agents)}};
    s.classes[0].queue_share = v.share;
    s.classes[1].queue_share = 1 - v.share;
    return s;
}

double share_of_first(const routing::replication_figures& f) {
    const double a = f.classes[0].mean_wait_s, b = f.classes[1].mean_wait_s; // the rates are equal
    return a / (a + b);
}

void compare(report& r, const v_model& v, double horizon, bool is_page) {
    r.section(fmt::format("Fixed queue ratio {:.2f} : {:.2f}, V-model, {} + {} erlangs, {} agents", v.share,
                          1 - v.share, v.rate, v.rate, v.agents));
    const auto result = r.run(finish(scenario_of(v), horizon));
    const auto ratio = [](const auto& f) { return f.classes[0].mean_wait_s / f.classes[1].mean_wait_s; };
    const auto [first, second] = mean_queues(v);
    const auto pooled = *routing::erlang_c({2 * v.rate, 1}, v.agents, 0);
    if (is_page) {
        r.published("  queue share of the first class: printed", .2084, .0004, {first / (first + second), 0});
        r.published("  W1 / W2: printed", .2634, .0007, {first / second, 0});
        r.printed("mean wait of all", pooled.mean_wait_s, .0993, 4);
    }
    r.exact("queue share of the first class", first / (first + second), over(result, share_of_first));
    r.exact("W1 / W2", first / second, over(result, ratio));
    r.exact("mean wait of the first class", first / v.rate, of_class(result, 0, &class_figures::mean_wait_s));
    r.exact("mean wait of the second class", second / v.rate, of_class(result, 1, &class_figures::mean_wait_s));
    r.exact("mean wait of all", pooled.mean_wait_s, of_total(result, &class_figures::mean_wait_s));
}

} // namespace

void queue_ratio_cases(report& r) {
    if (r.thorough()) compare(r, {45, 95, .2, 250}, 2.5e4, true); // the chain takes seconds
    compare(r, {3.6, 8, .3, 160}, 5e4, false);
}

} // namespace switchboard::theory
