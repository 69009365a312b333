#include <switchboard/model/callback.hpp>

namespace switchboard {

after_attempt judge_attempt(const callback& c, std::string_view result, timestamp now) {
    if (result == "answered") return {};
    const auto next = now + std::chrono::seconds{c.retry_s};
    const bool left = std::ssize(c.attempts) < c.attempts_allowed;
    if (!left || (c.not_after && next >= *c.not_after)) return {after_attempt::kind::given_up};
    return {after_attempt::kind::again, next};
}

std::optional<wrong_window> judge_window(timestamp not_before, std::optional<timestamp> not_after, timestamp now) {
    constexpr auto furthest = std::chrono::hours{24 * 366};
    if (not_before > now + furthest) return wrong_window{"not_before", "must lie at most a year ahead"};
    if (!not_after) return std::nullopt;
    if (*not_after > now + furthest) return wrong_window{"not_after", "must lie at most a year ahead"};
    if (*not_after <= now) return wrong_window{"not_after", "must lie in the future"};
    if (*not_after <= not_before) return wrong_window{"not_after", "must lie after not_before"};
    return std::nullopt;
}

} // namespace switchboard
