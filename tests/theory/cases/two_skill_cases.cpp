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
        .service_level_s = half_a_minute, .policy = agent_policy::best_skill, .max_waiting_total = places};
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

struct printed_row {
    int skills;
    double blocked, blocked_95, wait, wait_95; // %, minutes
};

/// The page's simulation lets agents look at their first skill first, which moves who waits how long but hardly the
/// mean, and is no rule of the engine: shares that the page gives are compared with a simulation of the engine's rules.
void compare(report& r, const printed_row& page) {
    r.section(fmt::format("84 erlangs, {} skill{} an agent (theory: other simulations)", page.skills,
                          page.skills == 1 ? "" : "s"));
    auto c = center_apart(84, page.skills);
    const double horizon = r.thorough() ? 3e3 : 2e2;
    const auto law = simulate(c, half_a_minute, horizon, 20);
    const auto result = r.run(finish(center(84, page.skills), 3e3));
    const auto blocked = of_total(result, &class_figures::p_blocked);
    const auto wait = of_total(result, &class_figures::mean_wait_s);
    if (page.skills > 1) {
        r.published("the page: blocked, %", page.blocked, page.blocked_95 / 1.96, scaled(blocked, 100));
        r.published("the page: mean wait, min", page.wait, page.wait_95 / 1.96, scaled(wait, handle_min));
    } else { // with idle agents beside a full queue, lines and places to wait differ
        c.counts_lines = true;
        const auto lines = simulate(c, half_a_minute, horizon, 20);
        r.published("the page, blocked from 120 calls on: blocked, %", page.blocked, page.blocked_95 / 1.96,
                    scaled(lines.p_blocked, 100));
        r.published("the page, blocked from 120 calls on: mean wait", page.wait, page.wait_95 / 1.96,
                    scaled(lines.mean_wait, handle_min));
    }
    r.published("P(blocked)", law.p_blocked.mean, law.p_blocked.se, blocked);
    r.published("P(wait)", law.p_wait.mean, law.p_wait.se, of_total(result, &class_figures::p_wait));
    r.published("mean wait", law.mean_wait.mean, law.mean_wait.se, wait);
    r.published("served within 30 s", law.in_time.mean, law.in_time.se,
                over(result, [](const auto& f) { return f.total.service_level / (1 - f.total.p_blocked); }));
}

void compare_all_skills(report& r) {
    r.section("84 erlangs, all six skills: M/M/90/120 whoever is asked first");
    const auto all = law_of({.arrivals = 84, .service = 1, .agents = agents, .waiting_places = places}, half_a_minute);
    const auto result = r.run(finish(center(84, types), 1.3e4));
    r.exact("P(wait)", all.p_wait, of_total(result, &class_figures::p_wait));
    r.exact("mean wait", all.mean_wait, of_total(result, &class_figures::mean_wait_s));
    r.exact("served within 30 s", all.service_level, of_total(result, &class_figures::service_level));
}

} // namespace

void two_skill_cases(report& r) {
    compare(r, {1, 4.12, .15, 3.047, .036});
    compare(r, {2, .39, .03, .580, .014});
    compare(r, {3, .39, .04, .491, .013});
    compare_all_skills(r);
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
