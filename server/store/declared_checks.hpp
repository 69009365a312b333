#pragma once

#include <pqxx/pqxx>

#include <string>

namespace switchboard::store {

/// A line for each column whose CHECK lists other names than its enumeration, for each that no enumeration declares,
/// and for each that is declared and has no CHECK. Columns of nouns are their tables' (store/noun_table.hpp).
std::string check_differences(pqxx::transaction_base& tx);

} // namespace switchboard::store
