#include "unit/engine/small_center.hpp"

namespace switchboard::routing {
namespace {

using eligibility_of_agents = small_center;
constexpr skill_id french = 7;
constexpr licence_type_id insurance = 3;

TEST_F(eligibility_of_agents, only_members_of_the_queue_are_asked) {
    sign_in({.id = 1});
    call(10);
    EXPECT_TRUE(engine_.is_waiting(10));
    sign_in(agent(2));
    EXPECT_EQ(offered(10), 2);
}

TEST_F(eligibility_of_agents, who_may_take_no_work_is_never_asked) {
    auto auditor = agent(1);
    auditor.takes_work = false;
    sign_in(auditor);
    call(10);
    EXPECT_TRUE(engine_.is_waiting(10));
    const auto why = engine_.explain(10, now_);
    EXPECT_EQ(why->excluded[static_cast<std::size_t>(exclusion::role)], 1);
    EXPECT_TRUE(why->could.empty());
    auditor.takes_work = true;
    put(auditor);
    EXPECT_EQ(offered(10), 1) << "his roles have changed";
}

TEST_F(eligibility_of_agents, a_skill_must_have_the_level) {
    auto beginner = agent(1), fluent = agent(2);
    beginner.skills = {{french, 3}};
    fluent.skills = {{french, 8}};
    sign_in(beginner);
    auto t = ticket(10);
    t.skills = {{.skill = french, .min = 5}};
    arrive(t);
    EXPECT_TRUE(engine_.is_waiting(10));
    sign_in(fluent);
    EXPECT_EQ(offered(10), 2);
}

TEST_F(eligibility_of_agents, a_skill_may_be_too_good) {
    auto expert = agent(1);
    expert.skills = {{french, 9}};
    sign_in(expert);
    auto t = ticket(10);
    t.skills = {{.skill = french, .min = 1, .max = 5}};
    arrive(t);
    EXPECT_TRUE(engine_.is_waiting(10));
}

TEST_F(eligibility_of_agents, a_novice_gets_no_difficult_ticket) {
    auto novice = agent(1);
    novice.grade = 2;
    sign_in(novice);
    auto hard = ticket(10);
    hard.difficulty = 3;
    arrive(hard);
    EXPECT_TRUE(engine_.is_waiting(10));
    auto easy = ticket(11);
    easy.difficulty = 2;
    arrive(easy);
    EXPECT_EQ(offered(11), 1);
}

TEST_F(eligibility_of_agents, a_closed_queue_offers_only_what_could_have_waited) {
    put(queue_config{.id = 1, .open = false});
    sign_in(agent(1));
    call(10);
    EXPECT_TRUE(engine_.is_waiting(10));
    arrive(ticket(11, channel::email));
    EXPECT_EQ(offered(11), 1);
}

TEST_F(eligibility_of_agents, a_member_with_a_delay_sees_a_ticket_only_later) {
    sign_in({.id = 1, .memberships = {{.queue = 1, .delay = seconds{30}}}});
    call(10);
    pass(seconds{29});
    EXPECT_TRUE(engine_.is_waiting(10));
    pass(seconds{1});
    EXPECT_EQ(offered(10), 1);
}

TEST_F(eligibility_of_agents, presence_says_which_channels) {
    sign_in(agent(1), {channel::email});
    call(10);
    EXPECT_TRUE(engine_.is_waiting(10));
    engine_.presence(1, {channel::phone}, now_, out_);
    EXPECT_EQ(offered(10), 1);
}

class licences : public small_center {
protected:
    agent_config licensed(timestamp from, std::optional<timestamp> until) {
        auto a = agent(1);
        a.licences = {{.type = insurance, .jurisdictions = {"DE"}, .from = from, .until = until}};
        return a;
    }
    waiting_ticket claim(ticket_id id, std::string where = "DE") {
        auto t = ticket(id);
        t.licences = {{insurance, std::move(where)}};
        return t;
    }
};

TEST_F(licences, count_in_their_jurisdiction_only) {
    sign_in(licensed(now_, {}));
    arrive(claim(10, "FR"));
    EXPECT_TRUE(engine_.is_waiting(10));
    arrive(claim(11, "DE"));
    EXPECT_EQ(offered(11), 1);
}

TEST_F(licences, open_the_day_they_begin) {
    sign_in(licensed(now_ + seconds{60}, {}));
    arrive(claim(10));
    pass(seconds{59});
    EXPECT_TRUE(engine_.is_waiting(10));
    pass(seconds{1});
    EXPECT_EQ(offered(10), 1);
}

TEST_F(licences, end_at_the_very_moment) {
    sign_in(licensed(now_, now_ + seconds{60}));
    now_ += seconds{60};
    arrive(claim(10));
    EXPECT_TRUE(engine_.is_waiting(10));
}

TEST_F(licences, that_ended_are_not_used_by_a_late_timer_of_the_same_call) {
    // A ring of 20 s ends after 20 s, the licence after 50; the clock is only moved after 60.
    auto second = licensed(now_, now_ + seconds{50});
    second.id = 2;
    sign_in(second);
    occupy(2, 99);
    sign_in(licensed(now_, {}));
    arrive(claim(10));
    ASSERT_EQ(offered(10), 1);
    release(99, 2);
    pass(seconds{60});
    EXPECT_NE(offered(10), 2);
}

TEST_F(licences, do_not_count_when_suspended_and_star_covers_everywhere) {
    const licence_term term{insurance, "DE"};
    licence l{.type = insurance, .jurisdictions = {"*"}, .from = now_, .until = now_ + seconds{100}};
    EXPECT_TRUE(licence_valid({l}, term, now_, seconds{0}));
    EXPECT_TRUE(licence_valid({l}, term, now_, seconds{99}));
    EXPECT_FALSE(licence_valid({l}, term, now_, seconds{100})); // must outlast now by more than that
    EXPECT_FALSE(licence_valid({l}, term, now_ - seconds{1}, seconds{0}));
    l.state = licence_state::suspended;
    EXPECT_FALSE(licence_valid({l}, term, now_, seconds{0}));
}

TEST(configuration, refuses_by_field_what_is_not_supported_and_changes_nothing) {
    engine e;
    decisions out;
    const auto field = [&](const auto& config) {
        const auto result = e.put(config, timestamp{}, out);
        return result ? std::string{} : result.error().field;
    };
    EXPECT_EQ(field(queue_config{.id = 1, .ring = seconds{0}}), "ring_s");
    EXPECT_EQ(field(queue_config{.id = 1, .fan_out = 0}), "fan_out");
    EXPECT_EQ(field(queue_config{.id = 1, .fqr_share = 1.5}), "fqr_percent");
    EXPECT_EQ(field(queue_config{.id = 1, .max_waiting = -1}), "max_waiting");
    EXPECT_EQ(field(queue_config{.id = 1, .overflow = 1}), "overflow_queue_id");
    EXPECT_EQ(field(queue_config{.id = 1, .when_closed = closed_action::overflow}), "overflow_queue_id");
    const auto step = [](seconds after, mutation m) { return relaxation_step{.after = after, .mutations = {m}}; };
    const mutation drop{.what = mutation::kind::drop_skill, .skill = 1};
    EXPECT_EQ(field(queue_config{.id = 1, .steps = {step(seconds{9}, drop), step(seconds{8}, drop)}}),
              "steps[1].after_s");
    EXPECT_EQ(field(queue_config{.id = 1, .steps = {step(seconds{9}, {.what = mutation::kind::drop_skill})}}),
              "steps[0].changes[0].skill_id");
    EXPECT_EQ(field(queue_config{.id = 1, .steps = {step(seconds{9}, {.what = mutation::kind::overflow, .queue = 1})}}),
              "steps[0].changes[0].queue_id");
    EXPECT_EQ(
        field(queue_config{.id = 1, .steps = {step(seconds{9}, {.what = mutation::kind::raise_tier, .value = 4})}}),
        "steps[0].changes[0].value");
    EXPECT_EQ(field(agent_config{.id = 1, .skills = {{1, 11}}}), "skills");
    EXPECT_EQ(field(agent_config{.id = 1, .skills = {{1, 1}, {1, 2}}}), "skills");
    EXPECT_EQ(field(agent_config{.id = 1, .grade = 10}), "grade");
    EXPECT_EQ(field(agent_config{.id = 1, .memberships = {{.queue = 1, .rank = 255}}}), "queues");
    EXPECT_FALSE(e.agent(1));
}

} // namespace
} // namespace switchboard::routing
