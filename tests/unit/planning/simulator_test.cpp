// Times that do not vary make runs that can be followed on paper. What chance does is compared with queueing theory in
// tests/theory.

#include "planning/draws.hpp"

#include <switchboard/planning/simulator.hpp>

#include <gtest/gtest.h>

namespace switchboard::routing {
namespace {

/// Arrives at every multiple of `gap`, takes `handle`.
customer_class steady(std::string name, double gap, double handle) {
    return {.name = std::move(name), .gap = {gap, 0}, .handle = {handle, 0}};
}

agent_group people(int count, std::map<std::string, int> skills = {}) {
    agent_group g{.name = "agents", .count = count, .skills = std::move(skills)};
    g.channels[static_cast<std::size_t>(channel::phone)] = 1;
    g.channels[static_cast<std::size_t>(channel::email)] = 1;
    return g;
}

scenario center(std::vector<customer_class> classes, std::vector<agent_group> agents, double horizon) {
    return {.replications = 1,
            .warmup_s = 0,
            .horizon_s = horizon,
            .service_level_s = 5,
            .classes = std::move(classes),
            .agents = std::move(agents)};
}

replication_figures run(const scenario& s) {
    return replicate(s, 0).value();
}

TEST(simulator, keeps_the_count_of_a_calm_day) {
    const auto f = run(center({steady("a", 10, 8)}, {people(1)}, 105)); // comes at 10, 20 … 100
    EXPECT_EQ(f.classes[0].offered, 10);
    EXPECT_EQ(f.classes[0].answered, 10);
    EXPECT_EQ(f.classes[0].p_wait, 0);
    EXPECT_EQ(f.classes[0].service_level, 1);
    EXPECT_DOUBLE_EQ(f.classes[0].served_per_s, 9 / 105.0); // the tenth ends at 108
    EXPECT_DOUBLE_EQ(f.occupancy[0], (9 * 8 + 5) / 105.0);
}

TEST(simulator, follows_those_who_wait_at_the_horizon_to_their_end) {
    const auto f = run(center({steady("a", 10, 15)}, {people(1)}, 45)); // 10, 20, 30, 40 are answered at 10, 25, 40, 55
    EXPECT_EQ(f.classes[0].answered, 4);
    EXPECT_DOUBLE_EQ(f.classes[0].p_wait, 3 / 4.0);
    EXPECT_DOUBLE_EQ(f.classes[0].mean_wait_s, (0 + 5 + 10 + 15) / 4.0);
    EXPECT_DOUBLE_EQ(f.classes[0].service_level, 2 / 4.0);
    EXPECT_EQ(f.unfinished, 0u);
}

TEST(simulator, counts_only_who_comes_after_the_warm_up) {
    auto s = center({steady("a", 10, 15)}, {people(1)}, 45);
    s.warmup_s = 25;
    const auto f = run(s);
    EXPECT_EQ(f.classes[0].offered, 2);
    EXPECT_DOUBLE_EQ(f.classes[0].mean_wait_s, (10 + 15) / 2.0);
    EXPECT_DOUBLE_EQ(f.occupancy[0], 1);
}

TEST(simulator, lets_the_impatient_leave) {
    auto s = center({steady("a", 10, 24)}, {people(1)}, 65); // 10 until 34; 40 until 64
    s.classes[0].patience = {6, 0};                          // so 20, 50 leave, 30 is answered at 34 until 58
    const auto f = run(s);                                   // 40 leaves at 46, 50 at 56, 60 is answered at 60
    EXPECT_EQ(f.classes[0].offered, 6);
    EXPECT_EQ(f.classes[0].answered, 3);
    EXPECT_EQ(f.classes[0].abandoned, 3);
    EXPECT_DOUBLE_EQ(f.classes[0].p_abandon, 0.5);
    EXPECT_DOUBLE_EQ(f.classes[0].mean_wait_s, (6 + 4 + 6 + 6) / 6.0);
    EXPECT_DOUBLE_EQ(f.classes[0].asa_s, 4 / 3.0);
}

TEST(simulator, blocks_who_would_have_to_wait_where_all_places_are_taken) {
    auto s = center({steady("a", 10, 35)}, {people(1)}, 55); // 10 until 45, then 20 until 80; 30 and 40 are blocked
    s.classes[0].max_waiting = 1;                            // 50 waits from 50 to 80
    const auto f = run(s);
    EXPECT_EQ(f.classes[0].blocked, 2);
    EXPECT_DOUBLE_EQ(f.classes[0].p_blocked, 2 / 5.0);
    EXPECT_DOUBLE_EQ(f.classes[0].mean_wait_s, (25 + 30) / 3.0);

    s.classes[0].max_waiting = 0; // an idle agent still takes a call
    EXPECT_EQ(run(s).classes[0].answered, 2);
}

TEST(simulator, shares_the_places_of_all_classes) {
    auto s = center({steady("a", 10, 100), steady("b", 11, 100)}, {people(1)}, 34);
    s.max_waiting_total = 1; // a at 10 is answered, b at 11 waits, a 20, b 22, a 30, b 33 are blocked
    EXPECT_EQ(run(s).total.blocked, 4);
}

TEST(simulator, works_faster_with_faster_agents) {
    auto s = center({steady("a", 10, 16)}, {people(1)}, 1'000);
    s.agents[0].speed = 2;
    EXPECT_EQ(run(s).classes[0].p_wait, 0);
    EXPECT_NEAR(run(s).occupancy[0], 0.8, 0.01);
}

TEST(simulator, gives_calls_only_to_those_who_can_take_them) {
    auto s = center({steady("a", 10, 15), steady("b", 100, 1)}, {people(1, {{"x", 3}}), people(1, {{"x", 5}})}, 500);
    s.classes[0].skills = {{"x", 5}};
    s.classes[1].skills = {{"x", 1}};
    const auto f = run(s);
    EXPECT_NEAR(f.occupancy[1], 1, 0.03);
    EXPECT_LT(f.occupancy[0], 0.02);
}

TEST(simulator, hands_out_endless_work_when_nothing_else_waits) {
    auto s = center({steady("calls", 10, 5)}, {people(1)}, 995);
    s.classes.push_back(
        {.name = "mail", .channel = channel::email, .endless = true, .handle = {3, 0}, .interruptible = false});
    const auto f = run(s);
    EXPECT_EQ(f.classes[0].answered, 99);
    EXPECT_NEAR(f.classes[1].served_per_s, 1 / 5.0, 0.06); // one or two mails fit between two calls
    EXPECT_NEAR(f.occupancy[0], 1, 1e-9);
    EXPECT_EQ(f.total.offered, 99);
}

TEST(simulator, parks_interruptible_work_and_goes_on_with_it) {
    auto s = center({steady("calls", 10, 4)}, {people(1)}, 1'004); // 100 calls of 4 s leave 604 s from 1,004
    s.classes.push_back(
        {.name = "mail", .channel = channel::email, .endless = true, .handle = {6, 0}}); // as written work is
    const auto f = run(s);
    EXPECT_EQ(f.classes[0].p_wait, 0);
    EXPECT_DOUBLE_EQ(f.classes[1].served_per_s, 100 / 1'004.0); // not one second of them is lost
}

TEST(simulator, keeps_mail_back_while_too_few_are_idle) {
    auto s = center({steady("calls", 1'000, 1)}, {people(4)}, 900);
    s.classes.push_back(
        {.name = "mail", .channel = channel::email, .endless = true, .handle = {10, 0}, .interruptible = false});
    s.idle_reserve = 3;
    EXPECT_NEAR(run(s).occupancy[0], 0.25, 1e-9);
}

TEST(simulator, gives_up_on_a_center_that_cannot_keep_up) {
    const auto f = run(center({steady("a", 1, 10)}, {people(1)}, 100));
    EXPECT_EQ(f.classes[0].offered, 99);
    EXPECT_EQ(f.classes[0].answered + static_cast<double>(f.unfinished), 99);
    EXPECT_GT(f.classes[0].mean_wait_s, 80);
}

TEST(simulator, repeats_itself_exactly) {
    auto s = center({{.name = "a", .gap = {1}, .handle = {1.8}, .patience = random_time{3, 2}}}, {people(2)}, 5'000);
    const auto figures = [&](int number) {
        const std::vector runs{replicate(s, number).value()};
        return report_json(s, runs, 0);
    };
    const auto first = figures(0);
    EXPECT_EQ(figures(0), first);
    EXPECT_NE(figures(2), first);
    s.seed = 2;
    EXPECT_NE(figures(0), first);
}

TEST(simulator, mirrors_every_second_replication) {
    stream a(1, 0, 0, false), b(1, 0, 0, true);
    for (int i = 0; i < 100; ++i) EXPECT_DOUBLE_EQ(a.uniform() + b.uniform(), 1);
}

TEST(random_times, have_the_mean_and_variation_that_were_asked_for) {
    for (const double cv2 : {0.0, 0.01, 0.3, 0.5, 0.8, 1.0, 1.5, 4.0}) {
        time_source source({2.5, cv2}, stream(1, 0, 0, false));
        constexpr int n = 400'000;
        double sum = 0, squares = 0;
        for (int i = 0; i < n; ++i) {
            const auto x = source.draw();
            sum += x;
            squares += x * x;
        }
        const double mean = sum / n, variance = squares / n - mean * mean;
        EXPECT_NEAR(mean, 2.5, 0.03) << cv2;
        EXPECT_NEAR(variance / (mean * mean), cv2, 0.03 * cv2 + 1e-9) << cv2;
    }
}

} // namespace
} // namespace switchboard::routing
