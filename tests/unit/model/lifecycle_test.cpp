#include <switchboard/model/lifecycle.hpp>

#include <gtest/gtest.h>

using namespace switchboard;
using enum ticket_action;

namespace {

constexpr std::int64_t billing = 1;
constexpr std::int64_t claims = 2;
const viewer ana{7, role::agent, {billing}};
const viewer boss{9, role::supervisor, {}};

obstacle try_it(ticket_action a, const viewer& who, std::string_view state, std::optional<std::int64_t> owner,
                std::int64_t queue = billing) {
    return may_act(a, who, state, queue, owner, std::nullopt);
}

} // namespace

TEST(lifecycle, the_owner_works_on_an_active_ticket) {
    for (auto a : {reply, note, edit, transfer, escalate, hold, solve})
        EXPECT_EQ(try_it(a, ana, "active", 7), obstacle::none) << to_string(a);
}

TEST(lifecycle, a_colleague_may_only_leave_a_note) {
    EXPECT_EQ(try_it(note, ana, "active", 8), obstacle::none);
    for (auto a : {reply, edit, transfer, escalate, hold, solve})
        EXPECT_EQ(try_it(a, ana, "active", 8), obstacle::not_owner) << to_string(a);
}

TEST(lifecycle, a_stranger_to_the_queue_does_not_even_learn_that_it_exists) {
    for (auto a : {reply, note, reopen, solve})
        EXPECT_EQ(try_it(a, ana, "active", 8, claims), obstacle::not_visible) << to_string(a);
}

TEST(lifecycle, a_supervisor_stands_in_for_the_owner) {
    for (auto a : {reply, transfer, escalate, hold, solve})
        EXPECT_EQ(try_it(a, boss, "active", 7), obstacle::none) << to_string(a);
    EXPECT_EQ(try_it(solve, boss, "waiting", std::nullopt), obstacle::none);
}

TEST(lifecycle, each_state_allows_what_makes_sense) {
    EXPECT_EQ(try_it(hold, boss, "waiting", std::nullopt), obstacle::wrong_state);
    EXPECT_EQ(try_it(resume, ana, "active", 7), obstacle::wrong_state);
    EXPECT_EQ(try_it(resume, ana, "held", 7), obstacle::none);
    EXPECT_EQ(try_it(solve, ana, "solved", 7), obstacle::wrong_state);
    EXPECT_EQ(try_it(reply, ana, "solved", 7), obstacle::wrong_state);
    EXPECT_EQ(try_it(reopen, ana, "solved", 8), obstacle::none);
    EXPECT_EQ(try_it(reopen, ana, "waiting", std::nullopt), obstacle::wrong_state);
    EXPECT_EQ(try_it(end_wrapup, ana, "solved", 7), obstacle::none);
}

TEST(lifecycle, a_call_is_recorded_by_who_has_the_ticket_and_promised_until_it_is_solved) {
    for (const auto* state : {"active", "parked"})
        EXPECT_EQ(try_it(record_call, ana, state, 7), obstacle::none) << state;
    for (const auto* state : {"waiting", "offered", "held", "solved"})
        EXPECT_EQ(try_it(record_call, boss, state, 7), obstacle::wrong_state) << state;
    EXPECT_EQ(try_it(record_call, ana, "active", 8), obstacle::not_owner);
    for (auto a : {call_back, cancel_callback}) {
        EXPECT_EQ(try_it(a, ana, "held", 7), obstacle::none) << to_string(a);
        EXPECT_EQ(try_it(a, boss, "waiting", std::nullopt), obstacle::none) << to_string(a);
        EXPECT_EQ(try_it(a, ana, "waiting", std::nullopt), obstacle::not_owner) << to_string(a);
        EXPECT_EQ(try_it(a, boss, "solved", 7), obstacle::wrong_state) << to_string(a);
    }
}
