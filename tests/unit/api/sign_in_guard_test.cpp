#include "api/sign_in_guard.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace switchboard::api {
namespace {

using namespace std::chrono_literals;

class sign_in_guards : public testing::Test {
protected:
    rate_budget::clock::time_point now = rate_budget::clock::now();
    sign_in_guard guard{sign_in_limits{.wrong_by_address = 3,
                                       .wrong_by_account = 2,
                                       .wrong_in_total = 5,
                                       .window = 300s,
                                       .at_once_by_address = 2,
                                       .at_once = 3},
                        [this] { return now; }};

    bool wrong(const std::string& login, const std::string& from, bool known = false) {
        auto attempt = guard.enter(login, from, known);
        if (attempt) attempt->wrong();
        return attempt.has_value();
    }
};

TEST_F(sign_in_guards, give_back_what_was_not_wrong) {
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(guard.enter("ada", "a", false)) << i;
    EXPECT_TRUE(wrong("ada", "a"));
    EXPECT_TRUE(wrong("ada", "a"));
    EXPECT_FALSE(wrong("ada", "a"));
    EXPECT_FALSE(wrong("ada", "b")) << "the account, not the address";
    EXPECT_TRUE(wrong("bob", "a"));
    EXPECT_FALSE(wrong("eve", "a")) << "the address, not the account";
}

TEST_F(sign_in_guards, count_what_is_under_way) {
    auto first = guard.enter("ada", "a", false), second = guard.enter("bob", "a", false);
    ASSERT_TRUE(first && second);
    const auto third = guard.enter("eve", "a", false);
    ASSERT_FALSE(third);
    EXPECT_FALSE(third.error().spent) << "it may be tried in a second";
    const auto elsewhere = guard.enter("eve", "b", false);
    EXPECT_TRUE(elsewhere);
    EXPECT_FALSE(guard.enter("eve", "c", false)) << "three in all";
    EXPECT_TRUE(guard.enter("eve", "d", true)) << "those who are known go on";
}

TEST_F(sign_in_guards, gain_nothing_by_many_at_once) {
    sign_in_guard wide{sign_in_limits{.wrong_by_account = 2}, [this] { return now; }};
    std::vector<sign_in_guard::attempt> running;
    for (int i = 0; i < 10; ++i)
        if (auto attempt = wide.enter("ada", "from " + std::to_string(i), false))
            running.push_back(std::move(*attempt));
    EXPECT_EQ(running.size(), 2U);
}

TEST_F(sign_in_guards, keep_a_way_in_from_known_places) {
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(wrong("login" + std::to_string(i), "from " + std::to_string(i)));
    EXPECT_FALSE(wrong("ada", "new")) << "the total is spent";
    EXPECT_TRUE(guard.enter("ada", "home", true));
    EXPECT_TRUE(wrong("ada", "home", true));
    EXPECT_TRUE(wrong("ada", "home", true));
    const auto refused = guard.enter("ada", "home", true);
    ASSERT_FALSE(refused);
    EXPECT_TRUE(refused.error().spent);
    EXPECT_TRUE(guard.enter("ada", "office", true));
    now += 300s;
    EXPECT_TRUE(guard.enter("ada", "home", true));
    EXPECT_TRUE(guard.enter("ada", "new", false));
}

} // namespace
} // namespace switchboard::api
