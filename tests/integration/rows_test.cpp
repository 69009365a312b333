#include "store/sql.hpp"

#include "store/run.hpp"
#include "support/test_cluster.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard::store {

enum class fruit_kind { apple, pear };
BOOST_DESCRIBE_ENUM(fruit_kind, apple, pear)

struct fruit {
    std::int64_t id = 0;
    fruit_kind kind{};
    std::optional<std::string> name;
    std::vector<std::string> colours;

    bool operator==(const fruit&) const = default;
};
BOOST_DESCRIBE_STRUCT(fruit, (), (id, kind, name, colours))

namespace {

// In another order than the members', with a column that is none.
constexpr auto two_fruits = R"(
    SELECT *
    FROM (VALUES (NULL, 1, '{red,"dark green"}'::text[], 'apple', true), ('Conference', 2, '{}', 'pear', false))
        AS f(name, id, colours, kind, ripe))";

class rows : public testing::Test {
protected:
    test::fresh_database database;
    std::unique_ptr<pqxx::connection> connection = connect(database.url());
    pqxx::work tx{*connection};
};

TEST_F(rows, are_read_by_the_names_of_their_columns) {
    const auto found = query(tx, two_fruits);
    const fruit apple{1, fruit_kind::apple, std::nullopt, {"red", "dark green"}},
        pear{2, fruit_kind::pear, "Conference", {}};
    EXPECT_THAT(read_all<fruit>(found), testing::ElementsAre(apple, pear));
    EXPECT_EQ(read<fruit>(found[1]), pear);
    const column<bool> ripe{found, "ripe"};
    EXPECT_TRUE(ripe(found[0]));
    EXPECT_FALSE(ripe(found[1]));
}

TEST_F(rows, that_lack_a_column_are_not_read) {
    EXPECT_THROW(read_all<fruit>(query(tx, "SELECT 1 AS id")), pqxx::argument_error);
    EXPECT_THROW((column<bool>{query(tx, "SELECT 1 AS id"), "ripe"}), pqxx::argument_error);
}

TEST_F(rows, with_a_name_that_the_enumeration_has_not_are_not_read) {
    const auto found = query(tx, "SELECT 'plum' AS kind");
    EXPECT_THROW(get<fruit_kind>(found[0]["kind"]), std::runtime_error);
}

TEST_F(rows, are_one_of_one_column_where_one_value_is_asked_for) {
    EXPECT_EQ(value_of<std::int64_t>(query(tx, "SELECT 7")), 7);
    EXPECT_EQ(value_of<std::optional<timestamp>>(query(tx, "SELECT NULL::timestamptz")), std::nullopt);
    EXPECT_THROW(value_of<std::int64_t>(query(tx, "SELECT 7, 8")), std::logic_error);
    EXPECT_THROW(value_of<std::int64_t>(query(tx, "SELECT 7 WHERE false")), std::logic_error);
    EXPECT_THROW(value_of<std::int64_t>(query(tx, "SELECT generate_series(1, 2)")), std::logic_error);
    EXPECT_THAT(values_of<std::int64_t>(query(tx, "SELECT generate_series(1, 2)")), testing::ElementsAre(1, 2));
    EXPECT_THROW(values_of<std::int64_t>(query(tx, "SELECT 7, 8")), std::logic_error);
}

} // namespace
} // namespace switchboard::store
