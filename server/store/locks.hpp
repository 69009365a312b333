#pragma once

#include "store/pipeline.hpp"

#include <pqxx/pqxx>

#include <cstdint>
#include <set>
#include <vector>

/// The one order in which everybody locks, so that nobody waits in a circle: tickets by id; a ticket's offers by id;
/// loads by agent; presence; a chat's session. An agent's row '*' in agent_load stands for all of his loads: who
/// changes one of them holds it. What is counted under a lock is read by a later statement than the one that locks: a
/// statement goes on seeing what was there when it began, whatever it waited for.
namespace switchboard::store {

void lock_tickets(pipeline& to, const std::vector<std::int64_t>& tickets);

/// Whoever changes the loads of several agents, or of one in several statements, locks them all before.
void lock_loads(pipeline& to, const std::vector<std::int64_t>& agents);
void lock_loads(pqxx::transaction_base& tx, const std::vector<std::int64_t>& agents);

/// Locks what nobody else holds, without waiting. What somebody holds.
std::set<std::int64_t> lock_free_tickets(pqxx::transaction_base& tx, const std::vector<std::int64_t>& tickets);
std::set<std::int64_t> lock_free_loads(pqxx::transaction_base& tx, const std::vector<std::int64_t>& agents);

} // namespace switchboard::store
