#include "theory/report.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <span>
#include <stdexcept>
#include <string_view>

namespace {

using namespace switchboard::theory;

struct chapter {
    std::string_view name;
    void (*write)(report&);
};
constexpr std::array<chapter, 10> chapters{{{"erlang", erlang_cases},
                                            {"blocking", blocking_cases},
                                            {"general_times", general_time_cases},
                                            {"priority", priority_cases},
                                            {"skills", skill_cases},
                                            {"two_skills", two_skill_cases},
                                            {"chains", chain_cases},
                                            {"blending", blending_cases},
                                            {"queue_ratio", queue_ratio_cases},
                                            {"fairness", fairness_cases}}};

} // namespace

/// theory [--quick] [CHAPTER]
int main(int argc, char** argv) {
    bool quick = false;
    std::string_view only;
    for (const std::string_view argument : std::span(argv, static_cast<std::size_t>(argc)).subspan(1)) {
        if (argument == "--quick")
            quick = true;
        else
            only = argument;
    }

    report r(quick);
    const auto start = std::chrono::steady_clock::now();
    for (const auto& [name, write] : chapters) {
        if (!only.empty() && name != only) continue;
        try {
            write(r);
        } catch (const std::invalid_argument& refused) {
            r.refused(refused.what());
        }
    }
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    fmt::print("\n{} figures, {} failed; {} million events in {:.0f} s\n", r.rows(), r.failures(),
               r.events() / 1'000'000, taken.count());
    return r.rows() > 0 && r.failures() == 0 ? 0 : 1;
}
