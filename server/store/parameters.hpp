#pragma once

#include "store/sql.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

namespace switchboard::store {

/// What a statement is given that has only the conditions that apply, in the order in which it names them.
class parameters {
public:
    /// "$3"
    std::string operator()(sql_value value) {
        values_.push_back(std::move(value));
        return fmt::format("${}", values_.size());
    }
    pqxx::result run(pqxx::transaction_base& tx, const std::string& sql) const {
        return tx.exec_params(sql, pqxx::prepare::make_dynamic_params(values_.begin(), values_.end()));
    }

private:
    std::vector<sql_value> values_;
};

} // namespace switchboard::store
