#include "unit/engine/small_center.hpp"

namespace switchboard::routing {
namespace {

/// One busy agent; queue 2 has nobody.
class limits : public small_center {
protected:
    void SetUp() override {
        put(queue_config{.id = 2});
        sign_in(agent(1));
        occupy(1, 99);
    }
};

TEST_F(limits, block_a_new_ticket_that_would_wait_as_one_too_many) {
    put(queue_config{.id = 1, .max_waiting = 2});
    auto t = ticket(12);
    t.version = 7;
    call(10);
    call(11);
    arrive(t);
    EXPECT_EQ(said<block_ticket>().at(0).ticket, 12);
    EXPECT_EQ(said<block_ticket>().at(0).version, 7);
    EXPECT_FALSE(engine_.is_waiting(12));
    EXPECT_EQ(engine_.counts(1).waiting, 2u);
}

TEST_F(limits, do_not_block_one_who_need_not_wait_nor_one_who_comes_back) {
    put(queue_config{.id = 1, .max_waiting = 0});
    sign_in(agent(2));
    occupy(2, 98);
    release(99, 1);
    call(10);
    EXPECT_EQ(offered(10), 1);
    decline(10, 1);
    EXPECT_TRUE(engine_.is_waiting(10));
}

TEST_F(limits, send_what_is_too_much_to_the_overflow_queue) {
    put(queue_config{.id = 1, .max_waiting = 0, .overflow = 2});
    call(10);
    const auto moved = said<overflow_ticket>().at(0);
    EXPECT_EQ(moved.from, 1);
    EXPECT_EQ(moved.to, 2);
    EXPECT_EQ(moved.reason, overflow_reason::full);
    EXPECT_EQ(engine_.counts(2).waiting, 1u);
    EXPECT_EQ(engine_.counts(2).oldest, now_);
    sign_in({.id = 2, .memberships = {{.queue = 2}}});
    EXPECT_EQ(offered(10), 2);
    EXPECT_EQ(said<make_offer>().at(0).version, moved.version + 1);
}

TEST_F(limits, block_when_the_overflow_queue_is_full_too) {
    put(queue_config{.id = 1, .max_waiting = 0, .overflow = 2});
    put(queue_config{.id = 2, .max_waiting = 1, .overflow = 1});
    call(10);
    call(11);
    EXPECT_EQ(said<overflow_ticket>().size(), 1u);
    EXPECT_EQ(said<block_ticket>().at(0).ticket, 11);
}

class limits_in_all : public small_center {
protected:
    limits_in_all() : small_center({.max_waiting_total = 2}) {}
};

TEST_F(limits_in_all, count_every_queue) {
    put(queue_config{.id = 2});
    call(10);
    auto elsewhere = ticket(11);
    elsewhere.queue = 2;
    arrive(elsewhere);
    call(12);
    EXPECT_EQ(said<block_ticket>().at(0).ticket, 12);
}

class closed_queue : public small_center {
protected:
    void close(closed_action action) {
        queue_config q{.id = 1, .open = false};
        q.when_closed = action;
        q.overflow = 2;
        put(q);
    }
};

TEST_F(closed_queue, says_what_becomes_of_callers_and_lets_mail_wait) {
    sign_in(agent(1), {channel::phone});
    close(closed_action::voicemail);
    call(10);
    arrive(ticket(11, channel::email));
    EXPECT_EQ(said<close_ticket>().at(0).action, closed_action::voicemail);
    EXPECT_FALSE(engine_.is_waiting(10));
    EXPECT_TRUE(engine_.is_waiting(11));
}

TEST_F(closed_queue, sends_callers_to_the_overflow_queue_while_that_is_open) {
    put(queue_config{.id = 2});
    close(closed_action::overflow);
    call(10);
    EXPECT_EQ(said<overflow_ticket>().at(0).reason, overflow_reason::closed);
    put(queue_config{.id = 2, .open = false});
    call(11);
    EXPECT_EQ(said<overflow_ticket>().size(), 1u);
    EXPECT_EQ(engine_.counts(1).waiting, 1u); // 11 waits for one of the two to open
}

TEST_F(closed_queue, takes_its_action_also_for_those_who_wait_when_it_closes) {
    call(10);
    close(closed_action::callback);
    EXPECT_EQ(said<close_ticket>().at(0).ticket, 10);
}

TEST_F(closed_queue, that_only_waits_serves_in_the_old_order_when_it_opens) {
    close(closed_action::wait);
    call(10);
    sign_in(agent(1));
    EXPECT_TRUE(engine_.is_waiting(10));
    put(queue_config{.id = 1});
    EXPECT_EQ(offered(10), 1);
}

class shifts : public small_center {
protected:
    shifts() : small_center({.min_handle = seconds{300}}) {}
};

TEST_F(shifts, keep_live_work_from_an_agent_who_leaves_soon) {
    sign_in(agent(1));
    engine_.shift(1, now_ + seconds{600}, now_, out_);
    pass(seconds{300});
    call(10); // five minutes are enough
    ASSERT_EQ(offered(10), 1);
    engine_.gone(10, now_, out_);
    pass(seconds{1});
    call(11);
    arrive(ticket(12, channel::email));
    EXPECT_TRUE(engine_.is_waiting(11));
    EXPECT_EQ(offered(12), 1);
    engine_.gone(12, now_, out_);
    engine_.shift(1, now_ + seconds{3600}, now_, out_); // stays on
    EXPECT_EQ(offered(11), 1);
}

TEST_F(shifts, that_end_do_not_take_an_open_offer_away) {
    sign_in(agent(1));
    engine_.shift(1, now_ + seconds{310}, now_, out_);
    call(10);
    pass(seconds{15});
    EXPECT_EQ(offered(10), 1);
}

class messages : public small_center {
protected:
    waiting_ticket message(ticket_id id) {
        auto t = ticket(id);
        t.left_message = true;
        return t;
    }
};

TEST_F(messages, wait_while_the_queue_is_closed_as_mail_does) {
    put(queue_config{.id = 1, .open = false, .when_closed = closed_action::voicemail});
    sign_in(agent(1));
    arrive(message(10));
    EXPECT_EQ(offered(10), 1) << "what can wait is done while nobody can call";
    EXPECT_TRUE(said<close_ticket>().empty());
    EXPECT_EQ(said<make_offer>().at(0).channel, channel::phone);
    EXPECT_EQ(said<make_offer>().at(0).weight, 100) << "of a call";
}

TEST_F(messages, are_taken_by_whoever_takes_calls_and_has_room_for_one) {
    sign_in(agent(1), {channel::email});
    arrive(message(10));
    EXPECT_TRUE(engine_.is_waiting(10));
    sign_in(agent(2));
    occupy(2, 99);
    EXPECT_TRUE(engine_.is_waiting(10)) << "he is on the phone";
    release(99, 2);
    EXPECT_EQ(offered(10), 2);
    call(11);
    EXPECT_TRUE(engine_.is_waiting(11)) << "and nobody calls him meanwhile";
}

TEST_F(messages, leave_the_idle_reserve_to_callers) {
    put(queue_config{.id = 1, .reserve = 1});
    sign_in(agent(1));
    arrive(message(10));
    EXPECT_TRUE(engine_.is_waiting(10));
    call(11);
    EXPECT_EQ(offered(11), 1);
    sign_in(agent(2));
    sign_in(agent(3));
    EXPECT_TRUE(offered(10).has_value());
}

TEST_F(messages, are_not_turned_away_by_steps) {
    relaxation_step s{.after = seconds{30}};
    s.mutations = {{.what = mutation::kind::voicemail}};
    queue_config q{.id = 1};
    q.steps = {s};
    put(q);
    arrive(message(10));
    pass(seconds{31});
    EXPECT_TRUE(said<close_ticket>().empty());
    EXPECT_TRUE(engine_.is_waiting(10));
}

TEST_F(messages, that_nobody_answers_are_missed_as_mail_is) {
    put(queue_config{.id = 1, .ring = seconds{10}, .cool = seconds{1}});
    sign_in(agent(1));
    arrive(message(10));
    pass(seconds{10});
    EXPECT_TRUE(said<set_not_ready>().empty()) << "one call missed would have been enough";
    for (int i = 0; i < 2; ++i) {
        pass(seconds{1});
        pass(seconds{10});
    }
    EXPECT_EQ(said<set_not_ready>().size(), 1u);
}

class messages_at_the_end_of_a_shift : public small_center {
protected:
    messages_at_the_end_of_a_shift() : small_center({.min_handle = seconds{300}}) {}
};

TEST_F(messages_at_the_end_of_a_shift, are_still_given) {
    sign_in(agent(1));
    engine_.shift(1, now_ + seconds{60}, now_, out_);
    call(10);
    auto t = ticket(11);
    t.left_message = true;
    arrive(t);
    EXPECT_TRUE(engine_.is_waiting(10)) << "a call could last for longer";
    EXPECT_EQ(offered(11), 1);
}

class callbacks : public small_center {};

TEST_F(callbacks, are_not_offered_before_their_time_and_then_by_their_old_place) {
    sign_in(agent(1));
    auto t = ticket(10);
    t.not_before = now_ + seconds{60};
    arrive(t);
    EXPECT_FALSE(engine_.is_waiting(10));
    EXPECT_EQ(engine_.counts(1).scheduled, 1u);
    EXPECT_EQ(engine_.next_timer(), t.not_before);
    occupy(1, 99);
    pass(seconds{30});
    call(11);
    pass(seconds{30});
    EXPECT_EQ(engine_.counts(1).scheduled, 0u);
    release(99, 1);
    EXPECT_EQ(offered(10), 1); // asked before 11 did
}

TEST_F(callbacks, count_their_steps_from_the_time_they_asked_for) {
    queue_config q{.id = 1};
    q.steps = {{.after = seconds{30}, .mutations = {{.what = mutation::kind::drop_skill, .skill = 1}}}};
    put(q);
    sign_in(agent(1));
    auto t = ticket(10);
    t.skills = {{1, 1, {}}};
    t.not_before = now_ + seconds{600};
    arrive(t);
    pass(seconds{629});
    EXPECT_TRUE(engine_.is_waiting(10));
    pass(seconds{1});
    EXPECT_EQ(offered(10), 1);
}

} // namespace
} // namespace switchboard::routing
