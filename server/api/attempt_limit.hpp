#pragma once

#include <chrono>
#include <deque>
#include <string>
#include <unordered_map>

namespace switchboard::api {

/// So many attempts within a window by anybody (a login and address, say), and no more until some are older.
class attempt_limit {
public:
    using clock = std::chrono::steady_clock;

    attempt_limit(std::size_t most, clock::duration window) : most_{most}, window_{window} {}

    /// Takes a place for this attempt; false when there is none. Taken before the work is done, so that many
    /// attempts at once gain nothing.
    bool enter(const std::string& who, clock::time_point now = clock::now());

    /// It was right.
    void forget(const std::string& who) { attempts_.erase(who); }

private:
    static constexpr std::size_t max_known = 10'000;

    std::size_t most_;
    clock::duration window_;
    std::unordered_map<std::string, std::deque<clock::time_point>> attempts_;
};

} // namespace switchboard::api
