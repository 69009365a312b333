// A disk that fills up under the private PostgreSQL: a real one, small, which only root can mount.

#include "support/child_daemon.hpp"
#include "support/http_client.hpp"
#include "support/mail_client.hpp"
#include "support/running_server.hpp"
#include "support/spawned_server.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <pqxx/pqxx>

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <thread>

namespace switchboard::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;

constexpr std::uintmax_t mb = 1U << 20U;
const headers as_gateway{{"Authorization", "Bearer sb_demo_gateways"}, {"Content-Type", "message/rfc822"}};

class storage : public testing::Test {
protected:
    static constexpr int reserve_mb = 96;
    public_folder here;
    const fs::path disk = here.path() / "disk", ballast = disk / "ballast";
    const std::uint16_t lmtp_port = free_port();
    std::unique_ptr<spawned_server> server;
    int letters = 0;

    /// In a namespace of this process, so that it goes with it.
    void SetUp() override {
        fs::create_directory(disk);
        if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
            ::mount("none", disk.c_str(), "tmpfs", 0, "size=512m,mode=755") != 0)
            GTEST_SKIP() << "no small disk can be mounted here: " << std::strerror(errno);
        server = std::make_unique<spawned_server>(
            std::vector<std::string>{"serve", "--demo"},
            spawned_server::environment{{"SWITCHBOARD_DATABASE_FOLDER", disk / "postgres"},
                                        {"SWITCHBOARD_DATABASE_RESERVE_MB", std::to_string(reserve_mb)},
                                        {"SWITCHBOARD_MAIL_LMTP_LISTEN", fmt::format("127.0.0.1:{}", lmtp_port)}});
    }
    void TearDown() override {
        server.reset();
        ::umount(disk.c_str());
    }

    /// Takes all but so much of the disk.
    void leave(std::uintmax_t bytes) const {
        const auto free = fs::space(disk).available;
        const int file = ::open(ballast.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (free > bytes) EXPECT_EQ(::posix_fallocate(file, 0, static_cast<off_t>(free - bytes)), 0) << "of " << free;
        ::close(file);
    }
    http_answer post() {
        return send_request(server->port(), "POST", "/api/v1/intake/support-mail",
                            fmt::format("From: c{0}@disk.example\r\nTo: support@example.com\r\nSubject: Letter {0}\r\n"
                                        "Message-ID: <{0}@disk.example>\r\n\r\nHello.\r\n",
                                        ++letters),
                            as_gateway);
    }
    http_answer ready() const { return send_request(server->ops_port(), "GET", "/readyz"); }
    std::string verdict(const char* on) const { return ready().json()[on]; }
    static bool within_a_minute(const std::function<bool()>& so) {
        const auto latest = std::chrono::steady_clock::now() + std::chrono::minutes{1};
        while (!so()) {
            if (std::chrono::steady_clock::now() > latest) return false;
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
        }
        return true;
    }
    std::string sql(const std::string& text) const {
        std::string url;
        std::getline(std::ifstream{disk / "postgres/url"}, url);
        pqxx::connection c{url};
        const auto rows = pqxx::nontransaction{c}.exec(text);
        return rows.empty() || rows[0][0].is_null() ? "" : rows[0][0].c_str();
    }
    client person(const std::string& login) const {
        client c{server->port()};
        const auto in = c.post("/api/v1/session", {{"login", login}, {"password", "switchboard"}});
        EXPECT_EQ(in.status, 200) << in.body;
        const auto cookie = in.header("set-cookie");
        c.identity = {{"Cookie", cookie.substr(0, cookie.find(';'))}, {"X-CSRF-Token", in.json()["csrf_token"]}};
        return c;
    }
};

TEST_F(storage, that_gets_low_is_kept_for_the_agents) {
    const auto supervisor = person("sonia"), admin = person("admin");
    const auto taken = post();
    ASSERT_EQ(taken.status, 201) << taken.body;
    const auto ticket = taken.json()["ticket_id"].get<std::int64_t>();
    EXPECT_EQ(verdict("storage"), "ok");
    EXPECT_EQ(admin.get("/api/v1/system").json()["troubles"], json::array());

    leave((reserve_mb - 16) * mb);
    ASSERT_TRUE(within_a_minute([&] { return post().status == 503; }));
    const auto refused = post();
    EXPECT_FALSE(refused.header("retry-after").empty());
    EXPECT_THAT(refused.body, HasSubstr("the disk is too full for anything new"));
    mail_client lmtp{lmtp_port};
    lmtp.greet();
    const auto replies = lmtp.deliver("ada@disk.example", {"support@example.com"}, "Subject: Hello\r\n\r\nHello.\r\n");
    ASSERT_EQ(replies.size(), 1u);
    EXPECT_THAT(replies[0], testing::StartsWith("452 "));

    EXPECT_EQ(ready().status, 200) << "agents still work here";
    EXPECT_THAT(verdict("storage"), HasSubstr("nothing new is taken in"));
    EXPECT_THAT(admin.get("/api/v1/system").body, HasSubstr("Storage: nothing new is taken in"));
    EXPECT_EQ(supervisor.get("/api/v1/system").status, 403);
    EXPECT_THAT(send_request(server->ops_port(), "GET", "/metrics").body, HasSubstr("switchboard_storage_low 1"));
    const auto written = supervisor.post(fmt::format("/api/v1/tickets/{}/notes", ticket), {{"text", "Seen."}});
    EXPECT_EQ(written.status, 201) << written.body;

    fs::remove(ballast);
    EXPECT_TRUE(within_a_minute([&] { return post().status == 201; }));
    EXPECT_EQ(verdict("storage"), "ok");
}

TEST_F(storage, that_was_full_and_has_room_again_is_used_again) {
    ASSERT_EQ(post().status, 201);
    leave(mb);
    // A commit that needs another file of the log stops PostgreSQL, and then it cannot be started again either.
    const auto stopped = within_a_minute([&] {
        for (const auto* write :
             {"CREATE TABLE IF NOT EXISTS more ()", "SELECT pg_switch_wal()", "CREATE TABLE less ()"})
            try {
                sql(write);
            } catch (const pqxx::failure&) { // of the disk, or of the connection
            }
        return verdict("database").find("is full") != std::string::npos;
    });
    ASSERT_TRUE(stopped) << ready().body;
    EXPECT_EQ(ready().status, 503);
    EXPECT_EQ(post().status, 503);

    fs::remove(ballast);
    EXPECT_TRUE(within_a_minute([&] { return post().status == 201; })) << ready().body;
    EXPECT_TRUE(within_a_minute([&] { return ready().status == 200; })) << ready().body;
    EXPECT_EQ(sql("SELECT count(*) FROM contact WHERE external_id = '1@disk.example'"), "1") << "acknowledged before";
}

} // namespace
} // namespace switchboard::test
