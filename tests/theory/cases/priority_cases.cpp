#include "theory/report.hpp"

#include <switchboard/planning/erlang.hpp>

#include <fmt/format.h>

namespace switchboard::theory {

using routing::class_figures;

/// Cobham 1954, by way of equal rates: W_k = (C / n mu) / ((1 - sigma(k-1)) (1 - sigma(k))).
void priority_cases(report& r) {
    constexpr int agents = 10;
    constexpr std::array<double, 3> rates{2, 3, 3};
    constexpr std::array<double, 3> page{.05115, .10230, .40918};
    const auto pooled = *routing::erlang_c({8, 1}, agents, 0);

    routing::scenario s{.agents = {people(agents)}};
    for (std::size_t k = 0; k < rates.size(); ++k) {
        s.classes.push_back(calls(fmt::format("tier {}", k), rates[k]));
        s.classes[k].tier = static_cast<int>(k);
    }
    r.section("Strict priority, M/M/10, lambda 2, 3, 3");
    auto result = r.run(finish(s, 6e4));
    double before = 0;
    for (std::size_t k = 0; k < rates.size(); ++k) {
        const double upto = before + rates[k] / agents;
        const double wait = pooled.p_wait / agents / ((1 - before) * (1 - upto));
        r.printed(fmt::format("mean wait, tier {}", k), wait, page[k], 5);
        r.exact(fmt::format("mean wait, tier {}", k), wait, of_class(result, k, &class_figures::mean_wait_s));
        r.exact(fmt::format("P(wait), tier {}", k), pooled.p_wait, of_class(result, k, &class_figures::p_wait));
        before = upto;
    }
    r.printed("P(wait)", pooled.p_wait, .40918, 5);
    r.printed("mean wait of all", pooled.mean_wait_s, .20459, 5);
    r.exact("mean wait of all (conservation)", pooled.mean_wait_s, of_total(result, &class_figures::mean_wait_s));

    r.section("Conservation: every order has the wait of Erlang C in all");
    const auto conserved = [&](const char* order) {
        r.exact(fmt::format("mean wait of all, {}", order), pooled.mean_wait_s,
                of_total(r.run(finish(s, 6e4)), &class_figures::mean_wait_s));
    };
    for (std::size_t k = 0; k < rates.size(); ++k) {
        s.classes[k].tier = 0;
        s.classes[k].priority = static_cast<int>(3 * k);
        s.classes[k].queue_share = .2 * static_cast<double>(k) + .1;
    }
    conserved("fifo");
    s.order = order_mode::aging;
    conserved("aging");
    s.order = order_mode::fqr;
    conserved("fixed queue ratio");
}

} // namespace switchboard::theory
