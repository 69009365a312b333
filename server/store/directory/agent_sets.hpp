#pragma once

#include <switchboard/store/agents.hpp>

#include <pqxx/pqxx>

#include <map>
#include <string>

/// The sets that belong to an agent: skills, licences, queues, channels, and the load that is counted beside them.
namespace switchboard::store {

/// Fills the sets of these profiles; `ids` is an array literal of their ids.
void read_sets(pqxx::transaction_base& tx, const std::string& ids, std::map<std::int64_t, agent_profile>& profiles);

/// Replaces what is there in `terms`, and brings the load's capacities in step with channels and units. Work beyond a
/// lowered capacity stays with the agent.
void replace_sets(pqxx::transaction_base& tx, std::int64_t id, const agent_change& terms);

} // namespace switchboard::store
