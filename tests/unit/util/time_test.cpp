#include <switchboard/util/time.hpp>

#include <gtest/gtest.h>

namespace switchboard {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;
using std::chrono::year;

const timestamp moment = sys_days{year{2026} / 11 / 21} + 18h + 40min + 18s;

TEST(rfc3339, is_written_in_utc) {
    EXPECT_EQ(to_rfc3339(moment), "2026-11-21T18:40:18Z");
    EXPECT_EQ(to_rfc3339(moment + 250ms), "2026-11-21T18:40:18.250000Z");
    EXPECT_EQ(to_rfc3339(moment + 1us), "2026-11-21T18:40:18.000001Z");
    EXPECT_EQ(to_rfc3339(timestamp{} - 1us), "1969-12-31T23:59:59.999999Z");
}

TEST(rfc3339, is_read_with_any_offset) {
    for (const auto* text : {"2026-11-21T18:40:18Z", "2026-11-21t18:40:18z", "2026-11-21T19:40:18+01:00",
                             "2026-11-21T13:10:18.000-05:30", "2026-11-22T00:10:18+05:30", "2026-11-21 18:40:18-00:00"})
        EXPECT_EQ(parse_rfc3339(text), moment) << text;
    EXPECT_EQ(parse_rfc3339("2026-11-21T18:40:18.1234567Z"), moment + 123'456us);
    EXPECT_EQ(parse_rfc3339("2026-11-21T18:39:60Z"), moment - 18s) << "a leap second";
    EXPECT_EQ(parse_rfc3339("2024-02-29T00:00:00Z"), timestamp{sys_days{year{2024} / 2 / 29}});
}

TEST(rfc3339, is_refused_when_it_is_something_else) {
    for (const auto* text : {"",
                             "2026-11-21",
                             "2026-11-21T18:40:18",
                             "2026-11-21T18:40Z",
                             "2026-02-29T00:00:00Z",
                             "2026-13-01T00:00:00Z",
                             "2026-00-01T00:00:00Z",
                             "2026-01-00T00:00:00Z",
                             "2026-11-21T24:00:00Z",
                             "2026-11-21T18:60:00Z",
                             "2026-11-21T18:40:61Z",
                             "2026-11-21T18:40:18.Z",
                             "2026-11-21T18:40:18+24:00",
                             "2026-11-21T18:40:18+0100",
                             "2026-11-21T18:40:18Z ",
                             " 2026-11-21T18:40:18Z",
                             "2026-1-21T18:40:18Z",
                             "+026-11-21T18:40:18Z",
                             "2026-11-21T18:40:18ZZ",
                             "1732214418"})
        EXPECT_FALSE(parse_rfc3339(text)) << text;
}

TEST(rfc3339, round_trips) {
    for (const auto t : {moment, moment + 7us, timestamp{}, timestamp{sys_days{year{1999} / 12 / 31}} + 86'399s})
        EXPECT_EQ(parse_rfc3339(to_rfc3339(t)), t);
    EXPECT_EQ(parse_rfc3339(to_rfc3339(now())).value() - now() < 1s, true);
}

TEST(local_time, follows_the_zone) {
    EXPECT_EQ(parse_local("2026-11-21 19:40:18", "Europe/Berlin"), moment);
    EXPECT_EQ(parse_local("2026-07-01 12:00:00", "America/New_York"), timestamp{sys_days{year{2026} / 7 / 1}} + 16h);
    EXPECT_EQ(parse_local("2026-11-21 18:40:18", "UTC"), moment);
}

TEST(local_time, where_the_clock_was_changed) {
    // 25 October 2026, 02:30 comes twice in Berlin: at 00:30 and at 01:30 UTC.
    EXPECT_EQ(parse_local("2026-10-25 02:30:00", "Europe/Berlin"), timestamp{sys_days{year{2026} / 10 / 25}} + 30min);
    // 29 March 2026, 02:30 does not come at all: the moment of the change.
    EXPECT_EQ(parse_local("2026-03-29 02:30:00", "Europe/Berlin"), timestamp{sys_days{year{2026} / 3 / 29}} + 1h);
}

TEST(local_time, is_refused_when_not_understood) {
    EXPECT_FALSE(parse_local("21.11.2026 19:40", "Europe/Berlin"));
    EXPECT_FALSE(parse_local("2026-11-21 19:40:18Z", "Europe/Berlin"));
    EXPECT_FALSE(parse_local("2026-11-21 19:40:18", "Europe/Atlantis"));
    EXPECT_FALSE(parse_local("2026-11-21 19:40:18", ""));
}

TEST(later_on_the_wall, the_clock_says_the_same) {
    const auto at = [](int y, unsigned m, unsigned d, auto time) {
        return timestamp{sys_days{year{y} / static_cast<int>(m) / static_cast<int>(d)}} + time;
    };
    // 09:00 in Berlin, before and after the clock is set forward.
    EXPECT_EQ(later_on_the_wall(at(2027, 3, 22, 8h), 0, 7, "Europe/Berlin"), at(2027, 3, 29, 7h));
    EXPECT_EQ(later_on_the_wall(at(2027, 3, 22, 8h), 0, 7, "UTC"), at(2027, 3, 29, 8h));
    EXPECT_EQ(later_on_the_wall(at(2027, 3, 22, 8h), 0, 7, ""), at(2027, 3, 29, 8h)) << "nobody knows where";
    // 02:30 does not come on 28 March 2027.
    EXPECT_EQ(later_on_the_wall(at(2027, 3, 21, 1h + 30min), 0, 7, "Europe/Berlin"), at(2027, 3, 28, 1h));
}

TEST(later_on_the_wall, a_day_that_the_month_lacks_is_its_last) {
    const timestamp january_31{sys_days{year{2027} / 1 / 31} + 12h};
    EXPECT_EQ(later_on_the_wall(january_31, 1, 0, "UTC"), timestamp{sys_days{year{2027} / 2 / 28} + 12h});
    EXPECT_EQ(later_on_the_wall(january_31, 2, 0, "UTC"), timestamp{sys_days{year{2027} / 3 / 31} + 12h});
}

TEST(timezones, are_known_by_name_only) {
    EXPECT_TRUE(is_timezone("Asia/Kathmandu"));
    for (const auto* name : {"", "Mars/Base", "../../etc/passwd", "/etc/localtime", "Europe/../Europe/Berlin", "."})
        EXPECT_FALSE(is_timezone(name)) << name;
}

} // namespace
} // namespace switchboard
