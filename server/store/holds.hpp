#pragma once

#include <switchboard/store/rules.hpp>

#include <pqxx/pqxx>

#include <cstddef>
#include <cstdint>

/// The end of a hold: at its time, or since the customer wrote (intake ends it at the moment of what he wrote).
namespace switchboard::store {

/// Each ticket whose hold is over becomes what the rules say. Whose ticket or load somebody holds comes the next time.
/// How many.
std::size_t end_holds(pqxx::transaction_base& tx, const clock_rules& rules, std::int64_t licence_lasts_s);

} // namespace switchboard::store
