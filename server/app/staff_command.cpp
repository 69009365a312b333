#include "app/staff_command.hpp"

#include "app/exit_code.hpp"
#include "app/scenario_run.hpp"

#include <switchboard/planning/erlang.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <numeric>

namespace switchboard::app {

namespace {

using nlohmann::ordered_json;
using routing::estimate;
using routing::scenario;

int complain_of(std::string_view what, std::string_view why) {
    fmt::print(stderr, "switchboard staff: {} {}\n", what, why);
    return wrong_use;
}

/// A number above zero with one of the units; seconds each, or what the unit says.
std::optional<double> parse_measure(std::string_view text,
                                    std::initializer_list<std::pair<std::string_view, double>> units) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || !(number > 0) || !std::isfinite(number)) return {};
    auto unit = text.substr(static_cast<std::size_t>(end - text.data()));
    while (unit.starts_with(' ')) unit.remove_prefix(1);
    for (const auto& [name, factor] : units)
        if (unit == name) return number * factor;
    return {};
}

std::optional<double> parse_rate(std::string_view text) {
    return parse_measure(text, {{"", 1.0 / 3600}, {"/h", 1.0 / 3600}, {"/min", 1.0 / 60}, {"/s", 1.0}});
}

std::optional<double> parse_duration(std::string_view text) {
    return parse_measure(text, {{"", 1.0}, {"s", 1.0}, {"min", 60.0}, {"h", 3600.0}});
}

// --- One pool: closed forms -----------------------------------------------------------------------------------------

ordered_json pool_answer(const char* method, const routing::pool_load& load, const staff_arguments& wanted) {
    const int agents = routing::fewest_agents(load, wanted.service_level, wanted.within_s);
    const auto f = load.patience_s ? routing::erlang_a(load, agents, wanted.within_s)
                                   : *routing::erlang_c(load, agents, wanted.within_s);
    return {{"method", method}, {"agents", agents},         {"service_level", f.service_level}, {"p_wait", f.p_wait},
            {"asa_s", f.asa_s}, {"p_abandon", f.p_abandon}, {"occupancy", f.occupancy}};
}

void print_pool(const std::vector<ordered_json>& answers, const staff_arguments& wanted) {
    fmt::print("{:.4g} % answered within {:.4g} s needs\n\n", 100 * wanted.service_level, wanted.within_s);
    fmt::print("{:<10} {:>8} {:>15} {:>9} {:>9} {:>11} {:>11}\n", "method", "agents", "service level", "P(wait)",
               "ASA, s", "abandoned", "occupancy");
    for (const auto& a : answers)
        fmt::print("{:<10} {:>8} {:>13.1f} % {:>7.1f} % {:>9.2f} {:>9.2f} % {:>9.1f} %\n",
                   a["method"].get<std::string>(), a["agents"].get<int>(), 100 * a["service_level"].get<double>(),
                   100 * a["p_wait"].get<double>(), a["asa_s"].get<double>(), 100 * a["p_abandon"].get<double>(),
                   100 * a["occupancy"].get<double>());
}

int staff_pool(const staff_arguments& wanted) {
    const auto rate = parse_rate(wanted.arrivals), handle = parse_duration(wanted.handle);
    if (!rate) return complain_of("--arrivals", "must be a rate above zero, like 200/h, 48/min or 0.5/s");
    if (!handle) return complain_of("--handle", "must be a time above zero, like 180, 180s or 3min");
    routing::pool_load load{.arrivals_per_s = *rate, .handle_s = *handle};
    if (load.erlangs() > 100'000)
        return complain_of("--arrivals", "times --handle keeps more than 100,000 agents busy");
    std::vector<ordered_json> answers{pool_answer("Erlang C", load, wanted)};
    if (!wanted.patience.empty()) {
        load.patience_s = parse_duration(wanted.patience);
        if (!load.patience_s) return complain_of("--patience", "must be a time above zero, like 120, 120s or 2min");
        answers.push_back(pool_answer("Erlang A", load, wanted));
    }
    if (wanted.json)
        fmt::print("{}\n", ordered_json{{"erlangs", load.erlangs()}, {"answers", answers}}.dump(2));
    else
        print_pool(answers, wanted);
    return success;
}

// --- Skills: simulation ---------------------------------------------------------------------------------------------

int head_count(const scenario& s) {
    return std::accumulate(s.agents.begin(), s.agents.end(), 0, [](int n, const auto& g) { return n + g.count; });
}

/// The same mix of agents with `total` heads: largest remainders, and nobody's kind dies out.
scenario scaled(const scenario& from, int total) {
    scenario to = from;
    const double factor = static_cast<double>(total) / head_count(from);
    std::vector<std::pair<double, std::size_t>> remainders;
    for (std::size_t g = 0; g < to.agents.size(); ++g) {
        const double exact = from.agents[g].count * factor;
        to.agents[g].count = std::max(1, static_cast<int>(exact));
        remainders.emplace_back(exact - to.agents[g].count, g);
    }
    for (int have = head_count(to); have != total;) {
        const auto least_fair =
            total > have ? std::ranges::max_element(remainders) : std::ranges::min_element(remainders);
        const int step = total > have ? 1 : -1;
        have += step;
        to.agents[least_fair->second].count += step;
        least_fair->first -= step;
    }
    return to;
}

struct evaluation {
    scenario center;
    std::vector<estimate> service_levels{}; // by class; endless ones are NaN
    std::vector<estimate> occupancy{};      // by agent group
    double worst = 1;
};

std::expected<evaluation, routing::config_error> evaluate(const scenario& from, int total) {
    evaluation e{.center = scaled(from, total)};
    const auto run = run_scenario(e.center, fmt::format("{} agents", total));
    if (!run) return std::unexpected(run.error());
    const auto over_runs = [&](auto&& value) {
        std::vector<double> values;
        for (const auto& r : run->replications) values.push_back(value(r));
        return routing::estimate_of(values);
    };
    for (std::size_t c = 0; c < from.classes.size(); ++c) {
        e.service_levels.push_back(over_runs([c](const auto& r) { return r.classes[c].service_level; }));
        if (!std::isnan(e.service_levels.back().mean)) e.worst = std::min(e.worst, e.service_levels.back().mean);
    }
    for (std::size_t g = 0; g < from.agents.size(); ++g)
        e.occupancy.push_back(over_runs([g](const auto& r) { return r.occupancy[g]; }));
    return e;
}

void print_center(const evaluation& e, const staff_arguments& wanted) {
    fmt::print("{:.4g} % of every class answered within {:.4g} s needs {} agents\n\n", 100 * wanted.service_level,
               wanted.within_s, head_count(e.center));
    fmt::print("{:<24} {:>8} {:>12}\n", "agents", "count", "occupancy");
    for (std::size_t g = 0; g < e.occupancy.size(); ++g)
        fmt::print("{:<24} {:>8} {:>10.1f} %\n", e.center.agents[g].name, e.center.agents[g].count,
                   100 * e.occupancy[g].mean);
    fmt::print("\n{:<24} {:>22}\n", "class", "service level");
    for (std::size_t c = 0; c < e.service_levels.size(); ++c)
        if (!e.center.classes[c].endless)
            fmt::print("{:<24} {:>11.1f} ± {:>4.1f} %\n", e.center.classes[c].name, 100 * e.service_levels[c].mean,
                       100 * e.service_levels[c].se);
}

void print_center_json(const evaluation& e) {
    ordered_json agents = ordered_json::object(), classes = ordered_json::object();
    for (std::size_t g = 0; g < e.occupancy.size(); ++g)
        agents[e.center.agents[g].name] = {{"count", e.center.agents[g].count}, {"occupancy", e.occupancy[g].mean}};
    for (std::size_t c = 0; c < e.service_levels.size(); ++c)
        classes[e.center.classes[c].name]["service_level"] = {{"mean", e.service_levels[c].mean},
                                                              {"se", e.service_levels[c].se}};
    const ordered_json answer{
        {"method", "simulation"}, {"agents_total", head_count(e.center)}, {"agents", agents}, {"classes", classes}};
    fmt::print("{}\n", answer.dump(2));
}

int staff_scenario(const staff_arguments& wanted) {
    constexpr int most = 20'000;
    auto from = load_scenario(wanted.scenario, "staff");
    if (!from) return wrong_use;
    from->service_level_s = wanted.within_s;
    if (std::ranges::all_of(from->classes, &routing::customer_class::endless))
        return complain_of(wanted.scenario, "has only endless classes");

    // More agents of the same mix serve better, so the border is found by halving.
    int too_few = static_cast<int>(from->agents.size()) - 1, heads = std::max(too_few + 1, head_count(*from));
    std::optional<evaluation> enough;
    while (!enough || head_count(enough->center) - too_few > 1) {
        auto e = evaluate(*from, heads);
        if (!e) return complain_of(e.error().field, e.error().message);
        if (e->worst >= wanted.service_level)
            enough = std::move(*e);
        else
            too_few = heads;
        heads = enough ? too_few + (head_count(enough->center) - too_few) / 2 : 2 * heads;
        if (heads > most) return complain_of(wanted.scenario, "needs more than 20,000 agents, if any number is enough");
    }
    wanted.json ? print_center_json(*enough) : print_center(*enough, wanted);
    return success;
}

} // namespace

int staff_command(const staff_arguments& wanted) {
    if (std::isnan(wanted.service_level) || wanted.service_level <= 0 || wanted.service_level >= 1)
        return complain_of("--service-level", "must be above 0 and below 1");
    if (!(wanted.within_s >= 0)) return complain_of("--within", "must not be negative");
    const bool has_pool = !wanted.arrivals.empty() || !wanted.handle.empty() || !wanted.patience.empty();
    if (wanted.scenario.empty() == !has_pool)
        return complain_of("--scenario",
                           "stands instead of --arrivals, --handle and --patience; give one or the other");
    return has_pool ? staff_pool(wanted) : staff_scenario(wanted);
}

} // namespace switchboard::app
