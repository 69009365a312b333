#pragma once

#include <switchboard/store/rules.hpp>

#include <pqxx/pqxx>

#include <cstddef>
#include <cstdint>

namespace switchboard::store {

/// Promises to come back whose time has come, as whoever leads routing commits it. Whose ticket or load somebody holds
/// comes the next time. How many there were.
std::size_t sweep_follow_ups(pqxx::transaction_base& tx, const clock_rules& rules, std::int64_t licence_lasts_s);

} // namespace switchboard::store
