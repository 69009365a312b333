#include "app/scenario_run.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>

#include <unistd.h>

namespace switchboard::app {

namespace {

using wall_clock = std::chrono::steady_clock;

class progress_bar {
public:
    explicit progress_bar(std::string_view title) : title_(title), shows_(isatty(STDERR_FILENO) == 1) {}
    progress_bar(const progress_bar&) = delete;
    progress_bar& operator=(const progress_bar&) = delete;
    ~progress_bar() {
        if (drawn_) fmt::print(stderr, "\r\033[K");
    }

    void show(double done) {
        const auto now = wall_clock::now();
        if (!shows_ || now < next_) return;
        next_ = now + std::chrono::milliseconds{100};
        drawn_ = true;
        constexpr int width = 40;
        const auto full = static_cast<std::size_t>(done * width);
        const std::chrono::duration<double> taken = now - start_;
        fmt::print(stderr, "\r{} [{:<{}}] {:3.0f} %, {:.0f} s left \033[K", title_, std::string(full, '#'), width,
                   100 * done, done > 0 ? taken.count() * (1 - done) / done : 0.0);
        std::fflush(stderr);
    }

private:
    std::string title_;
    bool shows_;
    bool drawn_ = false;
    wall_clock::time_point start_ = wall_clock::now();
    wall_clock::time_point next_ = start_ + std::chrono::seconds{1};
};

} // namespace

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
    const auto start = wall_clock::now();
    for (int r = 0; r < s.replications; ++r) {
        auto one = routing::replicate(s, r, [&](double share) { bar.show((r + share) / s.replications); });
        if (!one) return std::unexpected(one.error());
        events += one->events;
        all.replications.push_back(std::move(*one));
    }
    const std::chrono::duration<double> taken = wall_clock::now() - start;
    all.events_per_s = static_cast<double>(events) / taken.count();
    return all;
}

} // namespace switchboard::app
