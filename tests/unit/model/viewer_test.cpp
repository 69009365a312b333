#include "support/granted.hpp"

#include <switchboard/model/principal.hpp>
#include <switchboard/model/viewer.hpp>

#include <gtest/gtest.h>

using namespace switchboard;

namespace {

const viewer ana{7, test::agents_grants(), {1, 2}};
const viewer boss{8, test::supervisors_grants(), {}};

event about(std::string type, std::optional<std::int64_t> queue, std::optional<std::int64_t> agent = {}) {
    event e;
    e.type = std::move(type);
    e.queue_id = queue;
    e.agent_id = agent;
    return e;
}

} // namespace

TEST(visibility, an_agent_sees_the_tickets_of_her_queues_and_her_own) {
    EXPECT_TRUE(may_see_ticket(ana, 1, {}, {}));
    EXPECT_FALSE(may_see_ticket(ana, 3, {}, {}));
    EXPECT_TRUE(may_see_ticket(ana, 3, 7, {}));
    EXPECT_TRUE(may_see_ticket(ana, 3, {}, 7));
    EXPECT_FALSE(may_see_ticket(ana, 3, 9, 9));
}

TEST(visibility, a_supervisor_sees_every_ticket) {
    EXPECT_TRUE(may_see_ticket(boss, 3, 9, {}));
}

TEST(visibility, events_follow_the_same_rule) {
    EXPECT_TRUE(may_see(ana, about("contact.received", 2)));
    EXPECT_FALSE(may_see(ana, about("contact.received", 3)));
    EXPECT_TRUE(may_see(ana, about("offer.created", 3, 7)));
    EXPECT_FALSE(may_see(ana, about("offer.created", 3, 9)));
    EXPECT_TRUE(may_see(boss, about("offer.created", 3, 9)));
}

TEST(visibility, presence_and_quarantine_stay_with_the_agent_and_the_supervisors) {
    EXPECT_TRUE(may_see(ana, about("presence.changed", {}, 7)));
    EXPECT_FALSE(may_see(ana, about("presence.changed", {}, 9)));
    EXPECT_FALSE(may_see(ana, about("contact.received", {})));
    EXPECT_TRUE(may_see(boss, about("contact.received", {})));
}

TEST(visibility, ids_of_what_has_changed_are_everybodys) {
    EXPECT_TRUE(may_see(ana, about("config.changed", {})));
}

TEST(visibility, of_what_is_of_many_queues_and_people_is_that_of_each) {
    auto changed = about("customer.changed", {});
    EXPECT_FALSE(may_see(ana, changed));
    EXPECT_TRUE(may_see(boss, changed));
    changed.queue_ids = {2, 3};
    EXPECT_TRUE(may_see(ana, changed)) << "a member of one of them";
    changed.queue_ids = {3};
    EXPECT_FALSE(may_see(ana, changed));
    changed.agent_ids = {5, 7};
    EXPECT_TRUE(may_see(ana, changed)) << "one of these people";
    const viewer trainee{7, {}, {3}};
    EXPECT_FALSE(may_see(trainee, changed)) << "who may not look at customers at all";
}

TEST(visibility, presence_stays_so_though_a_queue_stood_beside_it) {
    EXPECT_FALSE(may_see(ana, about("presence.changed", 1, 9)));
    EXPECT_FALSE(may_see(ana, about("typing", 1, 9)));
}

TEST(visibility, what_is_not_declared_is_shown_to_no_agent) {
    EXPECT_FALSE(may_see(ana, about("secret.told", {})));
    EXPECT_FALSE(may_see(ana, about("secret.told", 1)));
}

TEST(binding, leaves_a_token_nothing_but_to_hand_in) {
    principal machine;
    machine.token_id = 1;
    machine.scopes = {"intake", "read", "admin"};
    EXPECT_TRUE(machine.has_scope("admin"));
    machine.gateway_ids = {{3}};
    EXPECT_TRUE(machine.has_scope("intake"));
    EXPECT_FALSE(machine.has_scope("read"));
    EXPECT_FALSE(machine.has_scope("admin"));
}

TEST(cursor, orders_by_transaction_first_and_reads_back) {
    EXPECT_LT((cursor{5, 900}), (cursor{6, 1}));
    EXPECT_EQ(parse_cursor(to_string(cursor{18446744073709551615u, 42})), (cursor{18446744073709551615u, 42}));
    for (const auto* wrong : {"", "5", "5-", "-5", "5-x", "5-1 ", "5--1", "99999999999999999999-1"})
        EXPECT_FALSE(parse_cursor(wrong)) << wrong;
}

TEST(visibility, is_own_where_no_more_is_granted) {
    viewer trainee{5, {}, {1}};
    EXPECT_FALSE(may_see_ticket(trainee, 1, 5, {})) << "nothing is granted";
    trainee.granted.add(permission::ticket_read, reach::own);
    EXPECT_FALSE(may_see_ticket(trainee, 1, {}, {}));
    EXPECT_TRUE(may_see_ticket(trainee, 3, 5, {}));
    EXPECT_TRUE(may_see_ticket(trainee, 3, {}, 5));
    EXPECT_FALSE(may_see(trainee, about("contact.received", 1)));
    EXPECT_TRUE(may_see(trainee, about("contact.received", 3, 5)));
}
