#include "unit/engine/small_center.hpp"

#include <set>

namespace switchboard::routing {
namespace {

constexpr skill_id french = 1;
constexpr licence_type_id insurance = 1;
using kind = mutation::kind;

/// Agent 1 speaks French at level 3 and is busy with call 99; agent 2 speaks none and is free.
class relaxation : public small_center {
protected:
    void SetUp() override {
        auto speaker = agent(1);
        speaker.skills = {{french, 3}};
        sign_in(speaker);
        occupy(1, 99);
        sign_in(agent(2));
    }
    void steps(std::vector<relaxation_step> list) {
        queue_config q{.id = 1};
        q.steps = std::move(list);
        put(q);
    }
    static relaxation_step step(seconds after, mutation m, skip_condition skip = skip_condition::never) {
        return {.after = after, .skip_if = skip, .mutations = {m}};
    }
    static constexpr mutation drop_french{.what = kind::drop_skill, .skill = french};
    waiting_ticket in_french(ticket_id id, int min = 1) {
        auto t = ticket(id);
        t.skills = {{french, min, {}}};
        return t;
    }
};

TEST_F(relaxation, drops_a_skill_at_its_second_and_keeps_the_place_in_the_order) {
    steps({step(seconds{30}, drop_french)});
    arrive(in_french(10));
    pass(seconds{29});
    EXPECT_TRUE(engine_.is_waiting(10));
    pass(seconds{1});
    EXPECT_EQ(offered(10), 2);
    const auto taken = said<step_taken>().at(0);
    EXPECT_EQ(taken.step, 1);
    EXPECT_EQ(taken.why, step_cause::time);
    EXPECT_EQ(said<make_offer>().at(0).facts.step, 1);
}

TEST_F(relaxation, turns_a_caller_away_when_a_step_says_so_and_no_mail) {
    for (const auto& [what, action] :
         {std::pair{kind::callback, closed_action::callback}, std::pair{kind::voicemail, closed_action::voicemail}}) {
        steps({step(seconds{30}, {.what = what})});
        auto call = in_french(10), mail = in_french(11);
        call.channel = channel::phone;
        mail.channel = channel::email;
        arrive(call);
        arrive(mail);
        pass(seconds{29});
        EXPECT_TRUE(engine_.is_waiting(10));
        pass(seconds{1});
        ASSERT_EQ(said<close_ticket>().size(), 1);
        EXPECT_EQ(said<close_ticket>()[0].ticket, 10);
        EXPECT_EQ(said<close_ticket>()[0].action, action);
        EXPECT_FALSE(engine_.is_waiting(10));
        EXPECT_TRUE(engine_.is_waiting(11)) << "nobody hangs on the line";
        EXPECT_EQ(said<step_taken>().size(), 2);
        out_.clear();
        EXPECT_TRUE(engine_.gone(11, now_, out_));
        // Back again after that step it is not turned away a second time.
        call.step = 1;
        arrive(call);
        pass(seconds{3600});
        EXPECT_TRUE(engine_.is_waiting(10));
        EXPECT_TRUE(engine_.gone(10, now_, out_));
        out_.clear();
    }
}

TEST_F(relaxation, turns_a_caller_away_at_once_when_the_wait_is_skipped) {
    steps({step(seconds{300}, {.what = kind::callback}, skip_condition::nobody_idle)});
    auto call = in_french(10);
    call.channel = channel::phone;
    arrive(call); // the only speaker is busy
    ASSERT_EQ(said<close_ticket>().size(), 1);
    EXPECT_FALSE(engine_.is_waiting(10));
}

TEST_F(relaxation, asks_supervisors_who_are_in_no_queue) {
    auto boss = agent(3);
    boss.memberships = {{supervisors, 0, seconds{0}}};
    sign_in(boss);
    steps({step(seconds{30}, {.what = kind::ask_supervisors})});
    arrive(in_french(10));
    auto plain = ticket(11);
    occupy(2, 98);
    arrive(plain);
    pass(seconds{29});
    EXPECT_TRUE(engine_.is_waiting(11));
    pass(seconds{1});
    EXPECT_EQ(offered(11), 3);
    EXPECT_TRUE(engine_.is_waiting(10)) << "the supervisor speaks no French: skills are another change";
}

/// Agent 1 takes a call every minute; a call is due ten minutes after it came.
class lateness : public small_center {
protected:
    void SetUp() override {
        put(queue_config{.id = 1,
                         .ring = seconds{3600},
                         .due_in = seconds{600},
                         .steps = {{.after = seconds{3600},
                                    .skip_if = skip_condition::late,
                                    .mutations = {{.what = kind::add_queue, .queue = 2}}}}});
        put(queue_config{.id = 2});
        sign_in(agent(1));
    }
    void serve(ticket_id t) {
        accept(t, 1);
        pass(seconds{60});
        release(t, 1);
    }
};

TEST_F(lateness, takes_the_step_of_those_alone_who_would_be_late) {
    for (ticket_id t = 10; t < 40; ++t) call(t);
    for (ticket_id t = 10; t < 13; ++t) serve(t);
    pass(seconds{1});
    // One a minute, and seven minutes are left: those behind the seventh will be late. 13 rings already.
    EXPECT_TRUE(engine_.is_waiting(14));
    std::set<ticket_id> hurried;
    for (const auto& s : said<step_taken>()) {
        EXPECT_EQ(s.why, step_cause::late);
        hurried.insert(s.ticket);
    }
    EXPECT_FALSE(hurried.contains(14));
    EXPECT_TRUE(hurried.contains(39));
    EXPECT_EQ(*hurried.rbegin() - *hurried.begin() + 1, static_cast<ticket_id>(hurried.size()))
        << "the tail of the line";
    // Whoever helps out in the other queue takes them, the oldest of them first.
    auto helper = agent(2);
    helper.memberships = {{2, 0, seconds{0}}};
    sign_in(helper);
    EXPECT_EQ(offered(*hurried.begin()), 2);
}

TEST_F(lateness, hurries_nobody_while_the_pace_is_unknown_or_good) {
    for (ticket_id t = 10; t < 16; ++t) call(t);
    pass(seconds{30});
    EXPECT_TRUE(said<step_taken>().empty()) << "nobody has been served yet";
    for (ticket_id t = 10; t < 14; ++t) serve(t);
    EXPECT_TRUE(said<step_taken>().empty()) << "all are in time";
}

TEST_F(lateness, sees_that_the_pace_has_gone) {
    for (ticket_id t = 10; t < 16; ++t) call(t);
    for (ticket_id t = 10; t < 12; ++t) serve(t);
    accept(12, 1); // and this call does not end
    for (int minute = 0; minute < 6; ++minute) {
        if (!said<step_taken>().empty()) break;
        for (int s = 0; s < 60; ++s) pass(seconds{1});
    }
    EXPECT_FALSE(said<step_taken>().empty());
}

TEST_F(relaxation, leaves_the_ticket_with_those_who_could_take_it_before) {
    steps({step(seconds{30}, drop_french)});
    occupy(2, 98);
    arrive(in_french(10));
    pass(seconds{31});
    release(99, 1);
    EXPECT_EQ(offered(10), 1);
}

TEST_F(relaxation, counts_from_the_time_in_the_queue_also_for_one_that_comes_back) {
    steps({step(seconds{30}, drop_french)});
    auto t = in_french(10);
    t.enqueued_at = now_ - seconds{40};
    arrive(t);
    EXPECT_EQ(offered(10), 2);
}

TEST_F(relaxation, goes_on_where_it_was_after_a_recovery) {
    steps({step(seconds{30}, {.what = kind::set_min, .skill = french, .value = 1}), step(seconds{60}, drop_french)});
    auto t = in_french(10, 5);
    t.step = 1;
    arrive(t);
    EXPECT_TRUE(said<step_taken>().empty());
    release(99, 1);
    EXPECT_EQ(offered(10), 1);
}

TEST_F(relaxation, never_touches_a_licence) {
    auto novice = agent(3);
    sign_in(novice);
    steps({step(seconds{10}, drop_french), step(seconds{20}, {.what = kind::widen_grade, .value = 9})});
    auto t = in_french(10);
    t.licences = {{insurance, "DE"}};
    arrive(t);
    pass(seconds{100});
    EXPECT_EQ(said<step_taken>().size(), 2u);
    EXPECT_TRUE(engine_.is_waiting(10));
}

TEST_F(relaxation, widens_the_grade) {
    auto novice = agent(2);
    novice.grade = 2;
    put(novice);
    steps({step(seconds{10}, {.what = kind::widen_grade, .value = 3})});
    auto t = ticket(10);
    t.difficulty = 5;
    arrive(t);
    pass(seconds{10});
    EXPECT_EQ(offered(10), 2);
}

TEST_F(relaxation, asks_the_members_of_another_queue_as_well) {
    steps({step(seconds{10}, {.what = kind::add_queue, .queue = 2})});
    put(queue_config{.id = 2});
    auto supervisor = agent_config{.id = 3, .skills = {{french, 1}}, .memberships = {{.queue = 2, .rank = 7}}};
    sign_in(supervisor);
    arrive(in_french(10));
    pass(seconds{10});
    EXPECT_EQ(offered(10), 3);
    EXPECT_EQ(said<make_offer>().at(0).facts.rank, 7);
    EXPECT_EQ(said<make_offer>().at(0).queue, 1);
}

TEST_F(relaxation, raises_the_tier) {
    steps({step(seconds{10}, {.what = kind::raise_tier, .value = 1})});
    occupy(2, 98);
    auto old = ticket(10);
    old.tier = 2;
    arrive(old);
    pass(seconds{5});
    auto urgent = ticket(11);
    urgent.tier = 1;
    arrive(urgent);
    pass(seconds{5}); // both are in tier 1 now, and 10 is older
    release(98, 2);
    EXPECT_EQ(offered(10), 2);
}

TEST_F(relaxation, moves_to_another_queue_once) {
    queue_config other{.id = 2};
    other.steps = {step(seconds{0}, {.what = kind::overflow, .queue = 1})};
    put(other);
    steps({step(seconds{10}, {.what = kind::overflow, .queue = 2})});
    sign_in({.id = 3, .skills = {{french, 5}}, .memberships = {{.queue = 2}}});
    arrive(in_french(10));
    pass(seconds{10});
    EXPECT_EQ(said<overflow_ticket>().size(), 1u);
    EXPECT_EQ(said<overflow_ticket>().at(0).reason, overflow_reason::step);
    EXPECT_EQ(offered(10), 3);
    EXPECT_EQ(said<make_offer>().at(0).queue, 2);
}

TEST_F(relaxation, does_not_wait_for_people_who_are_not_there) {
    steps({step(seconds{300}, drop_french, skip_condition::nobody_signed_in)});
    arrive(in_french(10));
    EXPECT_TRUE(engine_.is_waiting(10)); // agent 1 is busy, but there
    engine_.presence(1, {}, now_, out_);
    arrive(in_french(11));
    EXPECT_EQ(offered(11), 2);
    EXPECT_EQ(said<step_taken>().at(0).why, step_cause::nobody);
}

TEST_F(relaxation, can_look_at_shifts_and_at_idle_agents_instead) {
    steps({step(seconds{300}, drop_french, skip_condition::nobody_on_shift)});
    engine_.presence(1, {}, now_, out_);
    arrive(in_french(10));
    EXPECT_TRUE(engine_.is_waiting(10)); // expected back
    engine_.shift(1, now_, now_, out_);
    arrive(in_french(11));
    EXPECT_EQ(offered(11), 2);

    steps({step(seconds{300}, drop_french, skip_condition::nobody_idle)});
    sign_in(agent(4));
    engine_.presence(1, all_channels, now_, out_);
    arrive(in_french(12)); // the only speaker is busy
    EXPECT_EQ(offered(12), 4);
}

TEST_F(relaxation, new_steps_apply_to_those_who_wait_already) {
    arrive(in_french(10));
    pass(seconds{50});
    steps({step(seconds{30}, drop_french)});
    EXPECT_EQ(offered(10), 2);
}

} // namespace
} // namespace switchboard::routing
