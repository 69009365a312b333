#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace switchboard::app {

/// A line on stderr, if that is a terminal and the work takes longer than a second; gone with the object.
class progress_bar {
public:
    explicit progress_bar(std::string_view title);
    progress_bar(const progress_bar&) = delete;
    progress_bar& operator=(const progress_bar&) = delete;
    ~progress_bar();

    void show(double done); // 0..1

private:
    using wall_clock = std::chrono::steady_clock;

    std::string title_;
    bool shows_;
    bool drawn_ = false;
    wall_clock::time_point start_ = wall_clock::now();
    wall_clock::time_point next_ = start_ + std::chrono::seconds{1};
};

} // namespace switchboard::app
