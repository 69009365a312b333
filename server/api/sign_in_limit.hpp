#pragma once

#include <chrono>
#include <deque>
#include <string>
#include <unordered_map>

namespace switchboard::api {

/// Ten wrong passwords within five minutes, per login and address, and no more are tried until some are older.
class sign_in_limit {
public:
    using clock = std::chrono::steady_clock;

    /// Takes a place for this attempt; false when there is none. Taken before the password is checked, so that many
    /// attempts at once gain nothing.
    bool enter(const std::string& who, clock::time_point now = clock::now());

    /// The password was right.
    void forget(const std::string& who) { attempts_.erase(who); }

private:
    static constexpr std::size_t most = 10;
    static constexpr std::chrono::minutes window{5};
    static constexpr std::size_t max_known = 10'000;

    std::unordered_map<std::string, std::deque<clock::time_point>> attempts_;
};

} // namespace switchboard::api
