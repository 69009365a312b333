#include <switchboard/store/migrate.hpp>

#include "store/run.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_cluster.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <fstream>
#include <thread>

namespace switchboard::store {
namespace {

using testing::HasSubstr;

class migrations : public testing::Test {
protected:
    /// An empty database beside the one that the fixture made.
    migrations() {
        const auto admin = connect(existing_.url());
        pqxx::nontransaction tx{*admin};
        tx.exec("CREATE DATABASE " + name_);
        url_ = test::with_database(existing_.url(), name_);
    }
    ~migrations() override {
        const auto admin = connect(existing_.url());
        pqxx::nontransaction{*admin}.exec("DROP DATABASE " + name_ + " WITH (FORCE)");
    }

    void file(const std::string& name, const std::string& sql) { std::ofstream{folder_.path() / name} << sql; }
    std::vector<std::string> tables() {
        const auto c = connect(url_);
        pqxx::work tx{*c};
        std::vector<std::string> out;
        for (const auto& r : tx.exec("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"))
            out.emplace_back(r[0].c_str());
        return out;
    }
    std::string failure() {
        try {
            migrate(url_, folder_.path());
        } catch (const migration_error& e) {
            return e.what();
        }
        return "none";
    }
    migration_state state() {
        boost::asio::io_context io;
        database db{url_, {.connections = 1}};
        auto result = co_spawn(io, read_migration_state(db, read_migrations(folder_.path())), boost::asio::use_future);
        io.run();
        return result.get();
    }

    test::fresh_database existing_;
    test::temporary_folder folder_{"migrate"};
    std::string name_ = "migrate_test_" + std::to_string(::getpid());
    std::string url_;
};

TEST_F(migrations, are_applied_once_in_order) {
    file("0001_first.sql", "CREATE TABLE a (id int); CREATE TABLE b (id int);");
    file("0002_second.sql", "ALTER TABLE a ADD COLUMN name text;");
    EXPECT_EQ(migrate(url_, folder_.path()).size(), 2u);
    EXPECT_EQ(migrate(url_, folder_.path()).size(), 0u);
    EXPECT_THAT(tables(), testing::ElementsAre("a", "b", "schema_migration"));
}

TEST_F(migrations, one_that_fails_leaves_nothing_of_itself_and_keeps_those_before) {
    file("0001_first.sql", "CREATE TABLE a (id int);");
    file("0002_broken.sql", "CREATE TABLE b (id int); SELECT nonsense;");
    EXPECT_THAT(failure(), HasSubstr("0002_broken"));
    EXPECT_THAT(tables(), testing::ElementsAre("a", "schema_migration"));
    file("0002_broken.sql", "CREATE TABLE b (id int);");
    EXPECT_EQ(migrate(url_, folder_.path()).size(), 1u);
}

TEST_F(migrations, a_changed_file_is_refused_by_name) {
    file("0001_first.sql", "CREATE TABLE a (id int);");
    migrate(url_, folder_.path());
    file("0001_first.sql", "CREATE TABLE a (id bigint);");
    EXPECT_THAT(failure(), HasSubstr("0001_first was changed"));
}

TEST_F(migrations, a_gap_a_double_number_and_a_bad_name_are_refused) {
    file("0001_first.sql", "SELECT 1;");
    file("0003_third.sql", "SELECT 1;");
    EXPECT_THAT(failure(), HasSubstr("0002 was expected"));
    std::filesystem::remove(folder_.path() / "0003_third.sql");
    file("0001_again.sql", "SELECT 1;");
    EXPECT_THAT(failure(), HasSubstr("0002 was expected"));
    std::filesystem::remove(folder_.path() / "0001_again.sql");
    file("second.sql", "SELECT 1;");
    EXPECT_THAT(failure(), HasSubstr("NNNN_name.sql"));
}

TEST_F(migrations, a_database_newer_than_the_program_is_refused) {
    file("0001_first.sql", "SELECT 1;");
    file("0002_second.sql", "SELECT 1;");
    migrate(url_, folder_.path());
    std::filesystem::remove(folder_.path() / "0002_second.sql");
    EXPECT_THAT(failure(), HasSubstr("older than the database"));
}

TEST_F(migrations, of_two_nodes_at_once_one_works) {
    file("0001_first.sql", "SELECT pg_sleep(0.3); CREATE TABLE a (id int);");
    std::size_t applied[2] = {};
    {
        std::jthread one{[&] { applied[0] = migrate(url_, folder_.path()).size(); }};
        std::jthread two{[&] { applied[1] = migrate(url_, folder_.path()).size(); }};
    }
    EXPECT_EQ(applied[0] + applied[1], 1u);
}

TEST_F(migrations, the_state_says_what_is_missing) {
    file("0001_first.sql", "SELECT 1;");
    EXPECT_THAT(state().problem, HasSubstr("empty"));
    migrate(url_, folder_.path());
    EXPECT_EQ(state().problem, "");
    file("0002_second.sql", "SELECT 1;");
    const auto behind = state();
    EXPECT_EQ(behind.applied, 1);
    EXPECT_EQ(behind.known, 2);
    EXPECT_THAT(behind.problem, HasSubstr("switchboard migrate"));
}

TEST(database, that_cannot_be_reached_is_unavailable_and_comes_back_by_itself) {
    const test::fresh_database existing;
    boost::asio::io_context io;
    const auto ask = [&](database& db) {
        auto answer = co_spawn(io,
                               run(db,
                                   [](pqxx::connection& c) {
                                       pqxx::work tx{c};
                                       return tx.exec("SELECT pg_backend_pid()")[0][0].as<int>();
                                   }),
                               boost::asio::use_future);
        io.restart();
        io.run();
        return answer.get();
    };
    database nowhere{"host=/nonexistent dbname=x", {.connections = 1}};
    EXPECT_THROW(ask(nowhere), unavailable);

    database db{existing.url(), {.connections = 1}};
    const int first = ask(db);
    EXPECT_EQ(ask(db), first) << "one thread keeps one connection";
    {
        const auto other = connect(existing.url());
        pqxx::work tx{*other};
        tx.exec("SELECT pg_terminate_backend(" + std::to_string(first) + ", 5000)");
    }
    EXPECT_NE(ask(db), first) << "a connection that was closed while idle is replaced unseen";
}

TEST(database, gives_up_on_a_statement_that_takes_too_long) {
    const test::fresh_database existing;
    boost::asio::io_context io;
    database db{existing.url(), {.connections = 1, .statement_timeout = std::chrono::seconds{1}}};
    auto answer = co_spawn(io, run(db, [](pqxx::connection& c) { pqxx::work{c}.exec("SELECT pg_sleep(20)"); }),
                           boost::asio::use_future);
    io.run();
    EXPECT_THROW(answer.get(), unavailable);
}

TEST(database, takes_no_more_jobs_than_its_bound) {
    const test::fresh_database existing;
    boost::asio::io_context io;
    database db{existing.url(), {.connections = 1, .max_waiting = 2}};
    const auto sleep = [&] { return run(db, [](pqxx::connection& c) { pqxx::work{c}.exec("SELECT pg_sleep(0.2)"); }); };
    auto one = co_spawn(io, sleep(), boost::asio::use_future);
    auto two = co_spawn(io, sleep(), boost::asio::use_future);
    EXPECT_THROW(static_cast<void>(sleep()), overloaded);
    io.run();
    EXPECT_NO_THROW(one.get());
    EXPECT_NO_THROW(two.get());
    EXPECT_EQ(db.pending(), 0u);
}

} // namespace
} // namespace switchboard::store
