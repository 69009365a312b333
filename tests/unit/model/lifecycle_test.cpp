#include "support/granted.hpp"

#include <switchboard/model/describe.hpp>
#include <switchboard/model/lifecycle.hpp>

#include <gtest/gtest.h>

using namespace switchboard;
using enum ticket_action;

namespace {

constexpr std::int64_t billing = 1;
constexpr std::int64_t claims = 2;
const viewer ana{7, test::agents_grants(), {billing}};
const viewer boss{9, test::supervisors_grants(), {}};

obstacle try_it(ticket_action a, const viewer& who, ticket_state state, std::optional<std::int64_t> owner,
                std::int64_t queue = billing) {
    return may_act(a, who, state, queue, owner, std::nullopt);
}

} // namespace

TEST(lifecycle, the_owner_works_on_an_active_ticket) {
    for (auto a : {reply, note, edit, transfer, escalate, hold, solve})
        EXPECT_EQ(try_it(a, ana, ticket_state::active, 7), obstacle::none) << to_string(a);
}

TEST(lifecycle, a_colleague_may_only_leave_a_note) {
    EXPECT_EQ(try_it(note, ana, ticket_state::active, 8), obstacle::none);
    for (auto a : {reply, edit, transfer, escalate, hold, solve})
        EXPECT_EQ(try_it(a, ana, ticket_state::active, 8), obstacle::not_owner) << to_string(a);
}

TEST(lifecycle, a_stranger_to_the_queue_does_not_even_learn_that_it_exists) {
    for (auto a : {reply, note, reopen, solve})
        EXPECT_EQ(try_it(a, ana, ticket_state::active, 8, claims), obstacle::not_visible) << to_string(a);
}

TEST(lifecycle, a_supervisor_stands_in_for_the_owner) {
    for (auto a : {reply, transfer, escalate, hold, solve})
        EXPECT_EQ(try_it(a, boss, ticket_state::active, 7), obstacle::none) << to_string(a);
    EXPECT_EQ(try_it(solve, boss, ticket_state::waiting, std::nullopt), obstacle::none);
}

TEST(lifecycle, each_state_allows_what_makes_sense) {
    EXPECT_EQ(try_it(hold, boss, ticket_state::waiting, std::nullopt), obstacle::wrong_state);
    EXPECT_EQ(try_it(resume, ana, ticket_state::active, 7), obstacle::wrong_state);
    EXPECT_EQ(try_it(resume, ana, ticket_state::held, 7), obstacle::none);
    EXPECT_EQ(try_it(solve, ana, ticket_state::solved, 7), obstacle::wrong_state);
    EXPECT_EQ(try_it(reply, ana, ticket_state::solved, 7), obstacle::wrong_state);
    EXPECT_EQ(try_it(reopen, ana, ticket_state::solved, 8), obstacle::none);
    EXPECT_EQ(try_it(reopen, ana, ticket_state::waiting, std::nullopt), obstacle::wrong_state);
    EXPECT_EQ(try_it(end_wrapup, ana, ticket_state::solved, 7), obstacle::none);
}

TEST(lifecycle, a_call_is_recorded_by_who_has_the_ticket_and_promised_until_it_is_solved) {
    for (const auto state : {ticket_state::active, ticket_state::parked})
        EXPECT_EQ(try_it(record_call, ana, state, 7), obstacle::none) << name_of(state);
    for (const auto state : {ticket_state::waiting, ticket_state::offered, ticket_state::held, ticket_state::solved})
        EXPECT_EQ(try_it(record_call, boss, state, 7), obstacle::wrong_state) << name_of(state);
    EXPECT_EQ(try_it(record_call, ana, ticket_state::active, 8), obstacle::not_owner);
    for (auto a : {call_back, cancel_callback}) {
        EXPECT_EQ(try_it(a, ana, ticket_state::held, 7), obstacle::none) << to_string(a);
        EXPECT_EQ(try_it(a, boss, ticket_state::waiting, std::nullopt), obstacle::none) << to_string(a);
        EXPECT_EQ(try_it(a, ana, ticket_state::waiting, std::nullopt), obstacle::not_owner) << to_string(a);
        EXPECT_EQ(try_it(a, boss, ticket_state::solved, 7), obstacle::wrong_state) << to_string(a);
    }
}

TEST(lifecycle, what_no_role_grants_is_nobodys) {
    viewer auditor{3, {}, {}};
    auditor.granted.add(permission::ticket_read);
    for (auto a : {reply, note, edit, solve, claim, assign, call_back})
        EXPECT_EQ(try_it(a, auditor, ticket_state::waiting, 3), obstacle::not_allowed) << to_string(a);
}

TEST(lifecycle, who_reaches_his_queues_works_on_a_colleagues_ticket_there) {
    viewer senior = ana;
    for (auto a : {reply, solve}) senior.granted.add(permission_for(a), reach::queues);
    EXPECT_EQ(try_it(reply, senior, ticket_state::active, 8), obstacle::none);
    EXPECT_EQ(try_it(edit, senior, ticket_state::active, 8), obstacle::not_owner);
    EXPECT_EQ(try_it(solve, senior, ticket_state::active, 8, claims), obstacle::not_visible);
}
