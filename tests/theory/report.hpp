#pragma once

#include <switchboard/planning/simulator.hpp>

#include <functional>

/// The table of ./run theory: what the engine does under the simulator's clock beside what theory says it must.
namespace switchboard::theory {

using routing::estimate;
using runs = std::vector<routing::replication_figures>;

class report {
public:
    /// `quick`: a sixteenth of the work and five standard errors of room, to be run with the other tests.
    explicit report(bool quick) : quick_(quick) {}

    void section(std::string_view title);
    [[nodiscard]] bool thorough() const { return !quick_; }
    /// The replications of a scenario; in a quick report shorter ones.
    runs run(routing::scenario s);

    /// Fails unless measured and exact value are within three standard errors, and one is at most 1 % of the value.
    void exact(std::string_view figure, double value, const estimate& measured);
    /// A figure that others have simulated, with the standard error they give: fails beyond three of the difference.
    void published(std::string_view figure, double value, double se, const estimate& measured);
    /// The computed value against the one printed in the specification, which has so many decimals.
    void printed(std::string_view figure, double value, double printed, int decimals);
    void at_least(std::string_view figure, double bound, const estimate& measured);
    void at_most(std::string_view figure, double bound, const estimate& measured);

    /// The engine does not take a scenario.
    void refused(std::string_view why);

    [[nodiscard]] int failures() const { return failures_; }
    [[nodiscard]] int rows() const { return rows_; }
    [[nodiscard]] std::uint64_t events() const { return events_; }

private:
    void line(std::string_view figure, std::string_view theory, const estimate& measured, double off, bool fine);

    bool quick_;
    int failures_ = 0, rows_ = 0;
    std::uint64_t events_ = 0;
};

/// Mean and standard error of value(replication).
estimate over(const runs& r, const std::function<double(const routing::replication_figures&)>& value);
/// The same of one figure of one class, and of all.
estimate of_class(const runs& r, std::size_t cls, double routing::class_figures::* figure);
estimate of_total(const runs& r, double routing::class_figures::* figure);
estimate occupancy(const runs& r, std::size_t group);
estimate scaled(estimate e, double factor);

// Parts of scenarios.
routing::customer_class calls(std::string name, double rate, double handle_s = 1);
routing::agent_group people(int count, std::map<std::string, int> skills = {}, double speed = 1);
/// One class of calls for one pool.
routing::scenario one_pool(double rate, double handle_s, int agents);
/// Gives every agent the channels of all classes, one item of each, and the groups their names; a warm-up of 2 % of the
/// horizon.
routing::scenario finish(routing::scenario s, double horizon_s, int replications = 20);

// The cases, in the order of the report.
void erlang_cases(report& r);
void blocking_cases(report& r);
void general_time_cases(report& r);
void priority_cases(report& r);
void skill_cases(report& r);
void two_skill_cases(report& r);
void chain_cases(report& r);
void blending_cases(report& r);
void queue_ratio_cases(report& r);
void fairness_cases(report& r);

} // namespace switchboard::theory
