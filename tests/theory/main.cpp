#include "theory/report.hpp"

#include <fmt/format.h>

#include <chrono>
#include <stdexcept>
#include <string_view>

int main(int argc, char** argv) {
    using namespace switchboard::theory;
    const bool quick = argc > 1 && std::string_view(argv[1]) == "--quick";
    report r(quick);
    const auto start = std::chrono::steady_clock::now();
    for (const auto cases : {erlang_cases, blocking_cases, general_time_cases, priority_cases, skill_cases,
                             two_skill_cases, blending_cases, queue_ratio_cases, fairness_cases})
        try {
            cases(r);
        } catch (const std::invalid_argument& refused) {
            r.refused(refused.what());
        }
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    fmt::print("\n{} figures, {} failed; {} million events in {:.0f} s\n", r.rows(), r.failures(),
               r.events() / 1'000'000, taken.count());
    return r.failures() == 0 ? 0 : 1;
}
