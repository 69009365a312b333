#include "routing/explanation.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard::routing {
namespace {

using namespace std::chrono_literals;
using enum skip_condition;
using enum step_kind;
using testing::ElementsAre;

const timestamp noon{std::chrono::sys_days{std::chrono::year{2026} / 3 / 3} + 12h};
const agent_names people{{7, "Ana"}, {8, "Ben"}, {9, "Cara"}, {10, "Dan"}, {11, "Eve"}};
const agents_known known{people, {{7, {{"email", 3, 3}, {"phone", 1, 1}}}}};

store::routing_history history(timestamp at = noon) {
    store::routing_history h;
    h.queue = 1;
    h.enqueue_at = at;
    h.skills = {{1, "French"}};
    h.licences = {{5, "Insurance"}};
    h.queues = {{1, "Support"}, {2, "Other"}};
    return h;
}

/// A decision of `kind` about Ana, so many seconds after the ticket came.
std::string words(std::string kind, std::string facts, std::int64_t step = 0, std::chrono::seconds after = 41s) {
    routing_decision d;
    d.kind = std::move(kind);
    d.agent = named{7, "Ana"};
    d.at = noon + after;
    d.step = step;
    d.facts = std::move(facts);
    const std::vector<queue_step> steps{{30, never, {{drop_skill, 1, {}, {}}}},
                                        {60, never, {{add_queue, {}, 2, {}}, {raise_priority, {}, {}, 2}}}};
    return words_of(d, history(), steps, people);
}

/// Agents compared: [id, order, score, rank].
std::string between(const char* policy, const char* candidates, int considered, const char* more = "") {
    return fmt::format(R"({{"policy":"{}","compared":"agents","considered":{},"candidates":{},"rank":0,"score":5{}}})",
                       policy, considered, candidates, more);
}

TEST(words, say_who_could_and_why_this_one) {
    EXPECT_EQ(words("offered", between("longest_idle", "[[7,1,0,0],[8,2,0,0]]", 2)),
              "Waited 41 s; Ana and Ben could take it; Ana was idle longer.");
    EXPECT_EQ(words("offered", between("longest_idle", "[[7,1,0,0],[8,2,0,0],[9,3,0,0]]", 5)),
              "Waited 41 s; Ana, Ben, Cara and 2 more could take it; Ana was idle longest.");
    EXPECT_EQ(words("offered", between("longest_idle", "[[7,1,0,0]]", 1), 2, 130s),
              "Waited 2 min; 2 steps taken; Ana alone could take it.");
    EXPECT_EQ(words("offered", between("longest_idle", "[[7,1,0,0]]", 1, R"(,"eligible":4,"free":1)")),
              "Waited 41 s; Ana alone could take it; 3 more were busy.");
    EXPECT_EQ(words("offered", between("longest_idle", "[[7,1,0,0]]", 1, R"(,"eligible":4,"free":3,"refused":2)")),
              "Waited 41 s; Ana alone could take it; 1 more was busy; 2 had refused it a short while ago.")
        << "four agents, each counted once";
}

TEST(words, name_the_rule_that_decided_and_idle_time_where_it_was_even) {
    EXPECT_THAT(words("offered", between("best_skill", "[[7,1,5,0],[8,2,9,0]]", 2)),
                testing::HasSubstr("Ana is the best at it"));
    EXPECT_THAT(words("offered", between("best_skill", "[[7,1,5,0],[8,2,5,0]]", 2)),
                testing::HasSubstr("Ana was idle longer"));
    EXPECT_THAT(words("offered", between("best_skill", "[[7,1,5,0],[8,2,1,3]]", 2)),
                testing::HasSubstr("Ana is asked before the others in this queue"));
    EXPECT_THAT(words("offered", between("longest_idle", "[[7,1,0,0],[8,0,0,0]]", 2, R"(,"by_affinity":true)")),
                testing::HasSubstr("Ana had it before"));
}

TEST(words, say_what_a_free_agent_chose_from) {
    EXPECT_EQ(words("offered", R"({"compared":"tickets","considered":12,"order":"edf","candidates":[]})"),
              "Waited 41 s; Ana became free, with 12 kinds of tickets to choose from; it is due first.");
    EXPECT_EQ(words("offered", R"({"compared":"tickets","considered":1,"order":"fifo","candidates":[]})"),
              "Waited 41 s; Ana became free.");
}

TEST(words, say_what_a_step_changed) {
    EXPECT_EQ(words("step", R"({"cause":"time"})", 1, 30s), "Step 1 after 30 s: drops 'French'.");
    EXPECT_EQ(words("step", R"({"skipped":true})", 2, 31s),
              "Step 2 after 31 s, early, since waiting was no use: asks 'Other' as well, raises the priority by 2.");
    EXPECT_EQ(words("step", R"({"cause":"late"})", 1, 12s),
              "Step 1 after 12 s, early, since it would have been late: drops 'French'.");
    EXPECT_EQ(words("step", R"({"skipped":false})", 5, 30s), "Step 5 after 30 s: has been removed since.");
}

TEST(words, say_how_it_came_elsewhere) {
    EXPECT_EQ(words("ended", R"({"reason":"not answered in time"})"), "The offer to Ana ended: not answered in time.");
    EXPECT_EQ(words("overflowed", R"({"to":2,"reason":"full"})"), "Moved to 'Other': the queue was full.");
    EXPECT_EQ(words("claimed", "{}"), "Ana took it.");
    EXPECT_EQ(words("assigned", R"({"by_name":"Sam","reason":"knows them","past_skill":true,"past_capacity":true})"),
              "Sam gave it to Ana: knows them. Ana is not what the queue asks for. Ana had no room for it.");
}

TEST(words, say_why_it_waits_and_what_comes_next) {
    explanation e;
    e.queue = 1;
    e.step = 0;
    e.next_step = noon + 30s;
    e.ahead = 3;
    e.estimated_wait = std::chrono::microseconds{90s};
    exclusions busy, skill;
    busy.insert(exclusion::busy);
    skill.insert(exclusion::skill);
    skill.insert(exclusion::busy);
    const shortfall french{.id = 1, .min = 5, .level = 2};
    e.could = {{7, busy, {}, {}}};
    e.almost = {{8, skill, {french}, {}}};
    e.members = 4;
    e.excluded[static_cast<std::size_t>(exclusion::busy)] = 2;
    e.excluded[static_cast<std::size_t>(exclusion::skill)] = 1;
    e.lacking = {{shortfall{.id = 1, .min = 5}, 1}};
    e.excluded[static_cast<std::size_t>(exclusion::no_member)] = 90;
    const std::vector<queue_step> steps{{30, never, {{drop_skill, 1, {}, {}}}}};

    const auto live = to_reasons(e, known, history(), steps, "live", noon + 10s);
    EXPECT_THAT(words_of(live, history(), noon + 10s),
                ElementsAre("Has waited 10 s in 'Support', 3 of its kind ahead of it.",
                            "Ana (3 of 3 e-mails and 1 of 1 call) could take it, but has no room for more right now.",
                            "Ben almost could, but lacks French 5: has 2.", "In 20 s step 1 drops 'French'.",
                            "About 90 s more at the pace of the last minutes."));
    EXPECT_EQ(live.almost[0].missing, std::vector<std::string>{"skill"}) << "busy is the ordinary reason";
    EXPECT_EQ(live.next_step_does, "drops 'French'");
    ASSERT_EQ(live.excluded.size(), 3) << "who is no member is no news";
    EXPECT_EQ(live.excluded[0].which[0].name, "French 5");
    std::int64_t all = 0;
    for (const auto& group : live.excluded) all += group.agents;
    EXPECT_EQ(all, live.members) << "each counts once, and nobody is missing";

    const auto rows = to_reasons(e, known, history(), steps, "database", noon + 10s);
    EXPECT_FALSE(rows.ahead || rows.estimated_wait_s) << "rows do not tell the order of the moment";
    EXPECT_EQ(words_of(to_reasons({.queue = 1}, known, history(), {}, "live", noon), history(), noon)[1],
              "Nobody who is ready could take it now.");
}

TEST(words, say_who_refused_it_and_when_he_is_asked_again) {
    explanation e;
    e.queue = 1;
    exclusions refused;
    refused.insert(exclusion::refused);
    e.almost = {{7, refused, {}, refusal{7, noon + 60s, noon}}, {8, refused, {}, refusal{8, noon + 50s, {}}}};
    e.excluded[static_cast<std::size_t>(exclusion::refused)] = 2;
    const auto told = to_reasons(e, known, history(noon - 30s), {}, "live", noon + 20s);
    EXPECT_THAT(words_of(told, history(), noon + 20s),
                ElementsAre("Has waited 50 s in 'Support', 0 of its kind ahead of it.",
                            "Nobody who is ready could take it now.",
                            "Ana declined it 20 s ago, and is asked again in 40 s.",
                            "Ben did not take it, and is asked again in 30 s."));
    EXPECT_EQ(told.almost[0].asked_again_at, noon + 60s);
}

TEST(words, say_that_another_offer_rings_first) {
    explanation e;
    e.queue = 1;
    exclusions rings, busy;
    rings.insert(exclusion::ringing);
    busy.insert(exclusion::busy);
    e.could = {{8, rings, {}, {}}};
    e.excluded[static_cast<std::size_t>(exclusion::ringing)] = 1;
    const auto second = [&] { return words_of(to_reasons(e, known, history(), {}, "live", noon), history(), noon)[1]; };
    EXPECT_EQ(second(), "Ben could take it, but another offer rings there first.");
    e.could = {{8, rings, {}, {}}, {9, busy, {}, {}}};
    e.excluded[static_cast<std::size_t>(exclusion::busy)] = 1;
    EXPECT_EQ(second(), "Ben and Cara could take it, but each has no room for more right now, or another offer rings "
                        "there first.");
}

TEST(words, name_the_skill_or_licence_that_is_missing) {
    const auto h = history();
    EXPECT_EQ(lack_words({.id = 1, .min = 3, .level = 1}, h), "lacks French 3: has 1");
    EXPECT_EQ(lack_words({.id = 1, .min = 3, .level = 0}, h), "lacks French 3");
    EXPECT_EQ(lack_words({.id = 1, .min = 3, .max = 5, .level = 8}, h), "lacks French 3 to 5: has 8");
    EXPECT_EQ(lack_words({.what = exclusion::licence, .id = 5, .jurisdiction = "DE"}, h),
              "lacks the licence Insurance (DE)");
}

TEST(words, say_of_everybody_what_speaks_against_him) {
    explanation e;
    exclusions nothing, busy, much;
    busy.insert(exclusion::busy);
    for (const auto x : {exclusion::no_member, exclusion::skill, exclusion::licence}) much.insert(x);
    e.could = {{7, busy, {}, {}}, {8, nothing, {}, {}}};
    e.others = {
        {9, much, {{.id = 1, .min = 3, .level = 1}, {.what = exclusion::licence, .id = 5, .jurisdiction = "DE"}}, {}}};
    const auto all = standings(e, known, history());
    ASSERT_EQ(all.size(), 3);
    EXPECT_THAT(all[0].words, ElementsAre("no room beside 3 of 3 e-mails and 1 of 1 call"));
    EXPECT_TRUE(all[1].words.empty() && all[1].reasons.empty());
    EXPECT_THAT(all[2].words,
                ElementsAre("not in the queue", "lacks French 3: has 1", "lacks the licence Insurance (DE)"));
    EXPECT_TRUE(all[0].allowed && all[1].allowed);
    EXPECT_FALSE(all[2].allowed) << "nobody passes a licence";
}

} // namespace
} // namespace switchboard::routing
