#include "theory/exact/dedicated_pools.hpp"
#include "theory/exact/pool.hpp"
#include "theory/report.hpp"

#include <fmt/format.h>

namespace switchboard::theory {

namespace {

using routing::class_figures;

constexpr int types = 6, agents = 90, places = 30;
constexpr double handle_min = 10;

std::string skill(int type) {
    return fmt::format("type {}", type % types);
}

/// Fifteen agents have each type as their first skill; the others are spread evenly over the other types.
routing::scenario center(double erlangs, int skills) {
    routing::scenario s{.service_level_s = .05, // 30 s
                        .policy = routing::agent_policy::best_skill,
                        .max_waiting_total = places};
    for (int t = 0; t < types; ++t) {
        s.classes.push_back(calls(skill(t), erlangs / types));
        s.classes.back().skills = {{skill(t), 1}};
        const auto add = [&](int count, std::initializer_list<int> others) {
            std::map<std::string, int> levels{{skill(t), 2}};
            for (const int o : others) levels[skill(t + o)] = 1;
            s.agents.push_back(people(count, levels));
        };
        if (skills == 1) add(15, {});
        if (skills == 6) add(15, {1, 2, 3, 4, 5});
        for (int a = 1; a < types && skills == 2; ++a) add(3, {a});
        for (int a = 1; a < types && skills == 3; ++a) {
            add(2, {a, a % 5 + 1});
            add(1, {a, (a + 1) % 5 + 1});
        }
    }
    return s;
}

} // namespace

void two_skill_cases(report& r) {
    struct printed_row {
        int skills;
        double blocked, blocked_95, p_wait, wait, wait_95, in_time;
    };
    constexpr double within = .05;      // 30 s
    constexpr double printed_se = .004; // the page gives none for the shares; that of the wait is about 1 % of it
    const auto in_time = [](const runs& result) { // of those let in
        return over(result, [](const auto& f) { return f.total.service_level / (1 - f.total.p_blocked); });
    };

    r.section("Wallace and Whitt's center at 84 erlangs, 1 skill an agent, 120 lines (the page; two simulations)");
    const auto lines = simulate({.counts_lines = true}, within, 6e3, 20);
    r.published("blocked, %", 4.12, .15 / 1.96, scaled(lines.p_blocked, 100));
    r.published("P(wait)", .575, printed_se, lines.p_wait);
    r.published("mean wait, min", 3.047, .036 / 1.96, scaled(lines.mean_wait, handle_min));
    r.published("served within 30 s", .472, printed_se, lines.in_time);

    r.section("The same, 30 places to wait (theory: simulated apart)");
    const auto apart = simulate({.counts_lines = false}, within, 6e3, 20);
    const auto dedicated = r.run(finish(center(84, 1), 6e3));
    r.published("P(blocked)", apart.p_blocked.mean, apart.p_blocked.se, of_total(dedicated, &class_figures::p_blocked));
    r.published("P(wait)", apart.p_wait.mean, apart.p_wait.se, of_total(dedicated, &class_figures::p_wait));
    r.published("mean wait", apart.mean_wait.mean, apart.mean_wait.se,
                of_total(dedicated, &class_figures::mean_wait_s));
    r.published("served within 30 s", apart.in_time.mean, apart.in_time.se, in_time(dedicated));

    // With two skills or more nobody is idle where thirty wait, so lines and places are the same.
    for (const auto& row :
         {printed_row{2, .39, .03, .418, .580, .014, .722}, printed_row{3, .39, .04, .395, .491, .013, .761},
          printed_row{6, .36, .04, .383, .454, .019, .780}}) {
        r.section(fmt::format("Wallace and Whitt's center at 84 erlangs, {} skills an agent (theory: the page's "
                              "simulation)",
                              row.skills));
        const auto result = r.run(finish(center(84, row.skills), 6e3));
        r.published("blocked, %", row.blocked, row.blocked_95 / 1.96,
                    scaled(of_total(result, &class_figures::p_blocked), 100));
        r.published("P(wait)", row.p_wait, printed_se, of_total(result, &class_figures::p_wait));
        r.published("mean wait, min", row.wait, row.wait_95 / 1.96,
                    scaled(of_total(result, &class_figures::mean_wait_s), handle_min));
        r.published("served within 30 s", row.in_time, printed_se, in_time(result));
    }

    r.section("Two skills close at least 90 % of the gap between one skill and all");
    for (const double erlangs : {77.0, 80.0, 84.0, 87.0, 90.0}) {
        const auto all = law_of({.arrivals = erlangs, .service = 1, .agents = agents, .waiting_places = places}, .05);
        const auto one = of_total(r.run(finish(center(erlangs, 1), 3e3)), &class_figures::mean_wait_s).mean;
        const auto two = r.run(finish(center(erlangs, 2), 3e3));
        r.at_least(fmt::format("share of the gap closed at {} erlangs", erlangs), .9,
                   over(two, [&](const auto& f) { return (one - f.total.mean_wait_s) / (one - all.mean_wait); }));
    }
}

} // namespace switchboard::theory
