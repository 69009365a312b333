#include <switchboard/sla/business_hours.hpp>

#include <switchboard/util/time.hpp>

#include <date/tz.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>

namespace switchboard::sla {
namespace {

using namespace std::chrono_literals;
using std::chrono::minutes;

business_hours hours_of(const calendar& c) {
    auto read = business_hours::read(c);
    if (!read) throw std::invalid_argument{read.error().field + " " + read.error().message};
    return std::move(*read);
}

timestamp local(std::string_view text, std::string_view zone = "Europe/Berlin") {
    return parse_local(std::string{text} + ":00", zone).value();
}

calendar office(std::string zone = "Europe/Berlin") {
    calendar c{.id = 1, .name = "Office", .timezone = std::move(zone), .hours = {}, .special_days = {}, .version = 1};
    for (const auto day : {week_day::mon, week_day::tue, week_day::wed, week_day::thu, week_day::fri}) {
        c.hours.push_back({day, "09:00", "12:30"});
        c.hours.push_back({day, "13:30", "17:00"});
    }
    return c;
}

TEST(business_hours, follow_the_week) {
    const auto h = hours_of(office());
    EXPECT_FALSE(h.open_at(local("2026-11-23 08:59")));
    EXPECT_TRUE(h.open_at(local("2026-11-23 09:00"))) << "from the first moment";
    EXPECT_FALSE(h.open_at(local("2026-11-23 12:30"))) << "up to the last, which is out";
    EXPECT_TRUE(h.open_at(local("2026-11-23 12:30") - 1us));
    EXPECT_FALSE(h.open_at(local("2026-11-22 10:00"))) << "a Sunday";
    EXPECT_EQ(h.next_change(local("2026-11-23 10:00")), local("2026-11-23 12:30"));
    EXPECT_EQ(h.next_change(local("2026-11-23 12:30")), local("2026-11-23 13:30")) << "after, never at";
    EXPECT_EQ(h.next_change(local("2026-11-27 17:00")), local("2026-11-30 09:00")) << "over the weekend";
}

TEST(business_hours, count_only_while_it_is_open) {
    const auto h = hours_of(office());
    EXPECT_EQ(h.add(local("2026-11-27 16:00"), 2h), local("2026-11-30 10:00")) << "Friday's hour and Monday's";
    EXPECT_EQ(h.add(local("2026-11-28 16:00"), 1h), local("2026-11-30 10:00")) << "received on a Saturday";
    EXPECT_EQ(h.add(local("2026-11-23 12:00"), 30min), local("2026-11-23 12:30"))
        << "when it closes, not when it opens";
    EXPECT_EQ(h.add(local("2026-11-28 16:00"), 0s), local("2026-11-28 16:00"));
    EXPECT_EQ(h.between(local("2026-11-23 00:00"), local("2026-11-30 00:00")), 35h);
    EXPECT_EQ(h.between(local("2026-11-30 00:00"), local("2026-11-23 00:00")), -35h);
}

TEST(business_hours, without_a_calendar_are_always) {
    const business_hours h;
    const auto t = local("2026-11-22 03:00");
    EXPECT_TRUE(h.open_at(t));
    EXPECT_EQ(h.next_change(t), std::nullopt);
    EXPECT_EQ(h.add(t, 7h), t + 7h);
    EXPECT_EQ(h.between(t, t + 7h), 7h);
}

TEST(business_hours, around_the_clock_never_change_not_even_with_the_clock) {
    calendar c{.id = 1, .name = "Always", .timezone = "Europe/Berlin", .hours = {}, .special_days = {}, .version = 1};
    for (const auto day :
         {week_day::mon, week_day::tue, week_day::wed, week_day::thu, week_day::fri, week_day::sat, week_day::sun})
        c.hours.push_back({day, "00:00", "24:00"});
    const auto h = hours_of(c);
    EXPECT_EQ(h.next_change(local("2026-03-28 12:00")), std::nullopt);
    EXPECT_EQ(h.between(local("2026-03-29 00:00"), local("2026-03-30 00:00")), 23h);
    EXPECT_EQ(h.between(local("2026-10-25 00:00"), local("2026-10-26 00:00")), 25h);
    EXPECT_EQ(h.add(local("2026-03-01 00:00"), 24h * 60), local("2026-03-01 00:00") + 24h * 60);
}

TEST(business_hours, that_are_none_never_open) {
    calendar c{.id = 1, .name = "Never", .timezone = "Asia/Kolkata", .hours = {}, .special_days = {}, .version = 1};
    const auto never = hours_of(c);
    const auto t = local("2026-11-22 03:00");
    EXPECT_FALSE(never.open_at(t));
    EXPECT_EQ(never.next_change(t), std::nullopt);
    EXPECT_EQ(never.add(t, 1s), std::nullopt);
    EXPECT_EQ(never.between(t, t + 24h * 365), 0s);

    c.special_days = {{"2029-07-01", "The fair", {{"10:00", "16:00"}}}};
    const auto once = hours_of(c);
    EXPECT_EQ(once.next_change(t), local("2029-07-01 10:00", "Asia/Kolkata"));
    EXPECT_EQ(once.add(t, 6h), local("2029-07-01 16:00", "Asia/Kolkata"));
    EXPECT_EQ(once.add(t, 7h), std::nullopt) << "it opens for six hours, once";
}

TEST(business_hours, of_a_special_day_take_the_place_of_the_weeks) {
    auto c = office();
    c.special_days = {{"2026-12-25", "Christmas", {}}, {"2026-12-24", "Christmas Eve", {{"09:00", "12:00"}}}};
    const auto h = hours_of(c);
    EXPECT_TRUE(h.open_at(local("2026-12-24 11:59")));
    EXPECT_EQ(h.next_change(local("2026-12-24 11:00")), local("2026-12-24 12:00"));
    EXPECT_EQ(h.next_change(local("2026-12-24 12:00")), local("2026-12-28 09:00")) << "the holiday, then a weekend";
    EXPECT_EQ(h.add(local("2026-12-24 11:00"), 2h), local("2026-12-28 10:00"));
}

TEST(business_hours, may_cross_midnight_into_a_holiday) {
    calendar c{.id = 1,
               .name = "Night",
               .timezone = "Europe/Berlin",
               .hours = {{week_day::thu, "22:00", "06:00"},
                         {week_day::fri, "05:00", "08:00"},
                         {week_day::fri, "22:00", "06:00"}},
               .special_days = {},
               .version = 1};
    const auto h = hours_of(c);
    EXPECT_EQ(h.next_change(local("2026-12-24 23:00")), local("2026-12-25 08:00")) << "one opening takes up the other";
    EXPECT_EQ(h.between(local("2026-12-24 00:00"), local("2026-12-26 00:00")), 12h) << "05:00 to 06:00 counts once";
    c.special_days = {{"2026-12-25", "Christmas", {}}};
    const auto with_holiday = hours_of(c);
    EXPECT_EQ(with_holiday.next_change(local("2026-12-24 23:00")), local("2026-12-25 06:00"))
        << "what opened the day before stays open; nothing opens on the day itself";
    EXPECT_FALSE(with_holiday.open_at(local("2026-12-26 01:00")));
}

TEST(business_hours, miss_the_hour_that_the_clock_leaves_out_and_have_the_repeated_one_twice) {
    calendar c{.id = 1,
               .name = "Nightly",
               .timezone = "Europe/Berlin",
               .hours = {{week_day::sun, "02:15", "02:45"}},
               .special_days = {},
               .version = 1};
    const auto h = hours_of(c);
    const auto spring = local("2026-03-29 00:00"), autumn = local("2026-10-25 00:00");
    EXPECT_EQ(h.between(spring, spring + 23h), 0s);
    EXPECT_EQ(h.next_change(spring), local("2026-04-05 02:15"));
    EXPECT_EQ(h.between(autumn, autumn + 25h), 60min);
    EXPECT_EQ(h.next_change(autumn), autumn + 2h + 15min);
    EXPECT_EQ(h.next_change(autumn + 2h + 45min), autumn + 3h + 15min) << "the same time on the wall again";
}

TEST(business_hours, are_refused_with_the_field_that_is_wrong) {
    const auto fault = [](auto change) {
        auto c = office();
        c.special_days = {{"2026-12-24", "Eve", {{"09:00", "12:00"}}}};
        change(c);
        const auto read = business_hours::read(c);
        return read ? std::string{"none"} : read.error().field;
    };
    EXPECT_EQ(fault([](calendar&) {}), "none");
    EXPECT_EQ(fault([](calendar& c) { c.timezone = "Europe/Atlantis"; }), "timezone");
    EXPECT_EQ(fault([](calendar& c) { c.timezone = ""; }), "timezone");
    EXPECT_EQ(fault([](calendar& c) { c.hours[2].from = "9:00"; }), "hours[2].from");
    EXPECT_EQ(fault([](calendar& c) { c.hours[2].from = "24:00"; }), "hours[2].from");
    EXPECT_EQ(fault([](calendar& c) { c.hours[2].to = "24:01"; }), "hours[2].to");
    EXPECT_EQ(fault([](calendar& c) { c.hours[2].to = "17:60"; }), "hours[2].to");
    EXPECT_EQ(fault([](calendar& c) { c.hours[2].to = "09:00"; }), "hours[2].to") << "open for no time, or for a day?";
    EXPECT_EQ(fault([](calendar& c) { c.hours.push_back({week_day::mon, "12:29", "13:00"}); }), "hours[10]");
    EXPECT_EQ(fault([](calendar& c) { c.special_days[0].date = "2026-02-30"; }), "special_days[0].date");
    EXPECT_EQ(fault([](calendar& c) { c.special_days.push_back(c.special_days[0]); }), "special_days[1].date");
    EXPECT_EQ(fault([](calendar& c) { c.special_days[0].hours.push_back({"11:00", "13:00"}); }),
              "special_days[0].hours[1]");
}

// The same by looking at the wall minute by minute, which knows nothing of intervals
// --------------------------------------

/// Minutes of the day in which it opens, by weekday from Sunday and by date.
struct wall {
    std::string zone;
    std::array<std::vector<std::pair<int, int>>, 7> week;
    std::map<std::string, std::vector<std::pair<int, int>>> special;

    bool open_at(timestamp t) const {
        const date::zoned_time<std::chrono::seconds> z{zone, std::chrono::floor<std::chrono::seconds>(t)};
        const auto now = z.get_local_time();
        const auto day = std::chrono::floor<date::days>(now);
        const auto minute = static_cast<int>(std::chrono::floor<minutes>(now - day).count());
        const auto on = [&](date::local_days d) -> const std::vector<std::pair<int, int>>& {
            const auto it = special.find(date::format("%F", d));
            return it != special.end() ? it->second : week[date::weekday{d}.c_encoding()];
        };
        for (const auto& [from, to] : on(day))
            if (minute >= from && (to <= from || minute < to)) return true;
        for (const auto& [from, to] : on(day - date::days{1}))
            if (to <= from && minute < to) return true;
        return false;
    }

    static std::string clock(int minute) { return fmt::format("{:02}:{:02}", minute / 60, minute % 60); }
    calendar to_calendar() const {
        calendar c{.id = 1, .name = "Random", .timezone = zone, .hours = {}, .special_days = {}, .version = 1};
        for (std::size_t d = 0; d < 7; ++d)
            for (const auto& [from, to] : week[d])
                c.hours.push_back({static_cast<week_day>(d), clock(from), clock(to)});
        for (const auto& [day, openings] : special) {
            c.special_days.push_back({day, "", {}});
            for (const auto& [from, to] : openings) c.special_days.back().hours.push_back({clock(from), clock(to)});
        }
        return c;
    }
};

struct zone_and_day {
    const char* zone;
    const char* around; // a date near which its clock changes
};

class random_calendars : public testing::TestWithParam<zone_and_day> {};

TEST_P(random_calendars, agree_with_a_walk_along_the_wall) {
    std::mt19937 dice{20261122};
    const auto roll = [&](int n) { return std::uniform_int_distribution{0, n - 1}(dice); };
    const auto openings = [&] {
        std::vector<int> marks;
        for (int i = roll(4) * 2; i > 0; --i) marks.push_back(roll(1440));
        std::ranges::sort(marks);
        marks.erase(std::ranges::unique(marks).begin(), marks.end());
        std::vector<std::pair<int, int>> out;
        for (std::size_t i = 0; i + 1 < marks.size(); i += 2) out.emplace_back(marks[i], marks[i + 1]);
        if (!out.empty() && out.back().first > 0 && roll(3) == 0)
            out.back().second = roll(out.back().first); // into the next day
        return out;
    };
    const auto middle = local(std::string{GetParam().around} + " 00:00", GetParam().zone);
    const auto begin = middle - 48h;
    constexpr int length = 5 * 1440;
    for (int round = 0; round < 12; ++round) {
        wall w{GetParam().zone, {}, {}};
        for (auto& day : w.week)
            if (roll(4) > 0) day = openings();
        const auto special_day = std::chrono::floor<date::days>(middle + 24h * (roll(3) - 1));
        if (roll(2) == 0) w.special[date::format("%F", special_day)] = openings();
        const auto h = hours_of(w.to_calendar());

        std::vector<bool> open(length);
        for (int m = 0; m < length; ++m) {
            open[static_cast<std::size_t>(m)] = w.open_at(begin + minutes{m});
            ASSERT_EQ(h.open_at(begin + minutes{m}), open[static_cast<std::size_t>(m)])
                << GetParam().zone << " round " << round << " at " << to_rfc3339(begin + minutes{m});
        }
        for (int from = roll(60); from < length; from += 1 + roll(200)) {
            int change = from + 1;
            while (change < length && open[static_cast<std::size_t>(change)] == open[static_cast<std::size_t>(from)])
                ++change;
            if (change < length) {
                ASSERT_EQ(h.next_change(begin + minutes{from}), begin + minutes{change}) << GetParam().zone;
            }
            const int to = from + roll(length - from);
            const auto counted = std::count(open.begin() + from, open.begin() + to, true);
            ASSERT_EQ(h.between(begin + minutes{from}, begin + minutes{to}), minutes{counted}) << GetParam().zone;
            if (counted > 0) {
                const auto sum = h.add(begin + minutes{from}, minutes{counted});
                ASSERT_TRUE(sum);
                ASSERT_LE(*sum, begin + minutes{to}) << "the first moment at which so much has passed";
                ASSERT_EQ(h.between(begin + minutes{from}, *sum), minutes{counted});
                ASSERT_LT(h.between(begin + minutes{from}, *sum - 1us), minutes{counted});
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(
    real_zones, random_calendars,
    testing::Values(zone_and_day{"Europe/Berlin", "2026-03-29"}, zone_and_day{"Europe/Berlin", "2026-10-25"},
                    zone_and_day{"America/New_York", "2026-03-08"}, zone_and_day{"America/New_York", "2026-11-01"},
                    zone_and_day{"Australia/Lord_Howe", "2026-04-05"}, // by half an hour
                    zone_and_day{"Australia/Lord_Howe", "2026-10-04"},
                    zone_and_day{"America/Santiago", "2026-04-05"}, // back across midnight
                    zone_and_day{"America/Santiago", "2026-09-06"}, // midnight itself is left out
                    zone_and_day{"Africa/Cairo", "2026-10-30"}, zone_and_day{"Asia/Kolkata", "2026-11-22"}, // never
                    zone_and_day{"Asia/Kathmandu", "2026-11-22"},
                    zone_and_day{"Pacific/Apia", "2011-12-30"}, // a day that never was
                    zone_and_day{"UTC", "2026-11-22"}),
    [](const auto& one) {
        std::string name = one.param.zone + std::string{"_"} + one.param.around;
        std::ranges::replace_if(name, [](char c) { return c == '/' || c == '-'; }, '_');
        return name;
    });

} // namespace
} // namespace switchboard::sla
