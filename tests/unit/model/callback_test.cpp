#include <switchboard/model/callback.hpp>

#include <gtest/gtest.h>

namespace switchboard {
namespace {

using namespace std::chrono_literals;
using kind = after_attempt::kind;

const timestamp noon{1'764'000'000s};

callback tried(std::int64_t times, std::int64_t allowed, std::optional<timestamp> until = {}) {
    callback c;
    c.attempts.resize(static_cast<std::size_t>(times));
    c.attempts_allowed = allowed;
    c.retry_s = 900;
    c.not_after = until;
    return c;
}

TEST(an_attempt, that_is_answered_ends_the_callback) {
    EXPECT_EQ(judge_attempt(tried(1, 3), "answered", noon).what, kind::done);
    EXPECT_EQ(judge_attempt(tried(3, 3, noon), "answered", noon).what, kind::done) << "even the last, even too late";
}

TEST(an_attempt, that_fails_is_made_again_while_some_are_left) {
    for (const auto* result : {"no_answer", "busy", "failed"}) {
        const auto next = judge_attempt(tried(2, 3), result, noon);
        EXPECT_EQ(next.what, kind::again) << result;
        EXPECT_EQ(next.at, noon + 900s) << result;
        EXPECT_EQ(judge_attempt(tried(3, 3), result, noon).what, kind::given_up) << result;
    }
    EXPECT_EQ(judge_attempt(tried(1, 1), "busy", noon).what, kind::given_up);
}

TEST(an_attempt, is_made_again_only_before_the_window_ends) {
    EXPECT_EQ(judge_attempt(tried(1, 3, noon + 901s), "no_answer", noon).what, kind::again);
    EXPECT_EQ(judge_attempt(tried(1, 3, noon + 900s), "no_answer", noon).what, kind::given_up);
}

std::string wrong_field(timestamp from, std::optional<timestamp> to) {
    const auto wrong = judge_window(from, to, noon);
    return wrong ? wrong->field : "";
}

TEST(a_window, may_begin_now_or_have_begun_and_have_no_end) {
    EXPECT_EQ(wrong_field(noon, {}), "");
    EXPECT_EQ(wrong_field(noon - 1h, noon + 1s), "");
    EXPECT_EQ(wrong_field(noon + 1h, noon + 2h), "");
}

TEST(a_window, that_nobody_could_keep_is_refused) {
    EXPECT_EQ(wrong_field(noon - 2h, noon), "not_after") << "it is over";
    EXPECT_EQ(wrong_field(noon + 1h, noon + 1h), "not_after") << "it is empty";
    EXPECT_EQ(wrong_field(noon + 24h * 367, {}), "not_before");
    EXPECT_EQ(wrong_field(noon, noon + 24h * 367), "not_after");
}

} // namespace
} // namespace switchboard
