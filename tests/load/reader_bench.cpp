// What the readers of outside bytes need for inputs that were made to keep them busy, at growing sizes, as a table.
// Usage: load_reader_bench [READER [LARGEST_KB]]. Lines that need more than 1 ms a KB, or grow faster than their size,
// are marked; the program then fails.
#include "support/hostile_readers.hpp"

#include <fmt/format.h>

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

namespace {

using namespace switchboard::test;

constexpr double most_ms_per_kb = 1, most_growth = 8; // the latter of four times the bytes

/// Prints a line of the table; whether the shape is read fast enough.
bool measure(const hostile_shape& shape, std::size_t largest) {
    double before = 0, worst = 0, growth = 0;
    for (std::size_t size = 16u << 10; size <= largest; size *= 4) {
        const auto ms = ms_to_read(shape.reader, bytes_of(shape, size));
        fmt::print(" {:>9.2f}", ms);
        std::fflush(stdout);
        worst = std::max(worst, ms * 1024 / static_cast<double>(size));
        if (before > 5) growth = std::max(growth, ms / before);
        before = ms;
        if (ms > 20'000) break; // seen enough
    }
    const bool bad = worst > most_ms_per_kb || growth > most_growth;
    fmt::print(" {:>10.3f}{}\n", worst, bad ? fmt::format("  SLOW (×{:.1f})", growth) : "");
    return !bad;
}

/// In a process of its own: one that ends is a line of the table too.
bool measured(const hostile_shape& shape, std::size_t largest) {
    fmt::print("{:<11} {:<46}", shape.reader, shape.name);
    std::fflush(stdout);
    const auto child = fork();
    if (child == 0) {
        const bool good = measure(shape, largest);
        std::fflush(stdout);
        _exit(good ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    int state = 0;
    waitpid(child, &state, 0);
    if (WIFSIGNALED(state)) fmt::print("  ENDED BY SIGNAL {}\n", WTERMSIG(state));
    return WIFEXITED(state) && WEXITSTATUS(state) == EXIT_SUCCESS;
}

} // namespace

int main(int count, char** arguments) {
    const std::string only = count > 1 ? arguments[1] : "";
    const auto largest = static_cast<std::size_t>(count > 2 ? std::atoi(arguments[2]) : 4096) << 10;
    fmt::print("{:<11} {:<46} {:>9} {:>9} {:>9} {:>9} {:>10}\n", "reader", "shape", "16 KB", "64 KB", "256 KB", "…",
               "ms per KB");
    int slow = 0;
    for (const auto& shape : hostile_shapes())
        if (only.empty() || only == shape.reader) slow += !measured(shape, largest);
    fmt::print("{} of {} shapes are read too slowly\n", slow, hostile_shapes().size());
    return slow == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
