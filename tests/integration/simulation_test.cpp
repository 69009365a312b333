#include "support/contact_center.hpp"
#include "support/temporary_folder.hpp"

#include "app/command_line.hpp"

#include <switchboard/planning/erlang.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <future>

namespace switchboard::test {
namespace {

using nlohmann::json;

/// A week is on record: a call a minute, of four minutes in the mean, and five agents who are there day and night.
class recorded_week : public testing::Test {
protected:
    contact_center center;
    const std::int64_t queue = center.queue("Support", {{"wrapup_s", 0}});
    const std::int64_t french = center.skill("French");
    std::vector<std::int64_t> agents;
    seat sonia = center.sign_in("supervisor");

    recorded_week() {
        for (int a = 0; a < 5; ++a) agents.push_back(center.agent("agent" + std::to_string(a), {queue}).id);
        const auto q = std::to_string(queue);
        center.sql("INSERT INTO ticket (state, queue_id, channel, priority, opened_at, enqueue_at, solved_at) SELECT "
                   "'solved', " +
                   q +
                   ", 'phone', 5, now() - g * interval '1 minute', now() - g * interval '1 minute', now() FROM "
                   "generate_series(1, 7 * 24 * 60) g");
        center.sql("INSERT INTO offer (ticket_id, agent_id, queue_id, channel, state, epoch, expires_at, answered_at, "
                   "ended_at) SELECT id, " +
                   std::to_string(agents[0]) + ", " + q +
                   ", 'phone', 'done', 1, now(), opened_at, opened_at + make_interval(secs => -240 * "
                   "ln((row_number() OVER (ORDER BY id) - 0.5) / count(*) OVER ())) FROM ticket");
        center.sql("DELETE FROM event WHERE type = 'presence.changed'");
        center.sql("INSERT INTO event (type, agent_id, at, data) SELECT 'presence.changed', id, now() - interval '30 "
                   "days', jsonb_build_object('presence', jsonb_build_object('agent_id', id, 'state', 'ready', "
                   "'channels', '[]'::jsonb, 'reason', '', 'after_current', false, 'since', now())) FROM users "
                   "WHERE roles = '[2]'");
    }

    json simulate(const json& request) const {
        const auto answer = sonia.http.post("/api/v1/simulations", request);
        EXPECT_EQ(answer.status, 200) << answer.body;
        return answer.json();
    }
};

bool holds(const json& figure, double value) {
    return figure["low"].get<double>() <= value && value <= figure["high"].get<double>();
}

TEST_F(recorded_week, is_worked_through_again_as_it_is_and_with_one_colleague_more) {
    const auto done = simulate({{"days", 7},
                                {"replications", 20},
                                {"what_if", {{"colleagues", {{{"like_agent_id", agents[0]}, {"count", 1}}}}}}});
    const routing::pool_load load{.arrivals_per_s = 1.0 / 60, .handle_s = 240};
    const auto five = *routing::erlang_c(load, 5, 20), six = *routing::erlang_c(load, 6, 20);
    const auto &before = done["as_is"]["lines"][0], &after = done["changed"]["lines"][0];
    EXPECT_EQ(before["queue"]["name"], "Support");
    EXPECT_EQ(before["channel"], "phone");
    EXPECT_PRED2(holds, before["service_level"], five.service_level) << before;
    EXPECT_PRED2(holds, before["mean_wait_s"], five.asa_s) << before;
    EXPECT_PRED2(holds, after["service_level"], six.service_level) << after;
    EXPECT_PRED2(holds, after["mean_wait_s"], six.asa_s) << after;
    EXPECT_GT(done["differences"][0]["service_level"]["low"], 0);
    EXPECT_EQ(done["as_is"]["agents"].size(), 5);
    EXPECT_EQ(done["changed"]["agents"].size(), 6);
    EXPECT_EQ(done["as_is"]["hours"].size(), 24);
    EXPECT_EQ(done["simulated_hours"], 168);
    EXPECT_EQ(center.number("SELECT count(*) FROM ticket WHERE state <> 'solved'"), 0) << "nothing really happened";
}

/// Calls come from 8 to 17 only, one a minute, to a queue that opens at 9 by its calendar.
TEST_F(recorded_week, shows_what_would_be_if_we_opened_at_8) {
    center.sql("UPDATE ticket SET opened_at = opened_at - interval '100 days' WHERE extract(hour FROM opened_at AT "
               "TIME ZONE 'UTC') NOT BETWEEN 8 AND 16"); // not of the week that is looked at
    json every_day = json::array();
    for (const auto* day : {"mon", "tue", "wed", "thu", "fri", "sat", "sun"})
        every_day.push_back({{"day", day}, {"from", "09:00"}, {"to", "17:00"}});
    const auto calendar =
        center.admin.post("/api/v1/calendars", {{"name", "From 9"}, {"timezone", "UTC"}, {"hours", every_day}});
    ASSERT_EQ(calendar.status, 201) << calendar.body;
    const auto kept = center.admin.patch("/api/v1/queues/" + std::to_string(queue),
                                         {{"calendar_id", calendar.json()["id"]}, {"closed_action", "wait"}});
    ASSERT_EQ(kept.status, 200) << kept.body;

    const json from_8{{"days", {1, 2, 3, 4, 5, 6, 7}}, {"from_hour", 8}, {"until_hour", 17}};
    const auto done = simulate({{"days", 7},
                                {"replications", 10},
                                {"time_zone", "UTC"},
                                {"what_if", {{"queues", {{{"queue_id", queue}, {"open", {from_8}}}}}}}});
    const auto wait = [&](const char* world, std::size_t hour) { return done[world]["hours"][hour]["mean_wait_s"]; };
    EXPECT_EQ(done["as_is"]["hours"][8]["hour"], 8);
    EXPECT_GT(wait("as_is", 8)["low"], 1800)
        << "who calls between 8 and 9 waits half an hour for the opening, and more";
    EXPECT_LT(wait("changed", 8)["high"], 600) << "nobody would wait for it";
    EXPECT_LT(done["differences"][0]["mean_wait_s"]["high"], -300) << done["differences"];
    EXPECT_PRED2(holds, done["as_is"]["lines"][0]["offered"], 7 * 9 * 60) << "the closed queue keeps its callers";
}

TEST_F(recorded_week, is_not_simulated_for_agents_nor_by_nonsense) {
    const auto agent = center.agent("ana", {queue});
    EXPECT_EQ(agent.http.post("/api/v1/simulations", json::object()).status, 403);
    EXPECT_EQ(sonia.http.post("/api/v1/simulations", {{"time_zone", "Mars/Olympus"}}).status, 422);
    EXPECT_EQ(sonia.http.post("/api/v1/simulations", {{"days", 0}}).status, 422);
    const auto unknown = sonia.http.post("/api/v1/simulations", {{"what_if", {{"agents", {{{"agent_id", 999'999}}}}}}});
    EXPECT_EQ(unknown.status, 422);
    EXPECT_EQ(unknown.json()["errors"][0]["field"], "what_if.agents[0]");
    const auto huge =
        sonia.http.post("/api/v1/simulations", {{"replications", 100}, {"what_if", {{"arrivals_percent", 10'000}}}});
    EXPECT_EQ(huge.status, 422);
    EXPECT_EQ(huge.json()["errors"][0]["field"], "replications");
}

TEST_F(recorded_week, is_simulated_once_at_a_time) {
    const auto ask = [&] {
        return sonia.http.post("/api/v1/simulations", {{"replications", 100}, {"days", 7}}).status;
    };
    auto other = std::async(std::launch::async, ask);
    std::multiset<int> statuses{ask(), other.get()};
    EXPECT_EQ(statuses, (std::multiset<int>{200, 409}));
}

TEST_F(recorded_week, can_be_told_on_the_command_line_with_a_plot) {
    const temporary_folder folder{"simulation"};
    const auto write = [&](const char* name, const std::string& text) {
        std::ofstream(folder.path() / name) << text;
        return (folder.path() / name).string();
    };
    const auto config = write("switchboard.toml", "[database]\nurl = \"" + center.server.database_url() + "\"\n");
    const auto changes = write("what-if.json", R"({"queues":{"Support":{"arrivals":0.5}}})");
    const auto plot = (folder.path() / "plot.svg").string();
    const std::vector<const char*> words{"switchboard",   "simulate", "--live", "--config", config.c_str(), "--what-if",
                                         changes.c_str(), "--days",   "7",      "--plot",   plot.c_str(),   "--json"};
    testing::internal::CaptureStdout();
    const auto status = app::run_command_line(static_cast<int>(words.size()), words.data());
    const auto said = testing::internal::GetCapturedStdout();
    ASSERT_EQ(status, 0);
    const auto done = json::parse(said);
    EXPECT_PRED2(holds, done["as_is"]["lines"][0]["offered"], 7 * 24 * 60);
    EXPECT_PRED2(holds, done["changed"]["lines"][0]["offered"], 7 * 12 * 60);
    EXPECT_GT(std::filesystem::file_size(plot), 5'000);
}

} // namespace
} // namespace switchboard::test
