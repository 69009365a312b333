#include "support/granted.hpp"

#include <switchboard/model/role.hpp>
#include <switchboard/model/token.hpp>

#include <gtest/gtest.h>

using namespace switchboard;
using enum permission;

TEST(permissions, are_told_with_a_dot) {
    EXPECT_EQ(name_of(ticket_read), "ticket.read");
    EXPECT_EQ(named_value<permission>("config.people"), config_people);
    EXPECT_FALSE(named_value<permission>("config_people"));
    EXPECT_TRUE(joined_names<permission>.starts_with("ticket.read|ticket.note|"));
    EXPECT_EQ(name_of(token_scope::read), "read") << "as every other enumeration's";
}

TEST(grants, of_several_roles_count_together_the_widest_first) {
    grants all = grants_of(grant_list{{ticket_reply, reach::own}, {ticket_read, reach::all}});
    all.add(grants_of(grant_list{{ticket_reply, reach::queues}, {ticket_read, reach::own}}));
    EXPECT_EQ(all.reach_of(ticket_reply), reach::queues);
    EXPECT_EQ(all.reach_of(ticket_read), reach::all);
    EXPECT_FALSE(all.may(team_watch));
}

TEST(grants, are_what_a_role_was_made_of) {
    const auto agents = test::agents_grants();
    const auto again = grants_of(list_of(agents));
    EXPECT_TRUE(again.cover(agents) && agents.cover(again));
    EXPECT_EQ(list_of(grants::everything()).size(), all_names<permission>().size());
}

TEST(grants, are_given_by_who_has_them_as_far) {
    const auto agents = test::agents_grants(), supervisors = test::supervisors_grants();
    EXPECT_TRUE(may_give(supervisors, agents));
    EXPECT_FALSE(may_give(agents, supervisors));
    grants far;
    far.add(ticket_reply, reach::queues);
    EXPECT_FALSE(may_give(agents, far)) << "his own reach is narrower";
}

TEST(grants, are_given_at_will_by_who_makes_roles_and_gives_them) {
    grants some;
    some.add(config_people);
    EXPECT_FALSE(may_give(some, grants::everything()));
    some.add(config_roles);
    EXPECT_TRUE(may_give(some, grants::everything()));
}

TEST(grants, let_somebody_be_given_work_who_reads_and_answers_tickets) {
    grants some;
    EXPECT_FALSE(takes_work(some));
    some.add(ticket_read);
    for (const auto p : {ticket_solve, ticket_claim, ticket_assign, escalation_take}) some.add(p);
    EXPECT_FALSE(takes_work(some)) << "to look on is not enough";
    some.add(ticket_reply, reach::own);
    EXPECT_TRUE(takes_work(some)) << "his own are those that he is given";
}

TEST(grants, of_a_machine_that_reads_change_nothing) {
    for (const auto p : {ticket_reply, customer_edit, quarantine_replay, config_queues, system_read, audit_read})
        EXPECT_FALSE(grants_of(token_scope::read).may(p)) << name_of(p);
    EXPECT_TRUE(grants_of(token_scope::read).reaches_all(ticket_read));
    EXPECT_FALSE(grants_of(token_scope::intake).may(ticket_read));
}
