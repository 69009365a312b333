#pragma once

#include <switchboard/store/rules.hpp>

#include <pqxx/pqxx>

#include <cstddef>

namespace switchboard::store {

/// Windows that end, calls that gateways are to make, and those of which nothing was heard. How many there were.
std::size_t sweep_callbacks(pqxx::transaction_base& tx, const clock_rules& rules);

} // namespace switchboard::store
