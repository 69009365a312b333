#include <switchboard/util/config.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <unistd.h>

namespace switchboard {
namespace {

using testing::HasSubstr;
using testing::UnorderedElementsAre;

class configuration : public testing::Test {
protected:
    ~configuration() override { std::filesystem::remove_all(folder_); }

    std::filesystem::path file(const std::string& content) {
        const auto path = folder_ / std::to_string(++files_);
        std::ofstream(path) << content;
        return path;
    }

    auto load(const std::string& toml, std::map<std::string, std::string> variables = {}) {
        return load_config(file(toml), [variables](const std::string& name) -> std::optional<std::string> {
            const auto found = variables.find(name);
            return found == variables.end() ? std::nullopt : std::optional{found->second};
        });
    }

    static std::filesystem::path new_folder() {
        std::string pattern = std::filesystem::temp_directory_path() / "switchboard-config-XXXXXX";
        if (!::mkdtemp(pattern.data())) throw std::runtime_error("mkdtemp");
        return pattern;
    }

    std::filesystem::path folder_ = new_folder();
    int files_ = 0;
};

TEST_F(configuration, environment_wins_over_file_wins_over_default) {
    const auto c = load("[server]\nport = 9000\naddress = '::1'\n", {{"SWITCHBOARD_SERVER_PORT", "9001"}}).value();
    EXPECT_EQ(c.server_port, 9001);
    EXPECT_EQ(c.server_address, "::1");
    EXPECT_EQ(c.log_level, "info");
}

TEST_F(configuration, reports_every_error_at_once) {
    const auto c = load("[server]\nport = 70000\nadress = 'x'\naddress = 5\n[log]\nlevel = 'loud'\n[cellar]\nx = 1\n",
                        {{"SWITCHBOARD_DATABASE_CONNECTIONS", "many"}, {"SWITCHBOARD_SERVER_TLS_KEY", "key.pem"}});
    ASSERT_FALSE(c);
    EXPECT_THAT(c.error(),
                UnorderedElementsAre(HasSubstr("server.port: 70000 is not between 0 and 65535"),
                                     HasSubstr("server.adress: there is no such setting"),
                                     HasSubstr("server.address: must be a text"), HasSubstr("log.level: 'loud'"),
                                     HasSubstr("cellar.x: there is no such setting"),
                                     HasSubstr("SWITCHBOARD_DATABASE_CONNECTIONS: 'many' is not a whole number"),
                                     HasSubstr("server.tls_certificate and server.tls_key")));
}

TEST_F(configuration, broken_toml_names_the_line) {
    const auto c = load("[server]\nport = \n");
    ASSERT_FALSE(c);
    EXPECT_THAT(c.error(), testing::ElementsAre(HasSubstr(":2: ")));
}

TEST_F(configuration, secrets_may_come_from_files) {
    const auto secret = file("postgresql://me:pass@db/switchboard\n");
    const auto c = load("", {{"SWITCHBOARD_DATABASE_URL_FILE", secret}}).value();
    EXPECT_EQ(c.database_url, "postgresql://me:pass@db/switchboard");

    EXPECT_THAT(load("", {{"SWITCHBOARD_DATABASE_URL_FILE", "/nowhere"}}).error(),
                testing::ElementsAre(HasSubstr("SWITCHBOARD_DATABASE_URL_FILE: cannot read /nowhere")));
    EXPECT_THAT(load("", {{"SWITCHBOARD_DATABASE_URL_FILE", secret}, {"SWITCHBOARD_DATABASE_URL", "x"}}).error(),
                testing::ElementsAre(HasSubstr("both set")));
    EXPECT_TRUE(load("", {{"SWITCHBOARD_LOG_LEVEL_FILE", "/nowhere"}})) << "only secrets have a _FILE";
}

TEST_F(configuration, secrets_are_not_printed) {
    const auto printed = to_toml(load("", {{"SWITCHBOARD_SMTP_PASSWORD", "hunter2"}}).value());
    EXPECT_THAT(printed, testing::Not(HasSubstr("hunter2")));
    EXPECT_THAT(printed, HasSubstr("password = \"(set, not shown)\""));
}

// The file that ships is the documentation: it names every setting with its default and its explanation.
TEST_F(configuration, shipped_file_says_exactly_the_defaults) {
    const auto shipped = load_config("config/switchboard.toml", [](const auto&) { return std::nullopt; });
    ASSERT_TRUE(shipped) << testing::PrintToString(shipped.error());
    std::stringstream text;
    text << std::ifstream("config/switchboard.toml").rdbuf();
    EXPECT_THAT(text.str(), testing::EndsWith(to_toml(config{})));
}

} // namespace
} // namespace switchboard
