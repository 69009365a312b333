#include "theory/exact/pool.hpp"
#include "theory/report.hpp"

#include <fmt/format.h>

namespace switchboard::theory {

namespace {

using routing::class_figures;

struct pool_case {
    const char* name;
    double rate, handle_s, patience_s; // 0 = endless
    int agents;
    double within_s, horizon_s;
};

void compare(report& r, const pool_case& c) {
    r.section(fmt::format("{}: {:.4g} erlangs, {} agents{}", c.name, c.rate * c.handle_s, c.agents,
                          c.patience_s > 0 ? fmt::format(", mean patience {:.0f} s", c.patience_s) : ""));
    auto s = one_pool(c.rate, c.handle_s, c.agents);
    s.service_level_s = c.within_s;
    if (c.patience_s > 0) s.classes[0].patience = {c.patience_s};
    const auto runs = r.run(finish(s, c.horizon_s));

    const auto law = law_of({.arrivals = c.rate,
                             .service = 1 / c.handle_s,
                             .agents = c.agents,
                             .impatience = c.patience_s > 0 ? 1 / c.patience_s : 0},
                            c.within_s);
    r.exact("P(wait)", law.p_wait, of_class(runs, 0, &class_figures::p_wait));
    r.exact("mean wait of all, s", law.mean_wait, of_class(runs, 0, &class_figures::mean_wait_s));
    r.exact("service level", law.service_level, of_class(runs, 0, &class_figures::service_level));
    r.exact("occupancy", law.occupancy, occupancy(runs, 0));
    if (c.patience_s == 0) return;
    const auto closed = routing::erlang_a({c.rate, c.handle_s, c.patience_s}, c.agents, c.within_s);
    r.exact("P(abandon)", law.p_abandon, of_class(runs, 0, &class_figures::p_abandon));
    r.exact("mean wait of those answered, s", closed.asa_s, of_class(runs, 0, &class_figures::asa_s));
}

} // namespace

void erlang_cases(report& r) {
    const pool_case c1{"C1", 200.0 / 3600, 180, 0, 14, 20, 8e6}, c2{"C2", 0.2, 240, 0, 55, 15, 8e6},
        a1{"A1", 0.8, 60, 120, 50, 20, 3e5};
    compare(r, c1);
    const auto exact_c1 = *routing::erlang_c({c1.rate, c1.handle_s}, c1.agents, c1.within_s);
    r.printed("P(wait)", exact_c1.p_wait, .17413, 5);
    r.printed("ASA, s", exact_c1.asa_s, 7.836, 3);
    r.printed("service level", exact_c1.service_level, .88835, 5);

    compare(r, c2);
    const auto exact_c2 = *routing::erlang_c({c2.rate, c2.handle_s}, c2.agents, c2.within_s);
    r.printed("P(wait)", exact_c2.p_wait, .23870, 5);
    r.printed("ASA, s", exact_c2.asa_s, 8.184, 3);
    r.printed("service level", exact_c2.service_level, .84588, 5);

    compare(r, a1);
    const auto exact_a1 = routing::erlang_a({a1.rate, a1.handle_s, a1.patience_s}, a1.agents, a1.within_s);
    r.printed("P(wait)", exact_a1.p_wait, .46777, 5);
    r.printed("ASA, s", exact_a1.asa_s, 3.616, 3);
    r.printed("mean wait of all, s", exact_a1.mean_wait_s, 3.710, 3);
    r.printed("P(abandon)", exact_a1.p_abandon, .03091, 5);
    r.printed("service level", exact_a1.service_level, .94302, 5);

    compare(r, {"Erlang A, overloaded", 1.1, 60, 120, 50, 20, 7e5});
    compare(r, {"Erlang A, twice what the agents can do", 2.0, 1, 0.5, 1, 0.2, 4e4});
}

} // namespace switchboard::theory
