#pragma once

#include "store/sql.hpp"

#include <pqxx/pqxx>

#include <cstdint>
#include <string>
#include <vector>

namespace switchboard::store {

/// New numbers of a table's rows, drawn by the hundred.
class new_ids {
public:
    new_ids(pqxx::transaction_base& tx, std::string sequence) : tx_{tx}, sequence_{std::move(sequence)} {}

    std::int64_t next() {
        if (drawn_.empty())
            drawn_ = values_of<std::int64_t>(
                query(tx_, "SELECT nextval($1::regclass) FROM generate_series(1, 100) ORDER BY 1 DESC", sequence_));
        const auto id = drawn_.back();
        drawn_.pop_back();
        return id;
    }

private:
    pqxx::transaction_base& tx_;
    std::string sequence_;
    std::vector<std::int64_t> drawn_;
};

} // namespace switchboard::store
