#include <switchboard/planning/erlang.hpp>

#include <gtest/gtest.h>

namespace switchboard::routing {
namespace {

// The figures of the routing specification; tests/theory has more, computed another way.

TEST(erlang, b_of_a_table) {
    EXPECT_NEAR(erlang_b(10, 10), .21458, 1e-5);
    EXPECT_EQ(erlang_b(3, 0), 1);
}

TEST(erlang, c_of_14_agents) {
    const auto f = erlang_c({200.0 / 3600, 180}, 14, 20).value();
    EXPECT_NEAR(f.p_wait, .17413, 1e-5);
    EXPECT_NEAR(f.asa_s, 7.836, 1e-3);
    EXPECT_NEAR(f.service_level, .88835, 1e-5);
    EXPECT_NEAR(f.occupancy, 10 / 14.0, 1e-12);
}

TEST(erlang, c_does_not_exist_for_too_few_agents) {
    EXPECT_FALSE(erlang_c({1, 10}, 10, 20));
}

TEST(erlang, a_of_50_agents) {
    const auto f = erlang_a({0.8, 60, 120}, 50, 20);
    EXPECT_NEAR(f.p_wait, .46777, 1e-5);
    EXPECT_NEAR(f.asa_s, 3.616, 1e-3);
    EXPECT_NEAR(f.p_abandon, .03091, 1e-5);
    EXPECT_NEAR(f.service_level, .94302, 1e-5);
}

TEST(erlang, a_nears_c_where_patience_is_long) {
    const auto a = erlang_a({200.0 / 3600, 180, 1e8}, 14, 20);
    EXPECT_NEAR(a.p_wait, .17413, 1e-4);
    EXPECT_NEAR(a.asa_s, 7.836, 1e-2);
}

TEST(erlang, a_is_that_of_a_fluid_far_above_capacity) {
    const auto a = erlang_a({100, 10, 60}, 500, 20); // half of them must leave
    EXPECT_NEAR(a.p_abandon, .5, 1e-3);
    EXPECT_NEAR(a.occupancy, 1, 1e-3);
}

TEST(erlang, a_with_one_agent_loses_nearly_all) {
    const auto a = erlang_a({10, 10, 1}, 1, 0);
    EXPECT_NEAR(a.p_abandon, .99, 1e-3);
    EXPECT_GT(a.service_level, 0);
}

TEST(staffing, finds_the_fewest_agents) {
    for (const auto& load : {pool_load{200.0 / 3600, 180}, pool_load{0.8, 60, 120}, pool_load{5, 300, 90}}) {
        const int n = fewest_agents(load, 0.8, 20);
        const auto level = [&](int agents) {
            return load.patience_s ? erlang_a(load, agents, 20).service_level
                                   : erlang_c(load, agents, 20).value_or(pool_figures{}).service_level;
        };
        EXPECT_GE(level(n), 0.8);
        EXPECT_LT(level(n - 1), 0.8);
    }
}

} // namespace
} // namespace switchboard::routing
