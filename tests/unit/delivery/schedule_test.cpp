#include <switchboard/delivery/delivery.hpp>

#include <gtest/gtest.h>

using namespace switchboard::delivery;
using namespace std::chrono_literals;

TEST(retry_schedule, waits_longer_each_time_and_gives_up_after_two_days) {
    std::chrono::seconds total = 0s, last = 0s;
    int attempts = 0;
    while (const auto pause = pause_after(++attempts)) {
        EXPECT_GT(*pause, last);
        last = *pause;
        total += *pause;
    }
    EXPECT_EQ(attempts, 11);
    EXPECT_GT(total, 40h);
    EXPECT_LT(total, 72h);
}

TEST(smtp_verdict, accepted_is_sent) {
    EXPECT_TRUE(judge({true, 250, ""}).sent);
}

TEST(smtp_verdict, no_answer_and_4yz_are_tried_again) {
    for (const int code : {0, 220, 354, 421, 450, 451, 452}) {
        const auto v = judge({false, code, "later"});
        EXPECT_FALSE(v.sent) << code;
        EXPECT_TRUE(v.again) << code;
    }
}

TEST(smtp_verdict, the_5yz_codes_are_final) {
    for (const int code : {550, 551, 552, 553, 554}) {
        const auto v = judge({false, code, "no such user"});
        EXPECT_FALSE(v.sent || v.again) << code;
        EXPECT_EQ(v.error, "no such user");
    }
}

TEST(smtp_verdict, a_refused_log_in_is_not_the_mails_fault) {
    for (const int code : {530, 534, 535, 538}) EXPECT_TRUE(judge({false, code, "authentication"}).again) << code;
}
