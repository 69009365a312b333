#pragma once

#include <switchboard/store/rules.hpp>

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

/// What is in the hands of those who are not there becomes what the rule says. It cannot wait for him: a call or chat,
/// at once or after the queue's return_after_s where he is absent; what is due soon; all of somebody who was switched
/// off, or whose roles permit no work any more. How many tickets.
std::size_t return_work(pqxx::transaction_base& tx, const absence_rule& rule);

/// After a time in which nobody could come back and no node be heard: who is not yet told of as absent has his time
/// from now on.
std::size_t forgive_absences(pqxx::transaction_base& tx);

} // namespace switchboard::store
