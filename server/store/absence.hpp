#pragma once

#include <pqxx/pqxx>

#include <chrono>
#include <cstddef>
#include <string_view>

/// What becomes of those who are not there and of what they have in hand (docs/routing.md 2.6 "Absence"). Any node may
/// do it at any time; each is a transaction of its own.
namespace switchboard::store {

/// Somebody without a socket for so long is not available; for `grace` he may come back to what he was, and is not
/// ready after that. How many were told of.
std::size_t mark_absent(pqxx::transaction_base& tx, std::chrono::seconds absent_after, std::chrono::seconds grace);

/// What is in the hands of those who are not there goes back to its queue, at its old place: a call or chat at once,
/// or after the queue's return_after_s where he is absent; all else is put aside for him until it is due soon. Of
/// somebody who was switched off, everything. How many tickets.
std::size_t return_work(pqxx::transaction_base& tx);

/// After a time in which nobody could come back and no node be heard: who is not yet told of as absent has his time
/// from now on.
std::size_t forgive_absences(pqxx::transaction_base& tx);

} // namespace switchboard::store
