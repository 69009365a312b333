// Wallace and Whitt's center: 6 types of calls, 90 agents, 30 places to wait, calls of 10 minutes.

#include "theory/exact/pool.hpp"
#include "theory/exact/skill_center.hpp"
#include "theory/report.hpp"

#include <fmt/format.h>

namespace switchboard::theory {

namespace {

using routing::class_figures;

constexpr int types = 6, agents = 90, places = 30;
constexpr double handle_min = 10, half_a_minute = .05;

/// Fifteen agents have each type as their first skill; the others are spread evenly over the other types.
template <class Add>
void each_kind(int skills, Add&& add) {
    using others = std::vector<int>;
    for (int t = 0; t < types; ++t) {
        if (skills == 1) add(t, 15, others{});
        if (skills == 6) add(t, 15, others{1, 2, 3, 4, 5});
        for (int a = 1; a < types && skills == 2; ++a) add(t, 3, others{a});
        for (int a = 1; a < types && skills == 3; ++a) {
            add(t, 2, others{a, a % 5 + 1});
            add(t, 1, others{a, (a + 1) % 5 + 1});
        }
    }
}

routing::scenario center(double erlangs, int skills) {
    const auto skill = [](int type) { return fmt::format("type {}", type % types); };
    routing::scenario s{
        .service_level_s = half_a_minute, .policy = routing::agent_policy::best_skill, .max_waiting_total = places};
    for (int t = 0; t < types; ++t) {
        s.classes.push_back(calls(skill(t), erlangs / types));
        s.classes.back().skills = {{skill(t), 1}};
    }
    each_kind(skills, [&](int first, int count, const std::vector<int>& others) {
        std::map<std::string, int> levels{{skill(first), 2}};
        for (const int o : others) levels[skill(first + o)] = 1;
        s.agents.push_back(people(count, levels));
    });
    return s;
}

skill_center center_apart(double erlangs, int skills) {
    skill_center c{.types = types, .load = erlangs / types, .agents = {}, .places = places};
    each_kind(skills, [&](int first, int count, const std::vector<int>& others) {
        skilled_agent a{.first = first, .skills = 1u << first};
        for (const int o : others) a.skills |= 1u << (first + o) % types;
        c.agents.insert(c.agents.end(), static_cast<std::size_t>(count), a);
    });
    return c;
}

/// The page's own simulation counts lines, and its agents look at their first skill first. That is not a rule of the
/// engine, so the page is compared with a simulation of that rule here, and the engine with one of its own rule.
void compare_with_page(report& r) {
    struct printed_row {
        int skills;
        double blocked, blocked_95, p_wait, wait, wait_95, in_time;
    };
    constexpr double share_se = .003; // the page gives none for the shares; that of the wait is about 1 % of it
    for (const auto& row :
         {printed_row{1, 4.12, .15, .575, 3.047, .036, .472}, printed_row{2, .39, .03, .418, .580, .014, .722},
          printed_row{3, .39, .04, .395, .491, .013, .761}, printed_row{6, .36, .04, .383, .454, .019, .780}}) {
        r.section(fmt::format("84 erlangs, {} skills: the page beside a simulation of its rules", row.skills));
        auto c = center_apart(84, row.skills);
        c.counts_lines = c.first_skill_first = true;
        const auto law = simulate(c, half_a_minute, 3e3, 20);
        r.published("blocked, %", row.blocked, row.blocked_95 / 1.96, scaled(law.p_blocked, 100));
        r.published("P(wait)", row.p_wait, share_se, law.p_wait);
        r.published("mean wait, min", row.wait, row.wait_95 / 1.96, scaled(law.mean_wait, handle_min));
        r.published("served within 30 s", row.in_time, share_se, law.in_time);
    }
}

void compare_with_engine(report& r) {
    for (const int skills : {1, 2, 3}) {
        r.section(fmt::format("84 erlangs, {} skills: the engine beside a simulation of its rules", skills));
        const auto law = simulate(center_apart(84, skills), half_a_minute, 3e3, 20);
        const auto result = r.run(finish(center(84, skills), 3e3));
        const auto in_time =
            over(result, [](const auto& f) { return f.total.service_level / (1 - f.total.p_blocked); });
        r.published("P(blocked)", law.p_blocked.mean, law.p_blocked.se, of_total(result, &class_figures::p_blocked));
        r.published("P(wait)", law.p_wait.mean, law.p_wait.se, of_total(result, &class_figures::p_wait));
        r.published("mean wait", law.mean_wait.mean, law.mean_wait.se, of_total(result, &class_figures::mean_wait_s));
        r.published("served within 30 s", law.in_time.mean, law.in_time.se, in_time);
    }
    r.section("84 erlangs, all six skills: M/M/90/120 whoever is asked first");
    const auto all = law_of({.arrivals = 84, .service = 1, .agents = agents, .waiting_places = places}, half_a_minute);
    const auto result = r.run(finish(center(84, types), 1e4));
    r.exact("P(wait)", all.p_wait, of_total(result, &class_figures::p_wait));
    r.exact("mean wait", all.mean_wait, of_total(result, &class_figures::mean_wait_s));
    r.exact("served within 30 s", all.service_level, of_total(result, &class_figures::service_level));
}

} // namespace

void two_skill_cases(report& r) {
    if (r.thorough()) compare_with_page(r);
    compare_with_engine(r);
    r.section("Two skills close at least 90 % of the gap in mean wait between one skill and all");
    for (const double erlangs : {77.0, 80.0, 84.0, 87.0, 90.0}) {
        const auto all = law_of({.arrivals = erlangs, .service = 1, .agents = agents, .waiting_places = places}, 0.05);
        const auto one = of_total(r.run(finish(center(erlangs, 1), 2e3)), &class_figures::mean_wait_s).mean;
        const auto two = r.run(finish(center(erlangs, 2), 2e3));
        r.at_least(fmt::format("share of the gap closed at {} erlangs", erlangs), .9,
                   over(two, [&](const auto& f) { return (one - f.total.mean_wait_s) / (one - all.mean_wait); }));
    }
}

} // namespace switchboard::theory
