#include "planning/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace switchboard::routing {

namespace {

using line_key = std::pair<queue_id, channel>;
using runs = std::vector<live_figures>;

/// The two-sided 95 % point of Student's t; beyond the table the expansion of Abramowitz & Stegun 26.7.5.
double t_quantile(std::size_t freedom) {
    static constexpr std::array<double, 10> table{12.706, 4.303, 3.182, 2.776, 2.571,
                                                  2.447,  2.365, 2.306, 2.262, 2.228};
    if (freedom <= table.size()) return table[freedom - 1];
    constexpr double z = 1.959964;
    const auto n = static_cast<double>(freedom);
    return z + (z * z * z + z) / (4 * n) + (5 * std::pow(z, 5) + 16 * z * z * z + 3 * z) / (96 * n * n);
}

simulated_figure figure_of(const std::vector<double>& values) {
    std::vector<double> known;
    for (const auto v : values)
        if (!std::isnan(v)) known.push_back(v);
    if (known.empty()) return {};
    const auto e = estimate_of(known);
    simulated_figure f;
    f.mean = e.mean;
    if (known.size() < 2) return f;
    const double half = t_quantile(known.size() - 1) * e.se;
    f.low = e.mean - half;
    f.high = e.mean + half;
    return f;
}

double wait_of(const live_tally& t) {
    return t.waited_s / (t.offered - t.turned_away);
}
double service_level_of(const live_tally& t) {
    return t.in_time / t.offered;
}

live_tally sum(const live_tally& a, const live_tally& b) {
    return {a.offered + b.offered,         a.answered + b.answered, a.abandoned + b.abandoned,
            a.turned_away + b.turned_away, a.in_time + b.in_time,   a.waited_s + b.waited_s};
}

/// The streams of each queue and channel.
std::map<line_key, std::vector<std::size_t>> lines_of(const live_center& c) {
    std::map<line_key, std::vector<std::size_t>> out;
    for (std::size_t s = 0; s < c.streams.size(); ++s)
        out[{c.streams[s].terms.queue, c.streams[s].terms.channel}].push_back(s);
    return out;
}

live_tally tally_of(const live_figures& f, const std::vector<std::size_t>& streams) {
    return std::accumulate(streams.begin(), streams.end(), live_tally{},
                           [&](const live_tally& t, std::size_t s) { return sum(t, f.streams[s]); });
}

template <class Value>
simulated_figure over(const runs& all, const Value& value) {
    std::vector<double> values;
    for (const auto& f : all) values.push_back(value(f));
    return figure_of(values);
}

double within_of(const live_center& c, line_key line, double live_within_s) {
    if (!deferrable_channels.contains(line.second)) return live_within_s;
    const auto q = std::ranges::find(c.queues, line.first, [](const auto& x) { return x.config.id; });
    return q == c.queues.end() ? live_within_s : std::chrono::duration<double>(q->config.due_in).count();
}

named queue_named(const live_center& c, queue_id id) {
    const auto q = std::ranges::find(c.queues, id, [](const auto& x) { return x.config.id; });
    return {id, q == c.queues.end() ? std::string{} : q->name};
}

simulated_world world_of(const live_center& c, const runs& all, double live_within_s) {
    simulated_world out;
    for (const auto& [key, streams] : lines_of(c)) {
        const auto one = [&](auto value) {
            return over(all, [&](const live_figures& f) { return value(tally_of(f, streams)); });
        };
        simulated_line line;
        line.queue = queue_named(c, key.first);
        line.channel = name_of(key.second);
        line.within_s = within_of(c, key, live_within_s);
        line.offered = one([](const live_tally& t) { return t.offered; });
        line.answered = one([](const live_tally& t) { return t.answered; });
        line.abandoned = one([](const live_tally& t) { return t.abandoned; });
        line.turned_away = one([](const live_tally& t) { return t.turned_away; });
        line.mean_wait_s = one(wait_of);
        line.service_level = one(service_level_of);
        out.lines.push_back(std::move(line));
    }
    for (std::size_t a = 0; a < c.agents.size(); ++a) {
        if (c.agents[a].there.none() || c.agents[a].config.memberships.empty()) continue;
        out.agents.push_back({{c.agents[a].config.id, c.agents[a].name},
                              over(all, [a](const live_figures& f) { return f.occupancy[a]; })});
    }
    std::array<bool, 24> worked{};
    for (const auto h : c.hours) worked[h % 24] = true;
    for (std::size_t h = 0; h < worked.size(); ++h) {
        if (!worked[h]) continue;
        out.hours.push_back({static_cast<std::int64_t>(h),
                             over(all, [h](const live_figures& f) { return f.hours[h].offered; }),
                             over(all, [h](const live_figures& f) { return wait_of(f.hours[h]); }),
                             over(all, [h](const live_figures& f) { return service_level_of(f.hours[h]); })});
    }
    return out;
}

std::vector<simulated_difference> differences_of(const live_center& c, const runs& as_is, const runs& changed) {
    std::vector<simulated_difference> out;
    for (const auto& [key, streams] : lines_of(c)) {
        const auto one = [&](auto value) {
            std::vector<double> values;
            for (std::size_t r = 0; r < as_is.size(); ++r)
                values.push_back(value(tally_of(changed[r], streams)) - value(tally_of(as_is[r], streams)));
            return figure_of(values);
        };
        out.push_back({queue_named(c, key.first), std::string{name_of(key.second)}, one(wait_of), one(service_level_of),
                       one([](const live_tally& t) { return t.abandoned; })});
    }
    return out;
}

double customers_of(const live_center& c) {
    double n = 0;
    for (const auto& s : c.streams)
        for (const auto h : c.hours) n += s.per_hour[h];
    return n;
}

std::vector<double> targets_of(const live_center& c, double live_within_s) {
    std::vector<double> out;
    for (const auto& s : c.streams) out.push_back(within_of(c, {s.terms.queue, s.terms.channel}, live_within_s));
    return out;
}

} // namespace

std::expected<simulation, config_error> compare(const live_center& as_is, const live_center& changed,
                                                const compare_options& options) {
    if (as_is.hours.empty() || as_is.streams.empty())
        return std::unexpected(config_error{"", "nothing is recorded yet: there are no arrivals to repeat"});
    const double customers = (customers_of(as_is) + customers_of(changed)) * options.replications;
    if (customers > options.most_customers)
        return std::unexpected(config_error{
            "replications", fmt::format("with so many it would be {:.0f} customers; at most {:.0f} are simulated here",
                                        customers, options.most_customers)});
    const std::array worlds{&as_is, &changed};
    std::array<runs, 2> done;
    std::uint64_t unfinished = 0;
    for (int r = 0; r < options.replications; ++r)
        for (std::size_t w = 0; w < worlds.size(); ++w) {
            const auto within = targets_of(*worlds[w], options.live_within_s);
            live_run one(*worlds[w], within, options.seed, r);
            if (auto opened = one.open(); !opened) return std::unexpected(opened.error());
            auto figures = one.run(options.stop, [&](double share) {
                if (options.told)
                    options.told((2.0 * r + static_cast<double>(w) + share) / (2.0 * options.replications));
            });
            if (!figures) return std::unexpected(config_error{"", "stopped"});
            unfinished += figures->unfinished;
            done[w].push_back(std::move(*figures));
        }
    simulation out;
    out.recorded_from = as_is.recorded_from;
    out.recorded_until = as_is.recorded_until;
    out.time_zone = as_is.time_zone;
    out.simulated_hours = static_cast<std::int64_t>(as_is.hours.size());
    out.replications = options.replications;
    out.as_is = world_of(as_is, done[0], options.live_within_s);
    out.changed = world_of(changed, done[1], options.live_within_s);
    out.differences = differences_of(as_is, done[0], done[1]);
    out.notes = as_is.notes;
    if (unfinished > 0)
        out.notes.push_back(fmt::format("{} customers still waited when a run ended and count with their wait so far: "
                                        "the agents cannot keep up.",
                                        unfinished));
    return out;
}

} // namespace switchboard::routing
