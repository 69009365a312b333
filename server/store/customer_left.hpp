#pragma once

#include <switchboard/store/leaving.hpp>

#include <pqxx/pqxx>

#include <cstdint>
#include <utility>
#include <vector>

namespace switchboard::store {

/// Customers leave these tickets, each named once (docs/routing.md 2.6). Offers of a ticket are rescinded with that
/// cause and its last contact counts as missed if it was never answered; then it becomes what its queue's left_action
/// says.
/// Whoever has talked to somebody is not called back: what is left to do waits, and not as a call.
/// One that somebody has in hand, or that is on hold, stays where it is; one that is solved is left alone. Locks the
/// tickets and loads in the order of locks.hpp: a caller has locked nothing behind tickets, unless those of these.
void customers_left(pqxx::transaction_base& tx, std::vector<std::pair<std::int64_t, leaving>> tickets);

} // namespace switchboard::store
