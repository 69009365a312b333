#include "theory/report.hpp"

#include <switchboard/planning/erlang.hpp>

#include <fmt/format.h>

#include <cmath>

namespace switchboard::theory {

namespace {

using routing::class_figures;

/// GI/M/1 at service rate 1: the root of x = A*(1 - x) is P(wait), and the mean wait is x / (1 - x).
template <class Transform>
double gi_m_1_root(Transform&& of_gap) {
    double x = 0.5;
    for (int i = 0; i < 10'000; ++i) x = of_gap(1 - x);
    return x;
}

void gi_m_1(report& r, double cv2, double root) {
    r.section(fmt::format("GI/M/1: gaps of cv2 {}, load .8", cv2));
    auto s = one_pool(.8, 1, 1);
    s.classes[0].gap.cv2 = cv2;
    const auto result = r.run(finish(s, 2e5));
    r.exact("P(wait)", root, of_class(result, 0, &class_figures::p_wait));
    r.exact("mean wait", root / (1 - root), of_class(result, 0, &class_figures::mean_wait_s));
}

} // namespace

void general_time_cases(report& r) {
    for (const double cv2 : {0.0, 0.3, 4.0}) {
        r.section(fmt::format("Pollaczek and Khinchine, M/G/1: handling times of cv2 {}, load .7", cv2));
        auto s = one_pool(.7, 1, 1);
        s.classes[0].handle.cv2 = cv2;
        const auto result = r.run(finish(s, cv2 > 1 ? 5e5 : 8e4));
        r.exact("P(wait)", .7, of_class(result, 0, &class_figures::p_wait));
        r.exact("mean wait", .7 * (1 + cv2) / 2 / .3, of_class(result, 0, &class_figures::mean_wait_s));
    }

    gi_m_1(r, 0, gi_m_1_root([](double y) { return std::exp(-y / .8); }));
    gi_m_1(r, .5, gi_m_1_root([](double y) { return std::pow(1.6 / (1.6 + y), 2); })); // Erlang of two phases
    gi_m_1(r, 3, gi_m_1_root([](double y) { // two exponential ones, .8 customers a second in balance
               const double p = (1 + std::sqrt(.5)) / 2, a = 2 * p * .8, b = 2 * (1 - p) * .8;
               return p * a / (a + y) + (1 - p) * b / (b + y);
           }));

    r.section("M/M/n+D: patience always 0.3 handling times, 11 erlangs, 10 agents");
    auto s = one_pool(11, 1, 10);
    s.classes[0].patience = {.3, 0};
    const auto result = r.run(finish(s, 3e3));
    // The offered wait V has the density c e^(x) up to D and c e^(11 D - 10 x) after it, c = 11 pi(9).
    const double d = .3, before = std::expm1(d), after = std::exp(d) / 10, c = 11 * routing::erlang_b(11, 9);
    const double zero = 1 / (1 + c * (before + after));
    r.exact("P(wait)", 1 - zero, of_class(result, 0, &class_figures::p_wait));
    r.exact("P(abandon)", zero * c * after, of_class(result, 0, &class_figures::p_abandon));
    r.exact("mean wait of all", zero * c * (d * std::exp(d) - before + d * after),
            of_class(result, 0, &class_figures::mean_wait_s));
}

} // namespace switchboard::theory
