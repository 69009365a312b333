#pragma once

#include <pqxx/pqxx>

#include <string>
#include <vector>

namespace switchboard::store {

/// A line for each column whose CHECK lists other names than its enumeration, for each that no enumeration declares,
/// and for each that is declared and has no CHECK. The columns of `noun_tables` are left to who declares those.
std::string check_differences(pqxx::transaction_base& tx, const std::vector<std::string>& noun_tables);

} // namespace switchboard::store
