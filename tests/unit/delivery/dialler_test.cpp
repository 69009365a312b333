#include <switchboard/delivery/dialler.hpp>

#include <gtest/gtest.h>

using namespace switchboard::delivery;
using namespace std::chrono_literals;

TEST(telling_a_gateway_to_dial, is_given_up_before_the_call_is) {
    std::chrono::seconds total = 0s;
    std::int64_t tries = 0;
    while (const auto pause = dial_pause_after(++tries)) total += *pause;
    EXPECT_GT(tries, 3);
    EXPECT_LT(total, 120s);
}
