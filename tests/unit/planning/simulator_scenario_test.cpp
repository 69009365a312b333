#include <switchboard/planning/simulator.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>

namespace switchboard::routing {
namespace {

using nlohmann::json;

json complete() {
    return json::parse(R"({"seed":7,"replications":3,"warmup_s":20,"horizon_s":200,"service_level_s":15,
      "agent_policy":"longest_idle","order":"fqr",
      "classes":[{"name":"a","channel":"email","arrivals_per_s":1.25,"handle_s":2,"patience_s":30,"cv2":0.5,
                  "skills":{"a":3},"tier":1,"priority":2,"max_waiting":4,"endless":false,"interruptible":true},
                 {"name":"b","arrivals_per_s":null,"handle_s":1,"endless":true}],
      "max_waiting_total":9,"idle_reserve":2,"fqr":{"a":0.2},
      "agents":[{"name":"1","count":5,"skills":{"a":5},"speed":1.5,"channels":{"phone":1,"email":2}}]})");
}

TEST(scenario, is_read_whole) {
    const auto s = parse_scenario(complete().dump());
    ASSERT_TRUE(s);
    EXPECT_EQ(s->seed, 7u);
    EXPECT_EQ(s->replications, 3);
    EXPECT_EQ(s->warmup_s, 20);
    EXPECT_EQ(s->horizon_s, 200);
    EXPECT_EQ(s->service_level_s, 15);
    EXPECT_EQ(s->order, order_mode::fqr);
    EXPECT_EQ(s->max_waiting_total, 9);
    EXPECT_EQ(s->idle_reserve, 2);
    const auto& a = s->classes.at(0);
    EXPECT_EQ(a.channel, channel::email);
    EXPECT_DOUBLE_EQ(a.gap.mean, 0.8);
    EXPECT_EQ(a.gap.cv2, 1);
    EXPECT_EQ(a.handle.mean, 2);
    EXPECT_EQ(a.handle.cv2, 0.5);
    EXPECT_EQ(a.patience->mean, 30);
    EXPECT_EQ(a.skills.at("a"), 3);
    EXPECT_EQ(a.tier, 1);
    EXPECT_EQ(a.priority, 2);
    EXPECT_EQ(a.max_waiting, 4);
    EXPECT_TRUE(a.interruptible);
    EXPECT_EQ(a.queue_share, 0.2);
    EXPECT_TRUE(s->classes.at(1).endless);
    EXPECT_EQ(s->classes.at(1).queue_share, 0.8); // what the named ones leave
    const auto& agents = s->agents.at(0);
    EXPECT_EQ(agents.count, 5);
    EXPECT_EQ(agents.speed, 1.5);
    EXPECT_EQ(agents.channels.at(static_cast<std::size_t>(channel::email)), 2);
    EXPECT_EQ(agents.channels.at(static_cast<std::size_t>(channel::chat)), 0);
}

TEST(scenario, needs_only_who_comes_and_who_works) {
    const auto s =
        parse_scenario(R"({"classes":[{"name":"a","arrivals_per_s":1,"handle_s":1}],"agents":[{"name":"1"}]})");
    ASSERT_TRUE(s);
    EXPECT_EQ(s->replications, 10);
    EXPECT_EQ(s->warmup_s, s->horizon_s / 10);
    EXPECT_FALSE(s->classes.at(0).patience);
    EXPECT_EQ(s->agents.at(0).count, 1);
    EXPECT_EQ(s->agents.at(0).channels.at(static_cast<std::size_t>(channel::phone)), 1);
}

TEST(scenario, names_the_field_that_is_wrong) {
    const std::vector<std::tuple<const char*, json, std::string>> table{
        {"/replications", 0, "replications"},
        {"/replications", 2.5, "replications"},
        {"/seed", -1, "seed"},
        {"/horizon_s", 10, "warmup_s"},
        {"/horizon_s", "long", "horizon_s"},
        {"/agent_policy", "random", "agent_policy"},
        {"/order", "lifo", "order"},
        {"/fqr", nullptr, "fqr"},
        {"/fqr/a", 1.1, "fqr.a"},
        {"/fqr/c", 0.1, "fqr.c"},
        {"/colour", "red", "colour"},
        {"/classes", json::array(), "classes"},
        {"/classes/0/name", "", "classes[0].name"},
        {"/classes/1/name", "a", "classes[1].name"},
        {"/classes/0/channel", "telex", "classes[0].channel"},
        {"/classes/0/arrivals_per_s", nullptr, "classes[0].arrivals_per_s"},
        {"/classes/0/arrivals_per_s", -1, "classes[0].arrivals_per_s"},
        {"/classes/1/arrivals_per_s", 1, "classes[1].arrivals_per_s"},
        {"/classes/0/handle_s", 0, "classes[0].handle_s"},
        {"/classes/0/handle_s", nullptr, "classes[0].handle_s"},
        {"/classes/0/cv2", -1, "classes[0].cv2"},
        {"/classes/0/handle_cv2", 1, "classes[0].cv2"},
        {"/classes/1/patience_cv2", 1, "classes[1].patience_cv2"},
        {"/classes/0/skills/a", 11, "classes[0].skills.a"},
        {"/classes/0/tier", 4, "classes[0].tier"},
        {"/classes/0/priority", 10, "classes[0].priority"},
        {"/classes/0/max_waiting", -1, "classes[0].max_waiting"},
        {"/classes/0/endless", 1, "classes[0].endless"},
        {"/classes/0/patience", 3, "classes[0].patience"},
        {"/agents/0", 3, "agents[0]"},
        {"/agents/0/count", 0, "agents[0].count"},
        {"/agents/0/speed", 0, "agents[0].speed"},
        {"/agents/0/channels/telex", 1, "agents[0].channels.telex"},
    };
    for (const auto& [at, value, field] : table) {
        auto text = complete();
        text[json::json_pointer(at)] = value;
        const auto s = parse_scenario(text.dump());
        ASSERT_FALSE(s) << at << " = " << value;
        EXPECT_EQ(s.error().front().field, field) << at << " = " << value;
    }
}

TEST(scenario, may_have_shares_that_its_order_does_not_use) {
    auto text = complete();
    text["order"] = "fifo";
    EXPECT_TRUE(parse_scenario(text.dump()));
}

TEST(scenario, says_everything_that_is_wrong_at_once) {
    auto text = complete();
    text["replications"] = 0;
    text["classes"][0]["handle_s"] = 0;
    text["agents"][0]["speed"] = 0;
    EXPECT_EQ(parse_scenario(text.dump()).error().size(), 3u);
}

TEST(scenario, must_be_json) {
    EXPECT_FALSE(parse_scenario("{"));
    EXPECT_FALSE(parse_scenario("[]"));
    EXPECT_FALSE(parse_scenario(""));
}

TEST(report, has_exactly_the_keys_that_were_promised) {
    auto s = parse_scenario(complete().dump()).value();
    s.order = order_mode::fifo;
    std::vector<replication_figures> runs;
    for (int r = 0; r < 3; ++r) runs.push_back(replicate(s, r).value());
    const auto report = json::parse(report_json(s, runs, 1e6));
    const auto keys = [](const json& object) {
        std::vector<std::string> names;
        for (const auto& [key, value] : object.items()) names.push_back(key);
        return names;
    };
    const std::vector<std::string> figures{"abandoned",   "answered",     "asa_s",        "blocked",
                                           "mean_wait_s", "offered",      "p_abandon",    "p_blocked",
                                           "p_wait",      "served_per_s", "service_level"};
    EXPECT_EQ(keys(report), (std::vector<std::string>{"agents", "classes", "events_per_s", "total"}));
    EXPECT_EQ(keys(report["classes"]), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(keys(report["classes"]["a"]), figures);
    EXPECT_EQ(keys(report["total"]), figures);
    EXPECT_EQ(keys(report["agents"]["1"]), std::vector<std::string>{"occupancy"});
    EXPECT_EQ(keys(report["classes"]["a"]["p_wait"]), (std::vector<std::string>{"mean", "se"}));
    EXPECT_TRUE(report["classes"]["a"]["p_wait"]["mean"].is_number());
    EXPECT_TRUE(report["classes"]["b"]["p_wait"]["mean"].is_null()); // endless work does not arrive
    EXPECT_GT(report["classes"]["b"]["served_per_s"]["mean"], 0);
}

TEST(estimate, is_the_mean_and_its_standard_error) {
    const std::array<double, 5> values{1, 2, std::nan(""), 3, 6};
    const auto e = estimate_of(values);
    EXPECT_DOUBLE_EQ(e.mean, 3);
    EXPECT_DOUBLE_EQ(e.se, std::sqrt(14.0 / 3 / 4));
    EXPECT_TRUE(std::isnan(estimate_of(std::array{1.0}).se));
}

} // namespace
} // namespace switchboard::routing
