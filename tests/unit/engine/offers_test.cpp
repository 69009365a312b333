#include "unit/engine/small_center.hpp"

namespace switchboard::routing {
namespace {

using offers = small_center;

TEST_F(offers, stand_for_the_queues_ring_time_and_carry_the_row_version) {
    put(queue_config{.id = 1, .ring = seconds{15}});
    sign_in(agent(1));
    auto t = ticket(10);
    t.version = 4;
    arrive(t);
    const auto o = said<make_offer>().at(0);
    EXPECT_EQ(o.expires_at, now_ + seconds{15});
    EXPECT_EQ(o.version, 4);
    EXPECT_EQ(engine_.next_timer(), o.expires_at);
    pass(seconds{15});
    EXPECT_EQ(said<end_offer>().at(0).version, 5);
}

TEST_F(offers, take_capacity_until_they_end) {
    sign_in(agent(1));
    call(10);
    call(11);
    EXPECT_TRUE(engine_.is_waiting(11));
    engine_.gone(10, now_, out_);
    EXPECT_EQ(offered(11), 1);
}

TEST_F(offers, that_time_out_go_to_the_next_agent) {
    sign_in(agent(1));
    sign_in(agent(2));
    call(10);
    ASSERT_EQ(offered(10), 1);
    pass(seconds{20});
    EXPECT_EQ(offered(10), 2);
    const auto ended = said<end_offer>().at(0);
    EXPECT_EQ(ended.reason, end_reason::timed_out);
    EXPECT_EQ(ended.refused_until, now_ + seconds{30});
}

TEST_F(offers, are_not_repeated_to_a_refuser_until_the_cool_down_ends) {
    sign_in(agent(1));
    sign_in(agent(2));
    occupy(2, 99);
    call(10);
    decline(10, 1);
    pass(seconds{29});
    EXPECT_TRUE(engine_.is_waiting(10));
    pass(seconds{1});
    EXPECT_EQ(offered(10), 1);
}

TEST_F(offers, start_over_once_for_those_who_only_did_not_answer_when_everybody_there_has_refused) {
    sign_in(agent(1));
    sign_in(agent(2));
    arrive(ticket(10, channel::chat));
    pass(seconds{20}); // the first lets it ring
    ASSERT_EQ(offered(10), 2);
    decline(10, 2);
    EXPECT_EQ(said<clear_refusals>().size(), 1u);
    ASSERT_EQ(offered(10), 1); // again, not the one who said no a moment ago
    pass(seconds{20});
    EXPECT_TRUE(engine_.is_waiting(10)); // no second time
    EXPECT_EQ(said<clear_refusals>().size(), 1u);
    pass(seconds{10});
    EXPECT_EQ(offered(10), 2); // half a minute after he said no
}

TEST_F(offers, that_the_only_agent_declines_wait_until_the_cool_down_ends) {
    sign_in(agent(1));
    call(10);
    decline(10, 1);
    EXPECT_TRUE(engine_.is_waiting(10));
    EXPECT_TRUE(said<clear_refusals>().empty());
    pass(seconds{29});
    EXPECT_TRUE(engine_.is_waiting(10));
    pass(seconds{1});
    EXPECT_EQ(offered(10), 1);
    decline(10, 1);
    pass(seconds{29});
    EXPECT_TRUE(engine_.is_waiting(10)) << "nor is he asked again at once the second time";
}

TEST_F(offers, that_everybody_declines_go_to_who_comes_and_else_to_the_first_whose_cool_down_ends) {
    sign_in(agent(1));
    sign_in(agent(2));
    call(10);
    decline(10, 1);
    pass(seconds{5});
    decline(10, 2);
    EXPECT_TRUE(engine_.is_waiting(10));
    pass(seconds{24});
    EXPECT_TRUE(engine_.is_waiting(10));
    pass(seconds{1});
    ASSERT_EQ(offered(10), 1);
    decline(10, 1);
    sign_in(agent(3));
    EXPECT_EQ(offered(10), 3);
}

TEST_F(offers, that_the_only_agent_declines_are_not_made_again_when_he_comes_back_or_others_arrive) {
    sign_in(agent(1));
    call(10);
    decline(10, 1);
    engine_.presence(1, {}, now_, out_);
    engine_.presence(1, all_channels, now_, out_);
    EXPECT_TRUE(engine_.is_waiting(10));
    call(11);
    EXPECT_EQ(offered(11), 1) << "another call is another question";
    EXPECT_TRUE(engine_.is_waiting(10));
}

TEST_F(offers, end_when_the_agent_leaves) {
    sign_in(agent(1));
    sign_in(agent(2));
    call(10);
    engine_.presence(1, {}, now_, out_);
    EXPECT_EQ(said<end_offer>().at(0).reason, end_reason::agent_gone);
    EXPECT_EQ(offered(10), 2);
}

TEST_F(offers, are_made_again_at_once_to_who_was_gone_for_a_moment) {
    sign_in(agent(1));
    call(10);
    engine_.presence(1, {}, now_, out_);
    EXPECT_TRUE(engine_.is_waiting(10));
    engine_.presence(1, all_channels, now_, out_);
    EXPECT_EQ(offered(10), 1) << "he has declined nothing";
}

TEST_F(offers, one_missed_call_makes_an_agent_not_ready) {
    sign_in(agent(1));
    call(10);
    pass(seconds{20});
    EXPECT_EQ(said<set_not_ready>().at(0).agent, 1);
    EXPECT_TRUE(engine_.agent(1)->accepts.empty());
    EXPECT_TRUE(engine_.is_waiting(10));
}

TEST_F(offers, three_missed_chats_in_a_row_do_the_same_and_an_accept_starts_the_count_anew) {
    sign_in(agent(1));
    const auto miss = [&](ticket_id t) {
        arrive(ticket(t, channel::chat));
        pass(seconds{20});
        engine_.gone(t, now_, out_);
    };
    miss(10);
    miss(11);
    arrive(ticket(12, channel::chat));
    accept(12, 1);
    miss(13);
    miss(14);
    EXPECT_TRUE(said<set_not_ready>().empty());
    miss(15);
    EXPECT_EQ(said<set_not_ready>().size(), 1u);
}

TEST_F(offers, that_ring_beside_each_other_are_missed_as_one) {
    sign_in(agent(1));
    for (ticket_id id = 10; id < 14; ++id) arrive(ticket(id, channel::chat));
    accept(10, 1);
    pass(seconds{20});
    EXPECT_EQ(engine_.agent(1)->missed_in_row, 1);
    EXPECT_TRUE(said<set_not_ready>().empty());
}

TEST_F(offers, that_began_before_the_last_miss_rang_beside_it) {
    put(queue_config{.id = 1, .cool = seconds{600}});
    sign_in(agent(1));
    const auto chat = [&](ticket_id id) { arrive(ticket(id, channel::chat)); };
    chat(10);
    pass(seconds{15});
    chat(11);
    pass(seconds{5}); // the first is missed, and is asked again once since nobody else is there
    engine_.gone(10, now_, out_);
    EXPECT_EQ(engine_.agent(1)->missed_in_row, 1);
    chat(12);
    pass(seconds{15}); // the second
    EXPECT_EQ(engine_.agent(1)->missed_in_row, 1);
    pass(seconds{5}); // the third began when the first had ended
    EXPECT_EQ(engine_.agent(1)->missed_in_row, 2);
}

TEST_F(offers, one_missed_call_is_enough_beside_mail_that_rang) {
    put(queue_config{.id = 1, .ring = seconds{30}});
    put(queue_config{.id = 2, .ring = seconds{20}});
    sign_in({.id = 1, .memberships = {{.queue = 1}, {.queue = 2}}});
    auto mail = ticket(10, channel::email);
    mail.queue = 2;
    arrive(mail);
    call(11);
    pass(seconds{20});
    EXPECT_EQ(engine_.agent(1)->missed_in_row, 1);
    pass(seconds{10});
    EXPECT_EQ(said<set_not_ready>().at(0).missed, 1);
}

TEST_F(offers, are_missed_as_often_as_their_queue_allows) {
    put(queue_config{.id = 1, .ring = seconds{20}, .missed_limit = 2});
    put(queue_config{.id = 2, .ring = seconds{20}, .missed_limit = 0});
    sign_in({.id = 1, .memberships = {{.queue = 1}, {.queue = 2}}});
    auto lenient = ticket(10, channel::phone);
    lenient.queue = 2;
    arrive(lenient);
    pass(seconds{20});
    engine_.gone(10, now_, out_);
    EXPECT_EQ(engine_.agent(1)->missed_in_row, 1);
    EXPECT_TRUE(said<set_not_ready>().empty()) << "that queue sets nobody not ready";
    call(11);
    pass(seconds{20});
    EXPECT_EQ(said<set_not_ready>().at(0).missed, 2) << "in a row, over all queues";
}

class ringing : public small_center {
protected:
    void mails(ticket_id first, ticket_id last) {
        for (auto id = first; id <= last; ++id) arrive(ticket(id, channel::email));
    }
    [[nodiscard]] std::size_t rings() const { return engine_.agent(1)->offered; }
};

TEST_F(ringing, of_work_that_can_wait_is_one_at_a_time) {
    mails(10, 13);
    sign_in(agent(1));
    EXPECT_EQ(rings(), 1u);
    EXPECT_EQ(offered(10), 1);
    accept(10, 1);
    EXPECT_EQ(offered(11), 1) << "the next as soon as he has this one";
    EXPECT_EQ(rings(), 1u);
    decline(11, 1);
    EXPECT_EQ(offered(12), 1);
    pass(seconds{20});
    EXPECT_EQ(engine_.agent(1)->missed_in_row, 1);
    EXPECT_EQ(offered(12), 1) << "once more, since nobody else is left";
    pass(seconds{20});
    EXPECT_EQ(engine_.agent(1)->missed_in_row, 2);
    EXPECT_EQ(offered(11), 1) << "which was declined more than half a minute ago";
    EXPECT_EQ(rings(), 1u);
}

TEST_F(ringing, of_mail_faxes_letters_and_messages_is_of_one_kind) {
    auto message = ticket(14);
    message.left_message = true;
    arrive(ticket(10, channel::email));
    arrive(ticket(11, channel::fax));
    arrive(ticket(12, channel::post));
    arrive(ticket(13, channel::social));
    arrive(message);
    sign_in(agent(1));
    EXPECT_EQ(rings(), 1u);
    sign_in(agent(2));
    EXPECT_EQ(offered(11), 2) << "another agent is another bell";
}

TEST_F(ringing, of_mail_keeps_no_live_work_away) {
    mails(10, 11);
    sign_in(agent(1));
    arrive(ticket(20, channel::chat));
    arrive(ticket(21, channel::chat));
    EXPECT_EQ(offered(20), 1);
    EXPECT_EQ(offered(21), 1) << "and chats ring together";
    EXPECT_EQ(rings(), 3u);
}

TEST_F(ringing, is_together_where_the_queue_fans_out) {
    put(queue_config{.id = 1, .fan_out = 2});
    mails(10, 12);
    sign_in(agent(1));
    sign_in(agent(2));
    EXPECT_EQ(rings(), 3u);
    EXPECT_EQ(engine_.agent(2)->offered, 3u);
}

TEST_F(ringing, that_a_new_leader_finds_keeps_the_next_from_ringing) {
    engine e;
    ASSERT_TRUE(e.put(queue_config{.id = 1}, now_, out_));
    ASSERT_TRUE(e.put(agent(1), now_, out_));
    e.presence(1, all_channels, now_, out_);
    EXPECT_TRUE(e.restore_offer(ticket(10, channel::email), 1, now_ + seconds{5}));
    e.waiting(ticket(11, channel::email), now_, out_);
    e.start(now_, out_);
    EXPECT_TRUE(e.is_waiting(11));
    e.accepted(10, 1, now_, out_);
    EXPECT_EQ(e.offered_to(11), 1);
}

TEST_F(offers, that_the_database_refused_are_undone_with_its_truth) {
    sign_in(agent(1));
    call(10);
    ASSERT_EQ(offered(10), 1);
    // Another node had assigned a call to the agent meanwhile.
    const held_item other{.ticket = 77, .agent = 1, .queue = 1, .channel = channel::phone};
    engine_.commit_failed(10, 1, ticket(10), std::vector{other}, now_, out_);
    EXPECT_TRUE(engine_.is_waiting(10));
    EXPECT_EQ(engine_.agent(1)->items.at(0).ticket, 77);
    release(77, 1);
    EXPECT_TRUE(engine_.is_waiting(10)); // this pair not before a second has passed
    pass(seconds{1});
    EXPECT_EQ(offered(10), 1);
}

TEST_F(offers, for_a_ticket_that_somebody_pulled_are_withdrawn) {
    sign_in(agent(1));
    sign_in(agent(2), {});
    call(10);
    ASSERT_EQ(offered(10), 1);
    engine_.assigned({.ticket = 10, .agent = 2, .queue = 1, .channel = channel::phone}, now_, out_);
    EXPECT_EQ(said<end_offer>().at(0).reason, end_reason::ticket_gone);
    EXPECT_EQ(engine_.agent(2)->items.at(0).ticket, 10);
    call(11);
    EXPECT_EQ(offered(11), 1);
}

TEST_F(offers, events_about_the_unknown_change_nothing_and_say_so) {
    sign_in(agent(1));
    call(10);
    out_.clear();
    EXPECT_FALSE(engine_.accepted(99, 1, now_, out_));
    EXPECT_FALSE(engine_.accepted(10, 9, now_, out_));
    EXPECT_FALSE(engine_.declined(10, 9, 1, now_, out_));
    EXPECT_FALSE(engine_.released(10, 1, now_, out_)); // offered, not held
    EXPECT_FALSE(engine_.gone(99, now_, out_));
    EXPECT_TRUE(out_.empty());
    EXPECT_EQ(offered(10), 1);
}

TEST_F(offers, a_transfer_is_one_event_and_frees_the_agent) {
    put(queue_config{.id = 2});
    sign_in(agent(1));
    sign_in({.id = 2, .memberships = {{.queue = 2}}});
    call(10);
    accept(10, 1);
    call(11);
    auto moved = ticket(10);
    moved.queue = 2;
    arrive(moved);
    EXPECT_EQ(offered(10), 2);
    EXPECT_EQ(offered(11), 1);
}

TEST(recovery, continues_where_the_database_stands) {
    engine e;
    decisions out;
    const timestamp now{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5}};
    ASSERT_TRUE(e.put(queue_config{.id = 1}, now, out));
    for (agent_id a = 1; a <= 3; ++a) {
        ASSERT_TRUE(e.put(agent_config{.id = a, .memberships = {{.queue = 1}}}, now, out));
        e.presence(a, all_channels, now, out);
    }
    const auto call = [&](ticket_id id) {
        return waiting_ticket{.id = id, .queue = 1, .channel = channel::phone, .enqueued_at = now + seconds{id}};
    };
    e.waiting(call(12), now, out);
    e.waiting(call(11), now, out);
    EXPECT_TRUE(e.restore_held({.ticket = 1, .agent = 1, .queue = 1, .channel = channel::phone}));
    EXPECT_TRUE(e.restore_offer(call(2), 2, now + seconds{5}));
    EXPECT_FALSE(e.restore_offer(call(3), 99, now + seconds{5}));
    EXPECT_TRUE(out.empty());

    e.start(now, out);
    EXPECT_EQ(e.offered_to(11), 3); // the only one with room takes the oldest
    EXPECT_EQ(e.counts(1).waiting, 1u);
    EXPECT_EQ(e.counts(1).offered, 2u);
    EXPECT_EQ(e.counts(1).oldest, now + seconds{12});
    e.advance(now + seconds{5}, out);
    EXPECT_FALSE(e.offered_to(2)); // its time ran out
}

} // namespace
} // namespace switchboard::routing
