#include "app/command_line.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace switchboard::app {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* call =
    R"({"call_id":"c1","direction":"in","from":"0301234567","started_at":"2026-11-20T09:00:00Z"})";

/// Runs the program's own command line on files in a folder of its own.
class normalize_command_line : public testing::Test {
protected:
    normalize_command_line() {
        std::string pattern = (fs::temp_directory_path() / "normalize.XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
    }
    ~normalize_command_line() override { fs::remove_all(folder_); }

    std::string file(const std::string& name, const std::string& content) const {
        std::ofstream(folder_ / name, std::ios::binary) << content;
        return (folder_ / name).string();
    }

    int run(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"switchboard", "normalize"});
        std::vector<const char*> argv;
        for (const auto& argument : arguments) argv.push_back(argument.c_str());
        testing::internal::CaptureStdout();
        testing::internal::CaptureStderr();
        const int status = run_command_line(static_cast<int>(argv.size()), argv.data());
        std::istringstream out(testing::internal::GetCapturedStdout());
        complaint_ = testing::internal::GetCapturedStderr();
        lines_.clear();
        for (std::string line; std::getline(out, line);) lines_.push_back(json::parse(line));
        return status;
    }

    fs::path folder_;
    std::vector<json> lines_;
    std::string complaint_;
};

TEST_F(normalize_command_line, prints_the_files_in_the_order_given) {
    const auto b = file("b.json", call), a = file("a \xff.json", call);
    EXPECT_EQ(run({"--kind", "phone", b, a, b}), 0);
    ASSERT_EQ(lines_.size(), 3u);
    EXPECT_EQ(lines_[0]["input"], b);
    EXPECT_EQ(lines_[1]["input"], (folder_ / "a \uFFFD.json").string())
        << "a name in another charset is still valid JSON";
    EXPECT_EQ(lines_[2]["input"], b);
    EXPECT_EQ(lines_[0]["record"], "contact");
}

TEST_F(normalize_command_line, uses_the_settings_headers_and_query) {
    const auto config = file("config.json", R"({"default_country":"DE"})");
    EXPECT_EQ(run({"--kind", "phone", "--config", config, file("a", call)}), 0);
    EXPECT_EQ(lines_.at(0)["from"]["value"], "+49301234567");

    const auto frame = file("frame", R"({"type":"typing"})");
    EXPECT_EQ(run({"--kind", "widget", "--query", "session=s1", frame}), 0);
    EXPECT_EQ(lines_.at(0)["of"], "s1");

    const auto form = file("form", "--b\r\nContent-Disposition: form-data; name=fax_id\r\n\r\nf9\r\n--b--\r\n");
    EXPECT_EQ(run({"--kind", "fax", "--header", "content-type: multipart/form-data; boundary=b", form}), 0);
    EXPECT_EQ(lines_.at(0)["external_id"], "f9");
}

TEST_F(normalize_command_line, says_with_its_status_that_a_record_was_refused) {
    EXPECT_EQ(run({"--kind", "phone", file("bad", "{"), file("good", call)}), 1);
    EXPECT_EQ(lines_.at(0)["record"], "refused");
    EXPECT_EQ(lines_.at(1)["record"], "contact");
    EXPECT_EQ(run({"--kind", "asterisk", file("garbage", "x\n")}), 0) << "quarantine is not refusal";
}

TEST_F(normalize_command_line, names_what_it_cannot_use) {
    const auto good = file("good", call);
    EXPECT_EQ(run({"--kind", "phone", (folder_ / "absent").string(), good}), 2);
    EXPECT_NE(complaint_.find("absent"), std::string::npos);
    EXPECT_EQ(lines_.size(), 1u) << "the other files are still read";
    EXPECT_EQ(run({"--kind", "phone", folder_.string()}), 2);
    EXPECT_EQ(run({"--kind", "telex", good}), 2);
    EXPECT_EQ(run({"--kind", "phone", "--config", file("c", R"({"colour":1})"), good}), 2);
    EXPECT_NE(complaint_.find("colour"), std::string::npos);
    EXPECT_EQ(run({"--kind", "phone", "--header", "nonsense", good}), 2);
    EXPECT_EQ(run({good}), 2);
}

} // namespace
} // namespace switchboard::app
