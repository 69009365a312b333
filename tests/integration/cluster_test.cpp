#include <switchboard/store/cluster.hpp>

#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pqxx/pqxx>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <thread>

namespace switchboard::store {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using test::temporary_folder;

std::string ask(const cluster& c, const std::string& statement) {
    pqxx::connection connection{c.url()};
    pqxx::nontransaction work{connection};
    const auto rows = work.exec(statement);
    return rows.empty() || rows[0].empty() ? "" : rows[0][0].c_str();
}

/// Whether it runs; what nobody has waited for yet (state Z) does not.
bool exists(pid_t pid) {
    std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
    std::string number, name, state;
    return in >> number >> name >> state && state != "Z";
}

/// A process that owns the cluster in `folder`, until it is killed. It runs `statement` and says PostgreSQL's pid.
struct owner {
    pid_t pid = 0, postgres = 0;

    owner(const fs::path& folder, const std::string& statement) {
        int ends[2];
        if (::pipe(ends) != 0) throw std::runtime_error("pipe");
        pid = ::fork();
        if (pid == 0) {
            cluster mine{folder};
            ask(mine, statement);
            const auto number = mine.pid();
            if (::write(ends[1], &number, sizeof number) != sizeof number) ::_exit(1);
            for (;;) ::pause();
        }
        ::close(ends[1]);
        if (::read(ends[0], &postgres, sizeof postgres) != sizeof postgres) postgres = 0;
        ::close(ends[0]);
    }

    void end_by(int signal) const {
        ::kill(pid, signal);
        ::waitpid(pid, nullptr, 0);
    }
};

TEST(cluster, starts_and_keeps_its_data_over_a_restart) {
    const temporary_folder here{"restart"};
    {
        cluster first{here.path() / "postgres"};
        EXPECT_TRUE(first.running());
        ask(first, "CREATE TABLE kept AS SELECT 'yesterday' AS word");
    }
    const auto begin = std::chrono::steady_clock::now();
    cluster second{here.path() / "postgres"};
    const auto took = std::chrono::steady_clock::now() - begin;
    EXPECT_EQ(ask(second, "SELECT word FROM kept"), "yesterday");
    RecordProperty("second_start_ms", static_cast<int>(took / 1ms));

    const auto pid = second.pid();
    second.stop();
    EXPECT_FALSE(second.running());
    EXPECT_FALSE(exists(pid));
    EXPECT_THROW(ask(second, "SELECT 1"), pqxx::broken_connection);
}

TEST(cluster, is_durable_private_and_not_root) {
    const temporary_folder here{"settings"};
    cluster c{here.path() / "postgres"};
    for (const auto* setting : {"fsync", "synchronous_commit", "full_page_writes", "data_checksums"})
        EXPECT_EQ(ask(c, std::string("SHOW ") + setting), "on") << setting;
    EXPECT_EQ(ask(c, "SHOW server_encoding"), "UTF8");
    EXPECT_EQ(ask(c, "SHOW listen_addresses"), "");
    EXPECT_EQ(ask(c, "SHOW default_toast_compression"), "lz4");
    EXPECT_EQ(ask(c, "SELECT count(*) FROM pg_file_settings WHERE error IS NOT NULL"), "0");

    struct stat about{};
    ASSERT_EQ(::stat(ask(c, "SELECT trim('\"' FROM current_setting('unix_socket_directories'))").c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777U, 0700U);
    ASSERT_EQ(::stat(("/proc/" + std::to_string(c.pid())).c_str(), &about), 0);
    EXPECT_NE(about.st_uid, 0U);
}

TEST(cluster, survives_the_sudden_death_of_its_owner) {
    const temporary_folder here{"killed"};
    const owner killed{here.path() / "postgres", "CREATE TABLE kept AS SELECT generate_series(1, 1000)"};
    ASSERT_NE(killed.postgres, 0);
    killed.end_by(SIGKILL);

    cluster next{here.path() / "postgres"}; // at once, while the old one may still be going down
    EXPECT_FALSE(exists(killed.postgres)) << "an orphan stayed";
    EXPECT_EQ(ask(next, "SELECT count(*) FROM kept"), "1000");
}

TEST(cluster, recovers_when_postgres_was_killed_too) {
    const temporary_folder here{"crash"};
    const owner killed{here.path() / "postgres", "CREATE TABLE kept AS SELECT generate_series(1, 1000)"};
    ASSERT_NE(killed.postgres, 0);
    ::kill(killed.postgres, SIGKILL);
    killed.end_by(SIGKILL);
    ASSERT_TRUE(fs::exists(here.path() / "postgres/data/postmaster.pid"));

    cluster next{here.path() / "postgres"};
    EXPECT_EQ(ask(next, "SELECT count(*) FROM kept"), "1000");
}

TEST(cluster, does_not_trust_a_pid_file_whose_number_is_somebody_else) {
    const temporary_folder here{"stale"};
    fs::path data;
    {
        cluster first{here.path() / "postgres"};
        data = first.folder() / "data";
    }
    // Another process of the same user now has the number that the killed PostgreSQL had.
    struct stat about{};
    ASSERT_EQ(::stat(data.c_str(), &about), 0);
    const auto other = ::fork();
    if (other == 0) {
        if (::geteuid() != about.st_uid && ::setuid(about.st_uid) != 0) ::_exit(1);
        for (;;) ::pause();
    }
    std::ofstream(data / "postmaster.pid") << other << '\n' << data.string() << "\n1\n5432\n\n\n\n";
    {
        cluster second{here.path() / "postgres"};
        EXPECT_EQ(ask(second, "SELECT 1"), "1");
    }
    EXPECT_TRUE(exists(other)) << "an innocent process was ended";
    ::kill(other, SIGKILL);
    ::waitpid(other, nullptr, 0);
}

TEST(cluster, belongs_to_one_process_at_a_time) {
    const temporary_folder here{"two"};
    cluster first{here.path() / "postgres"};
    try {
        cluster second{here.path() / "postgres"};
        FAIL() << "two owners";
    } catch (const cluster_error& e) {
        EXPECT_THAT(e.what(), testing::HasSubstr("another Switchboard is using"));
    }
    EXPECT_EQ(ask(first, "SELECT 1"), "1");
}

TEST(cluster, says_why_it_does_not_start) {
    const temporary_folder here{"broken"};
    fs::path data;
    {
        cluster first{here.path() / "postgres"};
        data = first.folder() / "data";
    }
    fs::remove(data / "global/pg_control");
    try {
        cluster second{here.path() / "postgres"};
        FAIL() << "started without pg_control";
    } catch (const cluster_error& e) {
        EXPECT_THAT(e.what(), testing::HasSubstr("pg_control"));
    }
    std::ofstream(data / "PG_VERSION") << "9\n";
    EXPECT_THROW(cluster{here.path() / "postgres"}, cluster_error);
}

/// Asks again and again, since the one that looks after it is another thread.
bool becomes(const std::function<bool()>& so) {
    for (const auto latest = std::chrono::steady_clock::now() + 60s; std::chrono::steady_clock::now() < latest;) {
        if (so()) return true;
        std::this_thread::sleep_for(10ms);
    }
    return false;
}

TEST(cluster, is_started_again_when_its_postgres_is_killed) {
    const temporary_folder here{"revived"};
    cluster c{here.path() / "postgres"};
    ask(c, "CREATE TABLE kept AS SELECT generate_series(1, 1000)");
    for (std::uint64_t times = 1; times <= 3; ++times) {
        pqxx::connection busy{c.url()}; // its backend outlives the one that is killed for a moment
        const auto killed = c.pid();
        ::kill(killed, SIGKILL);
        ASSERT_TRUE(becomes([&] { return c.restarts() == times && c.running(); })) << c.trouble();
        EXPECT_NE(c.pid(), killed);
        EXPECT_EQ(ask(c, "SELECT count(*) FROM kept"), "1000");
    }
}

/// The segments that a killed PostgreSQL leaves are taken up, not left for ever.
TEST(cluster, leaves_no_shared_memory_behind) {
    const temporary_folder here{"memory"};
    cluster c{here.path() / "postgres"};
    const auto segments = [] {
        std::ifstream in("/proc/sysvipc/shm");
        std::size_t lines = 0;
        for (std::string line; std::getline(in, line);) ++lines;
        return lines;
    };
    const auto before = segments();
    for (std::uint64_t times = 1; times <= 5; ++times) {
        ::kill(c.pid(), SIGKILL);
        ASSERT_TRUE(becomes([&] { return c.restarts() == times && c.running(); })) << c.trouble();
    }
    EXPECT_LT(segments(), before + 5) << "others come and go, but not one for each time";
}

TEST(cluster, says_what_is_wrong_while_it_cannot_be_started_and_goes_on_when_it_can) {
    const temporary_folder here{"mended"};
    cluster c{here.path() / "postgres"};
    const auto control = c.folder() / "data/global/pg_control";
    ask(c, "CREATE TABLE kept()");
    fs::rename(control, here.path() / "aside");
    ::kill(c.pid(), SIGKILL);
    ASSERT_TRUE(becomes([&] { return c.trouble().find("pg_control") != std::string::npos; })) << c.trouble();
    EXPECT_THAT(c.trouble(), testing::HasSubstr("it is being started again"));
    fs::rename(here.path() / "aside", control);
    ASSERT_TRUE(becomes([&] { return c.running(); })) << c.trouble();
    EXPECT_EQ(ask(c, "SELECT count(*) FROM kept"), "0");
}

TEST(cluster, is_given_up_when_starting_it_again_does_not_help) {
    const temporary_folder here{"hopeless"};
    std::promise<std::string> lost;
    cluster c{here.path() / "postgres", {.failures = 3, .time = 0ms, .first_pause = 10ms}};
    c.when_lost([&](std::string why) { lost.set_value(std::move(why)); });
    fs::remove(c.folder() / "data/global/pg_control");
    ::kill(c.pid(), SIGKILL);
    auto why = lost.get_future();
    ASSERT_EQ(why.wait_for(60s), std::future_status::ready);
    const auto words = why.get();
    EXPECT_THAT(words, testing::HasSubstr("cannot be saved: it has failed 3 times"));
    EXPECT_THAT(words, testing::HasSubstr("pg_control"));
    EXPECT_FALSE(c.running());
    EXPECT_EQ(c.trouble(), words);
}

TEST(cluster, is_given_up_at_once_when_its_data_is_gone) {
    const temporary_folder here{"gone"};
    std::promise<std::string> lost;
    cluster c{here.path() / "postgres"};
    c.when_lost([&](std::string why) { lost.set_value(std::move(why)); });
    fs::rename(c.folder() / "data", here.path() / "elsewhere");
    ::kill(c.pid(), SIGKILL);
    auto why = lost.get_future();
    ASSERT_EQ(why.wait_for(60s), std::future_status::ready);
    EXPECT_THAT(why.get(), testing::HasSubstr("is gone"));
}

TEST(cluster, lives_in_awkward_paths) {
    const temporary_folder here{"paths"};
    for (const auto& name : {std::string("with a space, an 'apostrophe' and \"quotes\""), std::string(150, 'x')}) {
        fs::create_directories(here.path() / name);
        cluster c{here.path() / name / "postgres"};
        EXPECT_EQ(ask(c, "SELECT 1"), "1") << name;
    }
}

TEST(cluster, moves_where_its_user_can_reach_it) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can be in a folder that the service user cannot enter";
    const temporary_folder here{"closed"};
    fs::permissions(here, fs::perms::owner_all);
    {
        cluster c{here.path() / "postgres"};
        EXPECT_TRUE(fs::is_symlink(here.path() / "postgres"));
        EXPECT_THAT(c.folder().string(), testing::StartsWith("/var/lib/switchboard/"));
        ask(c, "CREATE TABLE kept()");
    }
    cluster again{here.path() / "postgres"};
    EXPECT_EQ(ask(again, "SELECT count(*) FROM kept"), "0");
}

} // namespace
} // namespace switchboard::store
