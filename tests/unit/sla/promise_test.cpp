#include <switchboard/sla/promise.hpp>

#include <switchboard/util/time.hpp>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard::sla {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

/// Monday to Friday, 9 to 17, in UTC.
business_hours office() {
    calendar c;
    c.timezone = "UTC";
    for (const auto day : {week_day::mon, week_day::tue, week_day::wed, week_day::thu, week_day::fri})
        c.hours.push_back({day, "09:00", "17:00"});
    return business_hours::read(c).value();
}

business_hours never_open() {
    calendar c;
    c.timezone = "UTC";
    return business_hours::read(c).value();
}

/// Of the week of Monday, 23 November 2026.
timestamp at(std::string_view day_and_time) {
    constexpr std::string_view days = "MonTueWedThuFriSatSun";
    const auto day = 23 + static_cast<int>(days.find(day_and_time.substr(0, 3)) / 3);
    return parse_rfc3339(fmt::format("2026-11-{:02}T{}:00Z", day, day_and_time.substr(4))).value();
}

/// "first_answer paused 3600 closed"
std::vector<std::string> told(const promise::lines& lines) {
    std::vector<std::string> out;
    for (const auto& l : lines) out.push_back(fmt::format("{} {} {} {}", l.clock, l.kind, l.remaining_s, l.reason));
    return out;
}

class promises : public testing::Test {
protected:
    const business_hours always, hours = office();
    const target one{"target 5 v2", 3600, std::nullopt}, both{"target 5 v2", 3600, 8 * 3600};
};

TEST_F(promises, are_due_in_business_hours) {
    const auto p = promise::start(one, hours, at("Fri 16:30"));
    EXPECT_EQ(p.due_at(), at("Mon 09:30") + 24h * 7);
    EXPECT_EQ(p.check_at(), p.due_at());
}

TEST_F(promises, told_late_tell_all_that_happened_in_order) {
    auto p = promise::start(one, hours, at("Mon 16:30"));
    EXPECT_THAT(told(p.answered(hours, at("Tue 09:10"), "replied")),
                ElementsAre("first_answer started 3600 opened", "first_answer paused 1800 closed",
                            "first_answer resumed 1800 open", "first_answer met 1200 replied"));
    EXPECT_EQ(p.due_at(), std::nullopt);
    EXPECT_THAT(p.tell(hours, at("Thu 09:00")), IsEmpty()) << "what is over closes no more";
}

TEST_F(promises, started_while_closed_wait_for_the_opening) {
    auto p = promise::start(one, hours, at("Mon 08:00"));
    EXPECT_EQ(p.due_at(), at("Mon 10:00"));
    EXPECT_EQ(p.status(hours, at("Mon 08:30")).clocks.at(0).state, "closed");
    EXPECT_EQ(p.status(hours, at("Mon 09:30")).clocks.at(0).state, "running");
    EXPECT_EQ(p.status(hours, at("Mon 09:30")).clocks.at(0).remaining_s, 1800);
    EXPECT_THAT(told(p.tell(hours, at("Mon 09:30"))),
                ElementsAre("first_answer started 3600 opened", "first_answer paused 3600 closed",
                            "first_answer resumed 3600 open"));
    EXPECT_THAT(p.tell(hours, at("Mon 09:31")), IsEmpty()) << "each line once";
}

TEST_F(promises, stop_for_the_customer_and_go_on_with_what_was_left) {
    auto p = promise::start(both, hours, at("Mon 09:00"));
    EXPECT_THAT(told(p.pause(hours, at("Mon 09:20"), "customer")),
                ElementsAre("first_answer started 3600 opened", "solution started 28800 opened",
                            "first_answer paused 2400 customer", "solution paused 27600 customer"));
    EXPECT_EQ(p.due_at(), std::nullopt) << "nothing can be late meanwhile";
    EXPECT_EQ(p.check_at(), std::nullopt);
    EXPECT_EQ(p.status(hours, at("Tue 12:00")).clocks.at(0).state, "paused");
    EXPECT_EQ(p.status(hours, at("Tue 12:00")).clocks.at(0).remaining_s, 2400);
    EXPECT_THAT(told(p.resume(hours, at("Tue 16:30"), "customer")),
                ElementsAre("first_answer resumed 2400 customer", "solution resumed 27600 customer"))
        << "the night in between is not told: it was stopped anyway";
    EXPECT_EQ(p.due_at(), at("Wed 09:10"));
    EXPECT_THAT(p.resume(hours, at("Tue 16:31"), "customer"), IsEmpty());
}

TEST_F(promises, resumed_while_closed_say_so) {
    auto p = promise::start(one, hours, at("Mon 09:00"));
    p.pause(hours, at("Mon 09:20"), "customer");
    EXPECT_THAT(told(p.resume(hours, at("Mon 20:00"), "customer")),
                ElementsAre("first_answer resumed 2400 customer", "first_answer paused 2400 closed"));
    EXPECT_EQ(p.due_at(), at("Tue 09:40"));
    EXPECT_THAT(told(p.tell(hours, at("Tue 09:01"))), ElementsAre("first_answer resumed 2400 open"));
}

TEST_F(promises, are_breached_at_the_moment_they_were_due_whoever_notices_and_when) {
    auto p = promise::start(both, hours, at("Mon 16:30"));
    const auto lines = p.tell(hours, at("Wed 10:00"));
    EXPECT_THAT(told(lines),
                ElementsAre("first_answer started 3600 opened", "solution started 28800 opened",
                            "first_answer paused 1800 closed", "solution paused 27000 closed",
                            "first_answer resumed 1800 open", "solution resumed 27000 open",
                            "first_answer breached 0 not met in time", "solution breached 0 not met in time"));
    EXPECT_EQ(lines.at(6).at, at("Tue 09:30"));
    EXPECT_EQ(lines.at(7).at, at("Tue 16:30"));
    EXPECT_EQ(p.due_at(), at("Tue 09:30")) << "it is shown as overdue until it is answered";
    EXPECT_EQ(p.check_at(), std::nullopt) << "known already";
    EXPECT_THAT(told(p.answered(hours, at("Wed 10:30"), "replied")), ElementsAre("first_answer met -32400 replied"))
        << "late, by business hours";
}

TEST_F(promises, answered_at_the_last_moment_are_kept) {
    auto p = promise::start(one, hours, at("Mon 09:00"));
    EXPECT_THAT(told(p.answered(hours, at("Mon 10:00"), "replied")),
                ElementsAre("first_answer started 3600 opened", "first_answer met 0 replied"));
    auto late = promise::start(one, hours, at("Mon 09:00"));
    EXPECT_THAT(told(late.answered(hours, at("Mon 10:00") + 1s, "replied")),
                ElementsAre("first_answer started 3600 opened", "first_answer breached 0 not met in time",
                            "first_answer met -1 replied"))
        << "even if nobody has looked in between";
}

TEST_F(promises, meet_both_when_it_is_solved_without_an_answer) {
    auto p = promise::start(both, hours, at("Mon 09:00"));
    p.tell(hours, at("Mon 09:00"));
    EXPECT_THAT(told(p.solved(hours, at("Mon 09:30"))),
                ElementsAre("first_answer met 1800 solved", "solution met 27000 solved"));
}

TEST_F(promises, are_open_again_when_the_answer_is_taken_back) {
    auto p = promise::start(both, hours, at("Mon 09:00"));
    p.answered(hours, at("Mon 09:30"), "replied");
    EXPECT_EQ(p.due_at(), at("Mon 17:00")) << "the solution's";
    EXPECT_THAT(told(p.take_back(hours, at("Mon 09:31"), at("Mon 09:30"), "taken back")),
                ElementsAre("first_answer resumed 1740 taken back"));
    EXPECT_EQ(p.due_at(), at("Mon 10:00"));
    EXPECT_THAT(p.take_back(hours, at("Mon 09:32"), at("Mon 09:30"), "taken back"), IsEmpty());
}

TEST_F(promises, that_can_never_be_late_are_never_due) {
    const auto never = never_open();
    auto p = promise::start(one, never, at("Mon 09:00"));
    EXPECT_EQ(p.due_at(), std::nullopt);
    EXPECT_EQ(p.status(never, at("Tue 09:00")).clocks.at(0).state, "closed");
    EXPECT_THAT(told(p.answered(never, at("Fri 09:00"), "replied")),
                ElementsAre("first_answer started 3600 opened", "first_answer met 3600 replied"));
}

TEST_F(promises, survive_as_text) {
    auto p = promise::start(both, hours, at("Mon 16:30"));
    auto again = promise::read(p.text());
    EXPECT_EQ(again.text(), p.text());
    EXPECT_EQ(told(again.tell(hours, at("Wed 10:00"))), told(p.tell(hours, at("Wed 10:00"))));
    p.pause(hours, at("Wed 11:00"), "customer");
    p.answered(hours, at("Wed 12:00"), "replied");
    EXPECT_EQ(promise::read(p.text()).text(), p.text());
    EXPECT_EQ(promise{}.text(), "");
    EXPECT_TRUE(promise::read("").empty());
    EXPECT_THAT(promise{}.solved(hours, at("Mon 09:00")), IsEmpty()) << "a call of our own: nothing was promised";
}

TEST_F(promises, of_a_queue_depend_on_the_priority) {
    const auto p = promises_of("queue 3 v7", 600, {{5, 3, 9, 60, 1200, 2}, {6, 3, 8, 120, std::nullopt, 1}});
    EXPECT_EQ(p[9].policy, "target 5 v2");
    EXPECT_EQ(p[9].first_answer_s, 60);
    EXPECT_EQ(p[9].solution_s, 1200);
    EXPECT_EQ(p[8].first_answer_s, 120);
    EXPECT_EQ(p[0].policy, "queue 3 v7");
    EXPECT_EQ(p[0].first_answer_s, 600);
    const auto q = promises_of("queue 3 v7", 600, {{6, 3, 8, 120, {}, 1}, {7, 3, std::nullopt, 300, {}, 4}});
    EXPECT_EQ(q[8].first_answer_s, 120) << "in whatever order they come";
    EXPECT_EQ(q[0].policy, "target 7 v4");
}

// New terms for what runs

class new_terms : public promises {
protected:
    const business_hours never = never_open();
    const target half_hour{"target 5 v3", 1800, std::nullopt}, two_hours{"target 5 v3", 7200, std::nullopt};
};

TEST_F(new_terms, keep_the_time_that_has_run) {
    auto p = promise::start(one, hours, at("Mon 16:30"));
    EXPECT_THAT(told(p.reprice(two_hours, hours, hours, at("Mon 16:50"), "policy changed")),
                ElementsAre("first_answer started 3600 opened", "first_answer repriced 6000 policy changed"));
    EXPECT_EQ(p.due_at(), at("Tue 10:30")) << "20 of the 120 minutes had run, and 10 more do today";
    EXPECT_EQ(p.policy(), "target 5 v3");
    EXPECT_EQ(p.check_at(), p.due_at());
}

TEST_F(new_terms, count_what_ran_by_the_old_hours_and_what_is_left_by_the_new) {
    auto p = promise::start(one, hours, at("Mon 16:30"));
    EXPECT_THAT(told(p.reprice(one, hours, always, at("Mon 20:00"), "policy changed")),
                ElementsAre("first_answer started 3600 opened", "first_answer paused 1800 closed",
                            "first_answer repriced 1800 policy changed", "first_answer resumed 1800 open"));
    EXPECT_EQ(p.due_at(), at("Mon 20:30"));
    EXPECT_THAT(told(p.reprice(one, always, hours, at("Mon 20:10"), "policy changed")),
                ElementsAre("first_answer repriced 1200 policy changed", "first_answer paused 1200 closed"));
    EXPECT_EQ(p.due_at(), at("Tue 09:20"));
}

TEST_F(new_terms, that_are_shorter_than_what_has_run_are_missed_now_and_not_before) {
    auto p = promise::start(one, always, at("Mon 10:00"));
    const auto changed = p.reprice(half_hour, always, always, at("Mon 10:45"), "policy changed");
    EXPECT_EQ(told(changed).back(), "first_answer repriced 0 policy changed");
    EXPECT_EQ(p.due_at(), at("Mon 10:45"));
    const auto later = p.tell(always, at("Mon 10:46"));
    EXPECT_THAT(told(later), ElementsAre("first_answer breached 0 not met in time"));
    EXPECT_EQ(later[0].at, at("Mon 10:45"));
}

TEST_F(new_terms, leave_alone_what_is_met_or_missed) {
    auto p = promise::start(both, always, at("Mon 09:00"));
    p.answered(always, at("Mon 09:10"), "replied");
    EXPECT_THAT(told(p.reprice({"target 5 v3", 60, 4 * 3600}, always, always, at("Mon 10:00"), "policy changed")),
                ElementsAre("solution repriced 10800 policy changed"));
    auto late = promise::start(one, always, at("Mon 09:00"));
    EXPECT_THAT(told(late.reprice(two_hours, always, always, at("Mon 10:30"), "policy changed")),
                ElementsAre("first_answer started 3600 opened", "first_answer breached 0 not met in time"));
    EXPECT_EQ(late.due_at(), at("Mon 10:00")) << "it was missed, and stays so";
}

TEST_F(new_terms, stay_paused_while_it_is_the_customers_turn) {
    auto p = promise::start(one, hours, at("Mon 10:00"));
    p.pause(hours, at("Mon 10:20"), "customer");
    const auto lines = p.reprice(two_hours, hours, always, at("Mon 12:00"), "policy changed");
    EXPECT_THAT(told(lines), ElementsAre("first_answer repriced 6000 policy changed"));
    EXPECT_EQ(lines[0].due_at, std::nullopt);
    p = promise::read(p.text());
    EXPECT_TRUE(p.waits());
    p.resume(always, at("Mon 22:00"), "customer");
    EXPECT_FALSE(p.waits());
    EXPECT_EQ(p.due_at(), at("Mon 23:40"));
}

TEST_F(new_terms, begin_what_is_new_and_withdraw_what_is_no_more) {
    auto p = promise::start(one, always, at("Mon 09:00"));
    EXPECT_THAT(told(p.reprice(both, always, always, at("Mon 09:30"), "policy changed")),
                ElementsAre("first_answer started 3600 opened", "solution started 28800 policy changed"));
    p.answered(always, at("Mon 09:40"), "replied");
    EXPECT_EQ(p.due_at(), at("Mon 17:30"));
    EXPECT_THAT(told(p.reprice(one, always, always, at("Mon 10:30"), "policy changed")),
                ElementsAre("solution withdrawn 25200 policy changed"));
    EXPECT_EQ(p.due_at(), std::nullopt);
}

TEST_F(new_terms, let_a_promise_run_that_never_could) {
    auto p = promise::start(one, never, at("Mon 09:00"));
    EXPECT_EQ(p.due_at(), std::nullopt);
    EXPECT_THAT(told(p.reprice(one, never, hours, at("Mon 12:00"), "policy changed")),
                ElementsAre("first_answer started 3600 opened", "first_answer repriced 3600 policy changed"));
    EXPECT_EQ(p.due_at(), at("Mon 13:00"));
    auto waiting = promise::start(one, never, at("Mon 09:00"));
    waiting.pause(never, at("Mon 10:00"), "customer");
    waiting.reprice(one, never, hours, at("Mon 12:00"), "policy changed");
    EXPECT_EQ(waiting.due_at(), std::nullopt) << "it is the customer's turn besides";
}

TEST_F(new_terms, that_change_nothing_are_not_told_but_named_from_then_on) {
    auto p = promise::start(one, hours, at("Mon 10:00"));
    p.tell(hours, at("Mon 10:10"));
    EXPECT_THAT(p.reprice({"target 5 v2, calendar 3 v9", 3600, {}}, hours, hours, at("Mon 10:20"), "policy changed"),
                IsEmpty());
    EXPECT_EQ(p.due_at(), at("Mon 11:00"));
    EXPECT_EQ(p.answered(hours, at("Mon 10:30"), "replied")[0].policy, "target 5 v2, calendar 3 v9");
}

TEST_F(new_terms, of_another_queue_give_back_what_is_left_when_it_comes_back) {
    const target other{"target 6 v1, calendar 3 v1", 4 * 3600, 16 * 3600};
    auto p = promise::start(one, always, at("Mon 08:30"));
    EXPECT_THAT(told(p.reprice(other, always, hours, at("Mon 08:50"), "transferred")),
                ElementsAre("first_answer started 3600 opened", "first_answer repriced 13200 transferred",
                            "solution started 57600 transferred", "first_answer paused 13200 closed",
                            "solution paused 57600 closed"));
    EXPECT_EQ(p.due_at(), at("Mon 12:40")) << "it is closed until nine there";
    p = promise::read(p.text());
    EXPECT_THAT(told(p.reprice(one, hours, always, at("Mon 09:30"), "transferred")),
                ElementsAre("first_answer resumed 13200 open", "solution resumed 57600 open",
                            "first_answer repriced 600 transferred", "solution withdrawn 55800 transferred"));
    EXPECT_EQ(p.due_at(), at("Mon 09:40")) << "20 minutes had run here and 30 there";
    EXPECT_EQ(p.policy(), "target 5 v2");
}

TEST_F(new_terms, name_the_calendar_that_they_count_by) {
    EXPECT_EQ(promises_of("queue 3 v7", 600, {}, hours_policy(3, 4))[5].policy, "queue 3 v7, calendar 3 v4");
}

} // namespace
} // namespace switchboard::sla
