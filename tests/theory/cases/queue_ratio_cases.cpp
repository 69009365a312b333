#include "theory/exact/markov_chain.hpp"
#include "theory/report.hpp"

#include <switchboard/routing/erlang.hpp>

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

/// Mean queues of both classes. Where both are as far above their shares the older head is served; the chain does not
/// know it, so it gives a tie to the first class with this probability.
std::pair<double, double> mean_queues(const v_model& v, double first_at_tie) {
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
        const double first = a == 0 ? 0 : b == 0 ? 1 : above > 1e-9 ? 1 : above < -1e-9 ? 0 : first_at_tie;
        if (first > 0) go({busy, a - 1, b}, busy * first);
        if (first < 1) go({busy, a, b - 1}, busy * (1 - first));
    });
    return {mean_of(law, [](const state& x) { return x[1]; }), mean_of(law, [](const state& x) { return x[2]; })};
}

routing::scenario scenario_of(const v_model& v) {
    routing::scenario s{.order = routing::order_mode::fqr,
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

} // namespace

void queue_ratio_cases(report& r) {
    const v_model page{45, 95, .2, 250};
    r.section("Fixed queue ratio .2 : .8, V-model, 45 + 45 erlangs, 95 agents");
    auto result = r.run(finish(scenario_of(page), 1e5));
    const auto pooled = *routing::erlang_c({90, 1}, 95, 0);
    r.published("queue share of the first class", .2084, .0004, over(result, share_of_first));
    r.published("W1 / W2", .2634, .0007,
                over(result, [](const auto& f) { return f.classes[0].mean_wait_s / f.classes[1].mean_wait_s; }));
    r.printed("mean wait of all", pooled.mean_wait_s, .0993, 4);
    r.exact("mean wait of all", pooled.mean_wait_s, of_total(result, &class_figures::mean_wait_s));
    r.exact("P(wait)", pooled.p_wait, of_total(result, &class_figures::p_wait));

    // A ratio that no two whole queues meet leaves no tie, so the chain is exact.
    const v_model untied{3.6, 8, 0.2718281828, 160};
    r.section("Fixed queue ratio .27 : .73, V-model, 3.6 + 3.6 erlangs, 8 agents");
    result = r.run(finish(scenario_of(untied), 4e5));
    const auto [first, second] = mean_queues(untied, .5);
    r.exact("mean wait of the first class", first / untied.rate, of_class(result, 0, &class_figures::mean_wait_s));
    r.exact("mean wait of the second class", second / untied.rate, of_class(result, 1, &class_figures::mean_wait_s));
    r.exact("queue share of the first class", first / (first + second), over(result, share_of_first));
}

} // namespace switchboard::theory
