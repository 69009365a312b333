#include "unit/engine/small_center.hpp"

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
        put(queue_config{.id = 2});
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

TEST_F(interruptible_mail, in_hand_takes_no_room_from_a_chat) {
    for (ticket_id id = 11; id < 15; ++id) {
        mail(id);
        accept(id, 1); // five: all of the agent's units
    }
    for (ticket_id id = 20; id < 24; ++id) arrive(ticket(id, channel::chat));
    for (ticket_id id = 20; id < 24; ++id) EXPECT_EQ(offered(id), 1);
    accept(20, 1);
    EXPECT_EQ(said<park_item>().size(), 5u);
    mail(16);
    EXPECT_TRUE(engine_.is_waiting(16)) << "what is parked counts for more of the same";
}

TEST_F(interruptible_mail, that_several_chats_parked_is_back_when_the_last_has_ended) {
    for (ticket_id id : {20, 21}) {
        arrive(ticket(id, channel::chat));
        accept(id, 1);
    }
    release(20, 1);
    EXPECT_TRUE(said<resume_item>().empty());
    mail(11);
    release(21, 1);
    EXPECT_EQ(said<resume_item>().at(0).ticket, 10);
    EXPECT_EQ(offered(11), 1);
}

TEST_F(capacity, of_live_work_is_never_interrupted_whatever_its_queue_says) {
    auto a = agent(1);
    for (auto& row : a.interrupt) row = all_channels;
    a.caps[static_cast<std::size_t>(channel::chat)] = {4, 50};
    sign_in(a);
    put(queue_config{.id = 1, .interruptible = true});
    for (ticket_id id : {10, 11, 12}) arrive(ticket(id, channel::chat));
    EXPECT_TRUE(engine_.is_waiting(12)) << "two of them are all of the agent's units";
    accept(10, 1);
    call(20);
    EXPECT_TRUE(engine_.is_waiting(20));
    EXPECT_FALSE(said<make_offer>().at(0).interruptible);
}

TEST_F(capacity, work_that_is_not_interruptible_keeps_calls_away) {
    put(queue_config{.id = 1, .interruptible = false});
    sign_in(agent(1));
    arrive(ticket(10, channel::email));
    call(20);
    EXPECT_TRUE(engine_.is_waiting(20));
}

class idle_reserve : public small_center {
protected:
    void SetUp() override { put(queue_config{.id = 1, .reserve = 1, .interruptible = false}); }
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
