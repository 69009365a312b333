#pragma once

#include <switchboard/store/rules.hpp>

#include <pqxx/pqxx>

#include <cstdint>
#include <utility>
#include <vector>

namespace switchboard::store {

/// Customers leave these tickets, each named once; one that is solved is left alone. Locks the tickets and loads in the
/// order of locks.hpp: a caller has locked nothing behind tickets, unless those of these.
void customers_left(pqxx::transaction_base& tx, std::vector<std::pair<std::int64_t, leaving>> tickets,
                    const customer_rules& rules);

} // namespace switchboard::store
