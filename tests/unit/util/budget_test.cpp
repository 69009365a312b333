#include <switchboard/util/budget.hpp>

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace switchboard {
namespace {

using namespace std::chrono_literals;

struct rates : testing::Test {
    rate_budget::clock::time_point now{1h};
    rate_budget budget(rate_budget::rate each, rate_budget::rate total, std::size_t most_keys = 100) {
        return {each, total, [this] { return now; }, most_keys};
    }
};

TEST_F(rates, let_so_many_through_at_once_and_as_many_again_in_each_window) {
    auto b = budget({10, 10s}, {1000, 1s});
    for (int i = 0; i < 10; ++i) EXPECT_FALSE(b.take("a"));
    EXPECT_EQ(b.take("a"), 1s);
    EXPECT_EQ(b.refused(), 1u);
    now += 1s;
    EXPECT_FALSE(b.take("a"));
    EXPECT_TRUE(b.take("a"));
    now += 1h; // no more than `count` are saved up
    for (int i = 0; i < 10; ++i) EXPECT_FALSE(b.take("a"));
    EXPECT_TRUE(b.take("a"));
}

TEST_F(rates, keep_keys_apart_and_all_within_the_total) {
    auto b = budget({2, 60s}, {3, 60s});
    EXPECT_FALSE(b.take("a"));
    EXPECT_FALSE(b.take("a"));
    EXPECT_TRUE(b.take("a"));
    EXPECT_FALSE(b.take("b")); // what was refused has cost nothing
    EXPECT_EQ(b.take("c"), 20s);
    now += 20s;
    EXPECT_FALSE(b.take("c"));
}

TEST_F(rates, forget_the_key_that_has_rested_longest_and_refuse_no_new_one) {
    auto b = budget({1, 60s}, {1'000'000, 1s}, 3);
    for (const auto* key : {"a", "b", "c"}) EXPECT_FALSE(b.take(key));
    b.charge("a"); // is young again
    for (int i = 0; i < 1000; ++i) {
        EXPECT_FALSE(b.take("new" + std::to_string(i)));
        b.charge("a");
        EXPECT_LE(b.keys(), 3u);
    }
    EXPECT_TRUE(b.take("a"));
    EXPECT_FALSE(b.take("b"));
}

TEST_F(rates, can_be_looked_at_charged_and_given_back) {
    auto b = budget({2, 60s}, {100, 60s});
    EXPECT_FALSE(b.wait_for("a"));
    b.charge("a");
    b.charge("a");
    EXPECT_EQ(b.wait_for("a"), 30s);
    EXPECT_EQ(b.refused(), 0u);
    b.give_back("a");
    EXPECT_FALSE(b.wait_for("a"));
    b.give_back("a", 50); // never more than `count`
    now += 1s;
    EXPECT_FALSE(b.take("a", 2));
    EXPECT_TRUE(b.take("a"));
}

TEST_F(rates, owe_no_more_than_a_window_however_much_is_charged) {
    auto b = budget({2, 60s}, {1000, 60s});
    for (int i = 0; i < 100; ++i) b.charge("a");
    EXPECT_EQ(b.wait_for("a"), 90s);
    EXPECT_FALSE(b.wait_for("b"));
}

TEST(held, is_bounded_by_key_and_in_total_and_ends_with_its_share) {
    held_budget b{{.each = 2, .total = 3}};
    auto first = b.take("a");
    {
        const auto second = b.take("a");
        EXPECT_TRUE(first && second);
        EXPECT_FALSE(b.take("a"));
        const auto third = b.take("b");
        EXPECT_TRUE(third);
        EXPECT_FALSE(b.take("c"));
    }
    EXPECT_EQ(b.held(), 1u);
    EXPECT_EQ(b.refused(), 2u);
    auto moved = std::move(*first);
    EXPECT_EQ(b.held(), 1u);
    moved = held_budget::share{};
    EXPECT_EQ(b.held(), 0u);
}

TEST(held, grows_and_shrinks) {
    held_budget b{{.each = 100, .total = 150}};
    auto a = b.take("a", 0), c = b.take("c", 80);
    EXPECT_TRUE(a && a->resize(70));
    EXPECT_FALSE(a->resize(71)); // all together
    EXPECT_EQ(a->size(), 70u);
    EXPECT_TRUE(c->resize(10));
    EXPECT_FALSE(a->resize(101));
    EXPECT_TRUE(a->resize(100));
    a->release();
    EXPECT_EQ(b.held(), 10u);
    EXPECT_FALSE(a->resize(1)); // nobody's any more
}

} // namespace
} // namespace switchboard
