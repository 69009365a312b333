#pragma once

#include <switchboard/model/calendar.hpp>
#include <switchboard/model/refusal.hpp>
#include <switchboard/model/time.hpp>

#include <array>
#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace date {
class time_zone;
}

/// Pure rules of service: when it is open, and what is promised.
namespace switchboard::sla {

/// A calendar, read. It is open whenever the clock on its wall stands between two of its times: an hour that the clock
/// leaves out in spring does not come, one that it repeats in autumn comes twice.
class business_hours {
public:
    /// Always open.
    business_hours() = default;

    /// The error is what of the calendar makes no sense: the field, and why.
    static std::expected<business_hours, field_error> read(const calendar& c);

    [[nodiscard]] bool open_at(timestamp t) const;

    /// The first moment after `t` at which it opens or closes; empty = it stays as it is.
    [[nodiscard]] std::optional<timestamp> next_change(timestamp t) const;

    /// The first moment at which it has been open for `time` since `t`; empty = not within 50 years.
    [[nodiscard]] std::optional<timestamp> add(timestamp t, timestamp::duration time) const;

    /// How long it is open between the two; below 0 if `to` is before `from`.
    [[nodiscard]] timestamp::duration between(timestamp from, timestamp to) const;

private:
    /// Seconds since a midnight on the wall; `to` may lie in the next day.
    using span = std::pair<std::int64_t, std::int64_t>;
    struct interval {
        timestamp from{}, to{};
    };
    /// What is left from `t` on of the interval that contains it, or the next one; never one of no length. Cut where
    /// the zone changes its offset and where days meet. Empty = it never opens again.
    [[nodiscard]] std::optional<interval> next_open(timestamp t) const;
    [[nodiscard]] const std::vector<span>& opens_on(std::int64_t day) const;

    const date::time_zone* zone_ = nullptr;                           // null = always open
    std::array<std::vector<span>, 7> week_;                           // from Sunday, as std::chrono counts
    std::vector<std::pair<std::int64_t, std::vector<span>>> special_; // by day since 1970
};

} // namespace switchboard::sla
