#include "theory/exact/pool.hpp"
#include "theory/report.hpp"

namespace switchboard::theory {

using routing::class_figures;

void blocking_cases(report& r) {
    r.section("Erlang B: nobody may wait, 9 erlangs, 10 agents");
    auto s = one_pool(9, 1, 10);
    s.classes[0].max_waiting = 0;
    auto result = r.run(finish(s, 3e3));
    r.exact("P(blocked)", routing::erlang_b(9, 10), of_class(result, 0, &class_figures::p_blocked));
    r.exact("occupancy", .9 * (1 - routing::erlang_b(9, 10)), occupancy(result, 0));

    r.section("Seven places to wait, 5 erlangs, 4 agents, mean patience 2 handling times");
    s = one_pool(5, 1, 4);
    s.classes[0].max_waiting = 7;
    s.classes[0].patience = {2};
    s.service_level_s = .3;
    result = r.run(finish(s, 2e4));
    const auto few =
        law_of({.arrivals = 5, .service = 1, .agents = 4, .impatience = .5, .waiting_places = 7}, s.service_level_s);
    r.exact("P(blocked)", few.p_blocked, of_class(result, 0, &class_figures::p_blocked));
    r.exact("P(wait) of those let in", few.p_wait, of_class(result, 0, &class_figures::p_wait));
    r.exact("mean wait of those let in", few.mean_wait, of_class(result, 0, &class_figures::mean_wait_s));
    r.exact("P(abandon)", few.p_abandon, of_class(result, 0, &class_figures::p_abandon));
    r.exact("service level", few.service_level, of_class(result, 0, &class_figures::service_level));

    r.section("Thirty places for two classes together, 84 erlangs, 90 agents: M/M/90/120");
    s = one_pool(42, 1, 90);
    s.classes.push_back(calls("others", 42));
    s.max_waiting_total = 30;
    s.service_level_s = .05;
    result = r.run(finish(s, 3.2e4));
    const auto all = law_of({.arrivals = 84, .service = 1, .agents = 90, .waiting_places = 30}, s.service_level_s);
    r.printed("P(blocked), %", 100 * all.p_blocked, .364, 3);
    r.printed("P(wait)", all.p_wait, .3797, 4);
    r.printed("mean wait, min (handling 10 min)", 10 * all.mean_wait, .4500, 4);
    r.exact("P(blocked)", all.p_blocked, of_total(result, &class_figures::p_blocked));
    r.exact("P(wait)", all.p_wait, of_total(result, &class_figures::p_wait));
    r.exact("mean wait", all.mean_wait, of_total(result, &class_figures::mean_wait_s));
    r.exact("service level (30 s)", all.service_level, of_total(result, &class_figures::service_level));
}

} // namespace switchboard::theory
