#include "planning/replication.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

namespace switchboard::routing {

tally& tally::operator+=(const tally& other) {
    offered += other.offered;
    answered += other.answered;
    abandoned += other.abandoned;
    blocked += other.blocked;
    waited += other.waited;
    in_time += other.in_time;
    served += other.served;
    wait_of_all += other.wait_of_all;
    wait_of_answered += other.wait_of_answered;
    return *this;
}

class_figures figures_of(const tally& t, double window_s) {
    const auto number = [](std::uint64_t n) { return static_cast<double>(n); };
    const double offered = number(t.offered), answered = number(t.answered), let_in = number(t.offered - t.blocked);
    return {.offered = offered,
            .answered = answered,
            .abandoned = number(t.abandoned),
            .blocked = number(t.blocked),
            .p_wait = number(t.waited) / let_in,
            .mean_wait_s = t.wait_of_all / let_in,
            .asa_s = t.wait_of_answered / answered,
            .p_abandon = number(t.abandoned) / offered,
            .p_blocked = number(t.blocked) / offered,
            .service_level = number(t.in_time) / offered,
            .served_per_s = number(t.served) / window_s};
}

std::expected<replication_figures, config_error> replicate(const scenario& s, int number,
                                                           const std::function<void(double)>& progress) {
    replication r(s, number);
    if (auto open = r.open(); !open) return std::unexpected(open.error());
    return r.run(progress);
}

estimate estimate_of(std::span<const double> values) {
    double n = 0, sum = 0, squares = 0;
    for (const auto v : values)
        if (!std::isnan(v)) {
            ++n;
            sum += v;
        }
    const double mean = sum / n;
    for (const auto v : values)
        if (!std::isnan(v)) squares += (v - mean) * (v - mean);
    return {mean, n > 1 ? std::sqrt(squares / (n - 1) / n) : std::nan("")};
}

namespace {

using nlohmann::ordered_json;
using runs_t = std::span<const replication_figures>;

struct named_figure {
    const char* name;
    double class_figures::* value;
};

constexpr std::array<named_figure, 11> class_report{{{"offered", &class_figures::offered},
                                                     {"answered", &class_figures::answered},
                                                     {"abandoned", &class_figures::abandoned},
                                                     {"blocked", &class_figures::blocked},
                                                     {"p_wait", &class_figures::p_wait},
                                                     {"mean_wait_s", &class_figures::mean_wait_s},
                                                     {"asa_s", &class_figures::asa_s},
                                                     {"p_abandon", &class_figures::p_abandon},
                                                     {"p_blocked", &class_figures::p_blocked},
                                                     {"service_level", &class_figures::service_level},
                                                     {"served_per_s", &class_figures::served_per_s}}};

template <class Value>
ordered_json figure(runs_t runs, const Value& value) {
    std::vector<double> values;
    for (const auto& r : runs) values.push_back(value(r));
    const auto e = estimate_of(values);
    return {{"mean", e.mean}, {"se", e.se}}; // NaN becomes null
}

template <class Class>
ordered_json class_json(runs_t runs, const Class& of) {
    ordered_json all = ordered_json::object();
    for (const auto& f : class_report)
        all[f.name] = figure(runs, [&](const replication_figures& r) { return of(r).*f.value; });
    return all;
}

} // namespace

std::string report_json(const scenario& s, runs_t runs, double events_per_s) {
    ordered_json classes = ordered_json::object(), agents = ordered_json::object();
    for (std::size_t c = 0; c < s.classes.size(); ++c)
        classes[s.classes[c].name] =
            class_json(runs, [c](const replication_figures& r) -> const auto& { return r.classes[c]; });
    for (std::size_t g = 0; g < s.agents.size(); ++g)
        agents[s.agents[g].name]["occupancy"] =
            figure(runs, [g](const replication_figures& r) { return r.occupancy[g]; });
    const ordered_json report{
        {"classes", classes},
        {"agents", agents},
        {"total", class_json(runs, [](const replication_figures& r) -> const auto& { return r.total; })},
        {"events_per_s", std::round(events_per_s)}};
    return report.dump(2);
}

} // namespace switchboard::routing
