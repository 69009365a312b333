#include <switchboard/store/migrate.hpp>

#include "store/run.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_cluster.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
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

    /// The house's own migrations up to this one, which `then` adds.
    void before(std::string_view name) {
        for (const auto& m : house_) {
            if (m.name == name) break;
            file(fmt::format("{:04}_{}.sql", m.version, m.name), m.sql);
        }
        migrate(url_, folder_.path());
    }
    void then(std::string_view name) {
        const auto newer = std::ranges::find(house_, name, &migration::name);
        ASSERT_NE(newer, house_.end());
        file(fmt::format("{:04}_{}.sql", newer->version, newer->name), newer->sql);
        migrate(url_, folder_.path());
    }
    std::string ask(const std::string& sql) {
        const auto c = connect(url_);
        pqxx::work tx{*c};
        const auto rows = tx.exec(sql);
        tx.commit();
        return rows.empty() ? std::string{} : std::string{rows[0][0].c_str()};
    }

    const std::vector<migration> house_ = read_migrations(find_migrations());
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

/// The house's own migrations up to one, over a database that was in use before it.
TEST_F(migrations, say_by_which_hours_older_promises_run_and_have_tickets_without_one_looked_at) {
    before("promises_follow");
    ask("INSERT INTO calendar (id, name, timezone, version) VALUES (3, 'Office', 'UTC', 4)");
    ask("INSERT INTO queue (id, name, calendar_id) VALUES (1, 'By day', 3), (2, 'Always', NULL)");
    const std::string made = R"('{"policy":"target 5 v2","told_until":0,"clocks":[]}')";
    ask("INSERT INTO ticket (id, queue_id, channel, sla, solved_at, state) VALUES (1, 1, 'email', " + made +
        ", NULL, 'waiting'), (2, 2, 'email', " + made + ", NULL, 'waiting'), (3, 1, 'email', " + made +
        ", now(), 'solved')");
    then("promises_follow");
    const auto promise = [&](int ticket) { return ask("SELECT sla FROM ticket WHERE id = " + std::to_string(ticket)); };
    EXPECT_EQ(promise(1), R"({"policy":"target 5 v2, calendar 3 v4","told_until":0,"clocks":[]})");
    EXPECT_EQ(promise(2), R"({"policy":"target 5 v2","told_until":0,"clocks":[]})");
    EXPECT_EQ(promise(3), promise(2)) << "what is over stays as it was";
    EXPECT_EQ(ask("SELECT timezone FROM calendar_version WHERE calendar_id = 3 AND version = 4"), "UTC");
    EXPECT_EQ(ask("SELECT string_agg(queue_id::text, ' ' ORDER BY queue_id) FROM promise_review"), "1 2");

    ask("UPDATE calendar SET hours = '[{\"day\":\"mon\",\"from\":\"09:00\",\"to\":\"17:00\"}]', version = 5");
    EXPECT_EQ(ask("SELECT string_agg(version::text, ' ' ORDER BY version) FROM calendar_version"), "4 5");
    ask("DELETE FROM promise_review");
    ask("UPDATE calendar SET name = 'By day', version = 6");
    EXPECT_EQ(ask("SELECT count(*) FROM promise_review"), "0") << "a name promises nothing";
    ask("INSERT INTO sla_target (queue_id, first_answer_s) VALUES (2, 60)");
    EXPECT_EQ(ask("SELECT queue_id FROM promise_review"), "2");
    ask("DELETE FROM promise_review");
    ask("DELETE FROM sla_target");
    EXPECT_EQ(ask("SELECT queue_id FROM promise_review"), "2");
}

TEST_F(migrations, give_everybody_the_role_that_his_word_stood_for) {
    before("roles");
    ask("INSERT INTO users (login, name, role) VALUES ('ana', 'Ana', 'agent'), ('bo', 'Bo', 'supervisor'), ('cy', "
        "'Cy', "
        "'admin')");
    then("roles");
    EXPECT_EQ(
        ask("SELECT string_agg(u.login || ' ' || r.name, ', ' ORDER BY u.id) FROM users u JOIN role r ON u.roles = "
            "jsonb_build_array(r.id)"),
        "ana Agent, bo Supervisor, cy Admin");
    EXPECT_EQ(ask("SELECT grants->0 FROM role WHERE name = 'Agent'"),
              R"({"reach": "queues", "permission": "ticket.read"})");
    EXPECT_EQ(ask("INSERT INTO role (name) VALUES ('Own') RETURNING id"), "101") << "those that come later begin here";
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
