#include "store/pipeline.hpp"

#include "store/run.hpp"
#include "support/test_cluster.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

namespace switchboard::store {
namespace {

constexpr statement put{"put", "INSERT INTO setting (key, value) VALUES ($1, $2)"};
constexpr statement get_it{"get_it", "SELECT value FROM setting WHERE key = $1"};

class pipelines : public testing::Test {
protected:
    std::vector<std::string> read(const std::string& key) {
        std::vector<std::string> out;
        pipeline p{*connection};
        p.ask(get_it, [&](const pqxx::result& rows) { out = values_of<std::string>(rows); }, key);
        p.run();
        return out;
    }

    test::fresh_database database;
    std::unique_ptr<pqxx::connection> connection = connect(database.url());
};

TEST_F(pipelines, run_in_order_and_each_sees_what_those_before_it_did) {
    std::vector<std::string> seen;
    const auto note = [&](const pqxx::result& rows) {
        for (const auto& value : values_of<std::string>(rows)) seen.push_back(value);
    };
    pipelined_work tx{*connection};
    tx.statements.ask(get_it, note, "a");
    tx.statements.tell(put, "a", "1");
    tx.statements.ask(get_it, note, "a");
    EXPECT_TRUE(seen.empty()) << "nothing goes out before run()";
    tx.commit();
    EXPECT_THAT(seen, testing::ElementsAre("1"));
    EXPECT_THAT(read("a"), testing::ElementsAre("1"));
}

TEST_F(pipelines, roll_back_what_is_not_committed) {
    {
        pipelined_work tx{*connection};
        tx.statements.tell(put, "a", "1");
        tx.statements.run();
    }
    EXPECT_THAT(read("a"), testing::IsEmpty());
}

TEST_F(pipelines, end_at_the_first_that_fails_and_say_which_kind_it_was) {
    {
        pipelined_work tx{*connection};
        tx.statements.tell(put, "a", "1");
        tx.statements.tell(put, "a", "2");
        tx.statements.tell(put, "b", "3");
        EXPECT_THROW(tx.commit(), pqxx::unique_violation);
    }
    EXPECT_THAT(read("a"), testing::IsEmpty());
    EXPECT_THAT(read("b"), testing::IsEmpty());
}

TEST_F(pipelines, send_nothing_again_that_has_failed) {
    pipelined_work tx{*connection};
    tx.alone().exec0("SAVEPOINT one");
    tx.statements.tell(put, "a", "1");
    tx.statements.tell(put, "a", "2");
    EXPECT_THROW(tx.statements.run(), pqxx::integrity_constraint_violation);
    tx.alone().exec0("ROLLBACK TO SAVEPOINT one");
    tx.statements.tell(put, "b", "3");
    tx.commit();
    EXPECT_THAT(read("a"), testing::IsEmpty());
    EXPECT_THAT(read("b"), testing::ElementsAre("3"));
}

TEST_F(pipelines, never_take_a_failed_transaction_for_a_committed_one) {
    pipelined_work tx{*connection};
    tx.statements.tell(put, "a", "1");
    EXPECT_THROW(tx.alone().exec("SELECT 1/0"), pqxx::sql_error);
    EXPECT_THROW(tx.commit(), std::logic_error);
}

TEST_F(pipelines, say_that_the_connection_is_lost_and_do_not_open_another) {
    pipelined_work{*connection}.commit(); // prepares it: libpqxx 6.4 leaks what a lost connection says to a PREPARE
    pipelined_work tx{*connection};
    tx.statements.tell(put, "a", "1");
    tx.statements.run();
    const auto other = connect(database.url());
    pqxx::nontransaction{*other}.exec("SELECT pg_terminate_backend(" + std::to_string(connection->backendpid()) + ")");
    tx.statements.tell(put, "b", "2");
    EXPECT_THROW(tx.commit(), pqxx::failure);
    EXPECT_THROW(tx.alone().exec("SELECT 1"), pqxx::failure) << "a new connection would know nothing of our work";
}

} // namespace
} // namespace switchboard::store
