#include "app/command_line.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace switchboard::app {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// Runs the program's own command line on a scenario in a folder of its own.
class scenario_command_line : public testing::Test {
protected:
    scenario_command_line() {
        std::string pattern = (fs::temp_directory_path() / "scenario.XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
    }
    ~scenario_command_line() override { fs::remove_all(folder_); }

    std::string file(const json& scenario) const {
        std::ofstream(folder_ / "scenario.json") << scenario;
        return (folder_ / "scenario.json").string();
    }

    int run(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), "switchboard");
        std::vector<const char*> argv;
        for (const auto& argument : arguments) argv.push_back(argument.c_str());
        testing::internal::CaptureStdout();
        testing::internal::CaptureStderr();
        const int status = run_command_line(static_cast<int>(argv.size()), argv.data());
        said_ = testing::internal::GetCapturedStdout();
        complained_ = testing::internal::GetCapturedStderr();
        return status;
    }

    json scenario_ = json::parse(R"({"replications":4,"horizon_s":2000,
        "classes":[{"name":"a","arrivals_per_s":0.1,"handle_s":30,"skills":{"a":1}},
                   {"name":"b","arrivals_per_s":0.05,"handle_s":30,"skills":{"b":1}}],
        "agents":[{"name":"one","count":2,"skills":{"a":1}},{"name":"both","count":2,"skills":{"a":1,"b":1}}]})");
    fs::path folder_;
    std::string said_, complained_;
};

TEST_F(scenario_command_line, simulate_prints_the_report) {
    ASSERT_EQ(run({"simulate", file(scenario_)}), 0) << complained_;
    auto first = json::parse(said_);
    EXPECT_GT(first["events_per_s"], 0);
    EXPECT_GT(first["classes"]["a"]["answered"]["mean"], 100);
    ASSERT_EQ(run({"simulate", file(scenario_)}), 0);
    auto second = json::parse(said_);
    first.erase("events_per_s"); // measured; all else is the same
    second.erase("events_per_s");
    EXPECT_EQ(first, second);
}

TEST_F(scenario_command_line, simulate_names_what_is_wrong) {
    scenario_["agents"][0]["skill"] = {};
    EXPECT_EQ(run({"simulate", file(scenario_)}), 2);
    EXPECT_NE(complained_.find("agents[0].skill"), std::string::npos) << complained_;
    EXPECT_EQ(said_, "");
    EXPECT_EQ(run({"simulate", (folder_ / "none").string()}), 2);
}

TEST_F(scenario_command_line, staff_knows_the_closed_forms) {
    ASSERT_EQ(run({"staff", "--arrivals", "200/h", "--handle", "3min", "--patience", "120s", "--json"}), 0);
    const auto answers = json::parse(said_)["answers"];
    EXPECT_EQ(answers[0]["method"], "Erlang C");
    EXPECT_EQ(answers[0]["agents"], 14); // 13 answer 79.6 % in time
    EXPECT_EQ(answers[1]["method"], "Erlang A");
    EXPECT_EQ(answers[1]["agents"], 12);
    ASSERT_EQ(run({"staff", "--arrivals", "200", "--handle", "180"}), 0);
    EXPECT_NE(said_.find("Erlang C         14"), std::string::npos) << said_;
}

TEST_F(scenario_command_line, staff_scales_the_agents_of_a_scenario) {
    ASSERT_EQ(run({"staff", "--scenario", file(scenario_), "--service-level", "0.9", "--json"}), 0) << complained_;
    const auto answer = json::parse(said_);
    EXPECT_GE(answer["classes"]["a"]["service_level"]["mean"], 0.9);
    EXPECT_GE(answer["classes"]["b"]["service_level"]["mean"], 0.9);
    EXPECT_GT(answer["agents_total"], 5); // 4.5 erlangs
    EXPECT_LT(answer["agents_total"], 12);
}

TEST_F(scenario_command_line, staff_refuses_what_it_cannot_read) {
    EXPECT_EQ(run({"staff"}), 2);
    EXPECT_EQ(run({"staff", "--arrivals", "200/d", "--handle", "180"}), 2);
    EXPECT_EQ(run({"staff", "--arrivals", "200", "--handle", "-1"}), 2);
    EXPECT_EQ(run({"staff", "--arrivals", "200", "--handle", "180", "--service-level", "1"}), 2);
    EXPECT_EQ(run({"staff", "--arrivals", "200", "--handle", "180", "--scenario", file(scenario_)}), 2);
}

} // namespace
} // namespace switchboard::app
