#pragma once

#include "store/sql.hpp"

#include <switchboard/model/refusal.hpp>
#include <switchboard/store/table_of.hpp>

#include <pqxx/pqxx>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace switchboard::store {

/// What is special about a noun. Asked inside the transaction that changes it.
struct noun_rules {
    std::string table{};         // where it is not called as the noun is
    bool distinct_names = false; // no two names that differ in case or blanks alone
    /// By this column, then by number; else by number alone. A row that has no value in it gets the last one.
    std::string order{};
    /// Paths into JSON members at which the audit must not look.
    std::vector<std::string> hidden{};
    /// Adds what follows from the rest.
    std::function<void(pqxx::transaction_base&, datum&)> complete{};
    /// What is wrong with it as a whole, as it would be.
    std::function<std::optional<refusal>(pqxx::transaction_base&, const datum& wanted)> judge{};
    /// What else becomes of a change, when it is written.
    std::function<void(pqxx::transaction_base&, std::int64_t id, std::optional<std::int64_t> actor)> follow{};
    /// Why it cannot go, beyond what foreign keys say.
    std::function<std::optional<refusal>(pqxx::transaction_base&, std::int64_t id)> may_go{};
    /// What is forgotten with it: nothing that anybody would miss.
    std::function<void(pqxx::transaction_base&, std::int64_t id)> forget{};
};

/// What is written beside a noun's members: a hash, for example.
using more_columns = std::vector<std::pair<std::string, sql_value>>;

/// A noun's statements, from its schema.
class noun_table {
public:
    explicit noun_table(const datum& schema, noun_rules rules = {});

    const noun_rules rules;
    const std::string noun, table;

    /// The declaration that it was made from.
    const datum& schema() const { return schema_; }

    /// All of the noun's columns, for a statement of its own: what it has read is `row_of`.
    const std::string& columns() const { return columns_; }

    /// Those behind the row `after`; from the first, if there is no such row.
    std::vector<datum> list(pqxx::transaction_base& tx, std::int64_t after, std::int64_t limit) const;
    /// Absent, if there is none; locked against other changes, if asked.
    datum find(pqxx::transaction_base& tx, std::int64_t id, bool lock = false) const;
    datum insert(pqxx::transaction_base& tx, const datum& values, const more_columns& more = {}) const;
    datum update(pqxx::transaction_base& tx, std::int64_t id, const datum& values, const more_columns& more = {}) const;
    /// What the next part of the list begins behind: of this row its number, or its position and its number in one, so
    /// that it is the same place when the row has moved or is gone.
    std::int64_t cursor_behind(const datum& row) const;
    /// Behind all that there are, by `order`; as far as positions go.
    std::int64_t last_place(pqxx::transaction_base& tx) const;
    /// Whether there was one.
    bool remove(pqxx::transaction_base& tx, std::int64_t id) const;

    /// The first that refers to a row that is not there; numbers inside of lists and objects too, which no foreign key
    /// guards.
    std::optional<refusal> dangling(pqxx::transaction_base& tx, const datum& values) const;

    /// The members that are lists of references or of known names.
    std::vector<std::string> sets() const;

    /// Whether a row says this number of a row of that table in a list or an object, where no foreign key guards it.
    bool refers_to(pqxx::transaction_base& tx, const std::string& table, std::int64_t id) const;

    /// What a statement with all of the noun's columns has read.
    datum row_of(const pqxx::row& row) const;

    /// A line for each difference to the database.
    std::string differences(pqxx::transaction_base& tx) const;

private:
    const datum& schema_;         // of the noun: it lives as long as the program
    datum::members_type members_; // their schemas, by the names that are also the columns'
    std::string columns_, list_;
};

/// The noun in a row that has all of its columns, whatever else.
template <described T>
T from_row(const pqxx::row& row) {
    return from_datum<T>(table_of<T>().row_of(row));
}

template <described T>
std::optional<T> find_noun(pqxx::transaction_base& tx, std::int64_t id) {
    const auto row = table_of<T>().find(tx, id);
    return row.exists() ? std::optional{from_datum<T>(row)} : std::nullopt;
}

/// All that are kept this way.
std::vector<const noun_table*> all_noun_tables();

} // namespace switchboard::store
