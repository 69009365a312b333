#include "theory/report.hpp"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

namespace switchboard::theory {

namespace {

constexpr double quick_share = 1.0 / 16;

std::string number(double x) {
    return fmt::format("{:.5f}", x);
}

} // namespace

void report::section(std::string_view title) {
    fmt::print("\n{}\n{:<48} {:>12} {:>12} {:>10} {:>7}\n", title, "", "theory", "measured", "se", "off/se");
}

runs report::run(routing::scenario s) {
    constexpr int many = 100; // these are about the replications themselves, each of its own length
    if (quick_ && s.replications >= many)
        s.replications = static_cast<int>(s.replications * quick_share);
    else if (quick_) {
        s.horizon_s *= quick_share;
        s.warmup_s *= quick_share;
    }
    runs all;
    for (int r = 0; r < s.replications; ++r) {
        auto one = routing::replicate(s, r);
        if (!one) throw std::invalid_argument(one.error().field + " " + one.error().message);
        events_ += one->events;
        all.push_back(std::move(*one));
    }
    return all;
}

void report::line(std::string_view figure, std::string_view theory, const estimate& measured, double off, bool fine) {
    fmt::print("{:<48} {:>12} {:>12} {:>10} {:>7} {}\n", figure, theory, number(measured.mean),
               std::isnan(measured.se) ? "" : number(measured.se), std::isnan(off) ? "" : fmt::format("{:+.2f}", off),
               fine ? "ok" : "FAILED");
    ++rows_;
    failures_ += fine ? 0 : 1;
}

void report::exact(std::string_view figure, double value, const estimate& measured) {
    const double off = (measured.mean - value) / measured.se;
    const bool sharp = quick_ || measured.se <= 0.01 * std::abs(value);
    line(figure, number(value), measured, off, std::abs(off) <= (quick_ ? 5 : 3) && sharp);
}

void report::published(std::string_view figure, double value, double se, const estimate& measured) {
    const double off = (measured.mean - value) / std::hypot(measured.se, se);
    line(figure, fmt::format("{:.4g}±{:.2g}", value, se), measured, off, std::abs(off) <= (quick_ ? 5 : 3));
}

void report::printed(std::string_view figure, double value, double printed, int decimals) {
    const double slack = 0.6 * std::pow(10, -decimals);
    line(fmt::format("  {}: printed and computed", figure), fmt::format("{:.{}f}", printed, decimals),
         {value, std::nan("")}, std::nan(""), std::abs(value - printed) <= slack);
}

void report::at_least(std::string_view figure, double bound, const estimate& measured) {
    line(figure, fmt::format(">= {:.4g}", bound), measured, std::nan(""), measured.mean >= bound || quick_);
}

void report::at_most(std::string_view figure, double bound, const estimate& measured) {
    line(figure, fmt::format("<= {:.4g}", bound), measured, std::nan(""), measured.mean <= bound || quick_);
}

void report::refused(std::string_view why) {
    fmt::print("REFUSED: {}\n", why);
    ++failures_;
}

estimate over(const runs& r, const std::function<double(const routing::replication_figures&)>& value) {
    std::vector<double> values;
    for (const auto& one : r) values.push_back(value(one));
    return routing::estimate_of(values);
}

estimate of_class(const runs& r, std::size_t cls, double routing::class_figures::* figure) {
    return over(r, [&](const auto& one) { return one.classes[cls].*figure; });
}

estimate of_total(const runs& r, double routing::class_figures::* figure) {
    return over(r, [&](const auto& one) { return one.total.*figure; });
}

estimate occupancy(const runs& r, std::size_t group) {
    return over(r, [&](const auto& one) { return one.occupancy[group]; });
}

estimate scaled(estimate e, double factor) {
    return {e.mean * factor, e.se * factor};
}

routing::customer_class calls(std::string name, double rate, double handle_s) {
    return {.name = std::move(name), .gap = {.mean = 1 / rate}, .handle = {.mean = handle_s}};
}

routing::agent_group people(int count, std::map<std::string, int> skills, double speed) {
    return {.count = count, .skills = std::move(skills), .speed = speed};
}

routing::scenario one_pool(double rate, double handle_s, int agents) {
    return {.classes = {calls("calls", rate, handle_s)}, .agents = {people(agents)}};
}

routing::scenario finish(routing::scenario s, double horizon_s, int replications) {
    s.horizon_s = horizon_s;
    s.warmup_s = 0.02 * horizon_s;
    s.replications = replications;
    for (std::size_t g = 0; g < s.agents.size(); ++g) {
        s.agents[g].name = std::to_string(g + 1);
        for (const auto& c : s.classes) s.agents[g].channels[static_cast<std::size_t>(c.channel)] = 1;
    }
    return s;
}

} // namespace switchboard::theory
