#include "api/attempt_limit.hpp"

namespace switchboard::api {

bool attempt_limit::enter(const std::string& who, clock::time_point now) {
    if (attempts_.size() >= max_known)
        std::erase_if(attempts_, [&](const auto& entry) { return entry.second.back() + window_ < now; });
    if (attempts_.size() >= max_known && !attempts_.contains(who)) return false;
    auto& times = attempts_[who];
    while (!times.empty() && times.front() + window_ < now) times.pop_front();
    if (times.size() >= most_) return false;
    times.push_back(now);
    return true;
}

} // namespace switchboard::api
