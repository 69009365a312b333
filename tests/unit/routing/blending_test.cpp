#include "unit/routing/small_center.hpp"

namespace switchboard::routing {
namespace {

using capacity = small_center;

TEST_F(capacity, is_counted_by_channel) {
    sign_in(agent(1));
    for (ticket_id t = 10; t < 15; ++t) arrive(ticket(t, channel::chat));
    EXPECT_EQ(engine_.agent(1)->offered, 4u);
    EXPECT_TRUE(engine_.is_waiting(14));
}

TEST_F(capacity, is_counted_in_units_over_all_channels) {
    auto a = agent(1);
    a.units = 60; // a chat takes 25, an e-mail 20
    a.allow = {};
    for (auto& row : a.allow) row = all_channels;
    sign_in(a);
    arrive(ticket(10, channel::chat));
    arrive(ticket(11, channel::email));
    arrive(ticket(12, channel::email));
    EXPECT_EQ(offered(11), 1);
    EXPECT_TRUE(engine_.is_waiting(12));
}

TEST_F(capacity, held_work_may_forbid_other_channels) {
    sign_in(agent(1));
    arrive(ticket(10, channel::chat));
    arrive(ticket(11, channel::email)); // by default nothing but chats beside a chat
    EXPECT_TRUE(engine_.is_waiting(11));
}

class interruptible_mail : public small_center {
protected:
    void SetUp() override {
        put(queue_config{.id = 2, .interruptible = true});
        sign_in({.id = 1, .memberships = {{.queue = 1}, {.queue = 2}}});
        mail(10);
        accept(10, 1);
    }
    void mail(ticket_id id) {
        auto t = ticket(id, channel::email);
        t.queue = 2;
        arrive(t);
    }
};

TEST_F(interruptible_mail, is_parked_for_a_call_and_comes_back_after_it) {
    call(20);
    ASSERT_EQ(offered(20), 1);
    EXPECT_TRUE(said<park_item>().empty()); // not before the call is taken
    accept(20, 1);
    EXPECT_EQ(said<park_item>().at(0).ticket, 10);
    release(20, 1);
    EXPECT_EQ(said<resume_item>().at(0).ticket, 10);
}

TEST_F(interruptible_mail, that_only_rings_is_withdrawn_when_the_agent_takes_a_call) {
    mail(11);
    call(20);
    accept(20, 1);
    EXPECT_EQ(said<end_offer>().at(0).reason, end_reason::interrupted);
    EXPECT_TRUE(engine_.is_waiting(11));
    release(20, 1);
    EXPECT_EQ(offered(11), 1); // not counted as refused
}

TEST_F(capacity, work_that_is_not_interruptible_keeps_calls_away) {
    sign_in(agent(1));
    arrive(ticket(10, channel::email));
    call(20);
    EXPECT_TRUE(engine_.is_waiting(20));
}

class idle_reserve : public small_center {
protected:
    void SetUp() override { put(queue_config{.id = 1, .reserve = 1}); }
};

TEST_F(idle_reserve, holds_mail_back_until_more_agents_are_idle) {
    sign_in(agent(1));
    arrive(ticket(10, channel::email));
    EXPECT_TRUE(engine_.is_waiting(10));
    sign_in(agent(2));
    EXPECT_EQ(offered(10), 1); // the longest idle, though the other one's coming freed it
    arrive(ticket(11, channel::email));
    EXPECT_TRUE(engine_.is_waiting(11));
    call(20);
    EXPECT_EQ(offered(20), 2); // which is what the reserve is for
}

TEST_F(idle_reserve, does_not_bind_those_who_do_no_live_work) {
    sign_in(agent(1), {channel::email});
    arrive(ticket(10, channel::email));
    EXPECT_EQ(offered(10), 1);
}

} // namespace
} // namespace switchboard::routing
