#include "app/progress_bar.hpp"

#include <fmt/format.h>

#include <cstdio>

#include <unistd.h>

namespace switchboard::app {

progress_bar::progress_bar(std::string_view title) : title_(title), shows_(isatty(STDERR_FILENO) == 1) {}

progress_bar::~progress_bar() {
    if (drawn_) fmt::print(stderr, "\r\033[K");
}

void progress_bar::show(double done) {
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

} // namespace switchboard::app
