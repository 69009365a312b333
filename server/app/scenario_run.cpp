#include "app/scenario_run.hpp"

#include "app/progress_bar.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>

namespace switchboard::app {

std::optional<routing::scenario> load_scenario(const std::string& path, std::string_view command) {
    std::string text;
    const bool standard = path.empty() || path == "-";
    const auto read = [&](std::istream& in) { text.assign(std::istreambuf_iterator<char>(in), {}); };
    if (standard)
        read(std::cin);
    else {
        std::ifstream file(path, std::ios::binary);
        read(file);
        if (!file) {
            fmt::print(stderr, "switchboard {}: {} cannot be read\n", command, path);
            return {};
        }
    }
    auto parsed = routing::parse_scenario(text);
    if (parsed) return std::move(*parsed);
    for (const auto& e : parsed.error())
        fmt::print(stderr, "switchboard {}: {}{} {}\n", command, standard ? "" : path + ": ",
                   e.field.empty() ? "the scenario" : e.field, e.message);
    return {};
}

std::expected<scenario_run, routing::config_error> run_scenario(const routing::scenario& s, std::string_view title) {
    progress_bar bar(title);
    scenario_run all;
    std::uint64_t events = 0;
    const auto start = std::chrono::steady_clock::now();
    for (int r = 0; r < s.replications; ++r) {
        auto one = routing::replicate(s, r, [&](double share) { bar.show((r + share) / s.replications); });
        if (!one) return std::unexpected(one.error());
        events += one->events;
        all.replications.push_back(std::move(*one));
    }
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    all.events_per_s = static_cast<double>(events) / taken.count();
    return all;
}

} // namespace switchboard::app
