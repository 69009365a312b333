#include <switchboard/planning/erlang.hpp>

#include <algorithm>
#include <cmath>

namespace switchboard::routing {

namespace {

pool_figures figures_of(const pool_load& load, int agents, double within_s) {
    if (load.patience_s) return erlang_a(load, agents, within_s);
    return erlang_c(load, agents, within_s).value_or(pool_figures{.p_wait = 1, .occupancy = 1});
}

} // namespace

double erlang_b(double erlangs, int agents) {
    double b = 1;
    for (int k = 1; k <= agents; ++k) b = erlangs * b / (k + erlangs * b);
    return b;
}

std::optional<pool_figures> erlang_c(const pool_load& load, int agents, double within_s) {
    const double a = load.erlangs(), n = agents;
    if (a >= n) return {};
    const double b = erlang_b(a, agents);
    const double c = b / (1 - a / n * (1 - b));
    const double surplus = n / load.handle_s - load.arrivals_per_s;
    return pool_figures{.p_wait = c,
                        .mean_wait_s = c / surplus,
                        .asa_s = c / surplus,
                        .p_abandon = 0,
                        .service_level = 1 - c * std::exp(-surplus * within_s),
                        .occupancy = a / n};
}

pool_figures erlang_a(const pool_load& load, int agents, double within_s) {
    const double lambda = load.arrivals_per_s, theta = 1 / *load.patience_s, drain = agents / load.handle_s;
    // The wait offered to somebody of endless patience has the density lambda pi(n-1) e^h(x).
    const auto h = [&](double x) { return -lambda / theta * std::expm1(-theta * x) - drain * x; };
    const double peak = std::max(0.0, std::log(lambda / drain) / theta), top = h(peak);
    double end = std::max(peak, 1 / drain);
    while (h(end) > top - 60) end *= 2;

    struct sums {
        double density = 0, answered = 0, answered_wait = 0;
    };
    const auto integrate = [&](double from, double to) { // Simpson
        constexpr int steps = 20'000;
        const double width = (to - from) / steps;
        sums s;
        for (int i = 0; i <= steps; ++i) {
            const double x = from + width * i;
            const double v = std::exp(h(x) - top) * (i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2) * width / 3;
            const double stays = std::exp(-theta * x);
            s.density += v;
            s.answered += v * stays;
            s.answered_wait += v * stays * x;
        }
        return s;
    };
    const double cut = std::min(within_s, end);
    const auto early = integrate(0, cut), late = integrate(cut, end);
    const double density = early.density + late.density, answered = early.answered + late.answered,
                 answered_wait = early.answered_wait + late.answered_wait;

    // P(V = 0) (1 + lambda B(n-1) integral) = 1, all of it divided by e^top, which may be huge
    const double scale = lambda * erlang_b(load.erlangs(), agents - 1);
    const double zero = std::exp(-top) / (std::exp(-top) + scale * density);
    const double factor = scale / (std::exp(-top) + scale * density);
    pool_figures f;
    f.p_wait = factor * density;
    f.p_abandon = factor * (density - answered);
    f.mean_wait_s = f.p_abandon / theta;
    f.asa_s = factor * answered_wait / (1 - f.p_abandon);
    f.service_level = zero + factor * early.answered;
    f.occupancy = load.erlangs() * (1 - f.p_abandon) / agents;
    return f;
}

int fewest_agents(const pool_load& load, double service_level, double within_s) {
    int enough = std::max(1, static_cast<int>(load.erlangs()));
    while (figures_of(load, enough, within_s).service_level < service_level) enough *= 2;
    int too_few = 0;
    while (enough - too_few > 1) {
        const int middle = too_few + (enough - too_few) / 2;
        (figures_of(load, middle, within_s).service_level < service_level ? too_few : enough) = middle;
    }
    return enough;
}

} // namespace switchboard::routing
