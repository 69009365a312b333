#include <switchboard/sla/business_hours.hpp>

#include <switchboard/util/time.hpp>

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace switchboard::sla {

namespace {

namespace chrono = std::chrono;
using std::chrono::seconds;

constexpr std::int64_t day_s = 86'400;
// A week repeats itself after the last special day, but for an hour that falls into a change of the clock.
constexpr std::int64_t look_ahead_days = 15;
constexpr chrono::days farthest{50 * 366};

using span = std::pair<std::int64_t, std::int64_t>;

std::optional<std::int64_t> digits(std::string_view& text, std::size_t count) {
    if (text.size() < count) return std::nullopt;
    std::int64_t value = 0;
    for (const char c : text.substr(0, count)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    text.remove_prefix(count);
    return value;
}

bool skip(std::string_view& text, char c) {
    if (!text.starts_with(c)) return false;
    text.remove_prefix(1);
    return true;
}

/// "HH:MM" or "HH:MM:SS", up to "24:00".
std::optional<std::int64_t> time_of_day(std::string_view text) {
    const auto h = digits(text, 2);
    const auto m = h && skip(text, ':') ? digits(text, 2) : std::nullopt;
    if (!m) return std::nullopt;
    std::int64_t s = 0;
    if (skip(text, ':')) {
        const auto given = digits(text, 2);
        if (!given) return std::nullopt;
        s = *given;
    }
    if (!text.empty() || *h > 24 || *m > 59 || s > 59) return std::nullopt;
    const auto total = *h * 3600 + *m * 60 + s;
    return total <= day_s ? std::optional{total} : std::nullopt;
}

std::optional<std::int64_t> day_of(std::string_view text) {
    const auto y = digits(text, 4);
    const auto m = y && skip(text, '-') ? digits(text, 2) : std::nullopt;
    const auto d = m && skip(text, '-') ? digits(text, 2) : std::nullopt;
    if (!d || !text.empty()) return std::nullopt;
    const chrono::year_month_day ymd{chrono::year{static_cast<int>(*y)}, chrono::month{static_cast<unsigned>(*m)},
                                     chrono::day{static_cast<unsigned>(*d)}};
    if (!ymd.ok()) return std::nullopt;
    return chrono::sys_days{ymd}.time_since_epoch().count();
}

/// Adds from–to to a day's openings, in order.
std::optional<field_error> add_span(std::vector<span>& day, const std::string& from, const std::string& to,
                                    const std::string& where) {
    const auto opens = time_of_day(from), closes = time_of_day(to);
    if (!opens || *opens == day_s) return field_error{where + ".from", "must be a time of day, like 09:00"};
    if (!closes) return field_error{where + ".to", "must be a time of day, like 17:30, up to 24:00"};
    if (*opens == *closes) return field_error{where + ".to", "is when it opens; a whole day is 00:00 to 24:00"};
    const span made{*opens, *closes > *opens ? *closes : *closes + day_s};
    for (const auto& other : day)
        if (made.first < other.second && other.first < made.second)
            return field_error{where, "overlaps another opening of this day"};
    day.insert(std::ranges::upper_bound(day, made), made);
    return std::nullopt;
}

std::int64_t wall_day(seconds since_1970_on_the_wall) {
    return chrono::floor<chrono::days>(since_1970_on_the_wall).count();
}

} // namespace

std::expected<business_hours, field_error> business_hours::read(const calendar& c) {
    business_hours out;
    if (!is_timezone(c.timezone)) return std::unexpected{field_error{"timezone", "is no IANA time zone"}};
    out.zone_ = date::locate_zone(c.timezone);
    for (std::size_t i = 0; i < c.hours.size(); ++i) {
        const auto& h = c.hours[i];
        const auto where = fmt::format("hours[{}]", i);
        auto& openings = out.week_[static_cast<std::size_t>(week_day{h.day})];
        if (auto fault = add_span(openings, h.from, h.to, where)) return std::unexpected{std::move(*fault)};
    }
    for (std::size_t i = 0; i < c.special_days.size(); ++i) {
        const auto& special = c.special_days[i];
        const auto where = fmt::format("special_days[{}]", i);
        const auto day = day_of(special.date);
        if (!day) return std::unexpected{field_error{where + ".date", "must be a date, like 2026-12-25"}};
        if (std::ranges::find(out.special_, *day, [](const auto& s) { return s.first; }) != out.special_.end())
            return std::unexpected{field_error{where + ".date", "stands there twice"}};
        std::vector<span> openings;
        for (std::size_t k = 0; k < special.hours.size(); ++k)
            if (auto fault = add_span(openings, special.hours[k].from, special.hours[k].to,
                                      fmt::format("{}.hours[{}]", where, k)))
                return std::unexpected{std::move(*fault)};
        out.special_.emplace_back(*day, std::move(openings));
    }
    std::ranges::sort(out.special_);
    return out;
}

const std::vector<business_hours::span>& business_hours::opens_on(std::int64_t day) const {
    const auto special = std::ranges::lower_bound(special_, day, {}, [](const auto& s) { return s.first; });
    if (special != special_.end() && special->first == day) return special->second;
    const chrono::weekday w{chrono::sys_days{chrono::days{day}}};
    return week_[w.c_encoding()];
}

std::optional<business_hours::interval> business_hours::next_open(timestamp t) const {
    if (zone_ == nullptr) return interval{t, timestamp::max()};
    auto last_day = wall_day(chrono::floor<seconds>(t).time_since_epoch());
    if (!special_.empty()) last_day = std::max(last_day, special_.back().first);
    last_day += look_ahead_days;
    // One stretch of equal offset after the other: inside it the wall is a plain shift, so nothing is ambiguous.
    for (auto at = t;;) {
        const auto info = zone_->get_info(chrono::floor<seconds>(at));
        const auto moment = [&](std::int64_t day, std::int64_t s) {
            return timestamp{chrono::days{day} + seconds{s} - info.offset};
        };
        // The zone's last stretch ends beyond what microseconds can count.
        const bool is_last = info.end >= date::sys_seconds{date::sys_days{date::year{9000} / 1 / 1}};
        const auto end = is_last ? timestamp::max() : timestamp{info.end};
        const auto first = wall_day((chrono::floor<seconds>(at) + info.offset).time_since_epoch()) - 1;
        for (auto day = first; day <= last_day && moment(day, 0) < end; ++day)
            for (const auto& [from, to] : opens_on(day)) {
                const interval found{std::max(moment(day, from), at), std::min(moment(day, to), end)};
                if (found.from < found.to) return found;
            }
        if (is_last || end > moment(last_day, 0)) return std::nullopt;
        at = end;
    }
}

bool business_hours::open_at(timestamp t) const {
    const auto found = next_open(t);
    return found && found->from == t;
}

std::optional<timestamp> business_hours::next_change(timestamp t) const {
    if (zone_ == nullptr) return std::nullopt;
    auto found = next_open(t);
    if (!found) return std::nullopt;
    if (found->from > t) return found->from;
    auto last = std::max(t, timestamp{chrono::days{special_.empty() ? 0 : special_.back().first}});
    last += chrono::days{look_ahead_days};
    for (auto until = found->to; until <= last; until = found->to) { // what adjoins is one
        found = next_open(until);
        if (!found || found->from > until) return until;
    }
    return std::nullopt;
}

std::optional<timestamp> business_hours::add(timestamp t, timestamp::duration time) const {
    if (zone_ == nullptr || time <= timestamp::duration::zero()) return t + time;
    for (auto at = t; at < t + farthest;) {
        const auto found = next_open(at);
        if (!found) return std::nullopt;
        if (found->to - found->from >= time) return found->from + time;
        time -= found->to - found->from;
        at = found->to;
    }
    return std::nullopt;
}

timestamp::duration business_hours::between(timestamp from, timestamp to) const {
    if (to < from) return -between(to, from);
    if (zone_ == nullptr) return to - from;
    timestamp::duration open{0};
    for (auto at = from; at < to;) {
        const auto found = next_open(at);
        if (!found || found->from >= to) break;
        open += std::min(found->to, to) - found->from;
        at = found->to;
    }
    return open;
}

} // namespace switchboard::sla
