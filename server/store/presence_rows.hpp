#pragma once

#include <switchboard/store/desk_rows.hpp>

#include <pqxx/pqxx>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Presence as rows. Whoever changes one has locked tickets and loads before (locks.hpp).
namespace switchboard::store {

/// Locks these agents' presence, in order.
void lock_presence(pqxx::transaction_base& tx, const std::vector<std::int64_t>& agents);

/// One presence.changed for each row of `presence_columns`.
void tell_presence(pqxx::transaction_base& tx, const pqxx::result& rows, std::optional<std::int64_t> actor = {});

/// They are offline from now on, and what they have in hand goes back (absence.hpp). `channels` stay for when they are
/// back.
void go_offline(pqxx::transaction_base& tx, const std::vector<std::int64_t>& agents, std::optional<std::int64_t> actor);

/// After whatever may have taken from these users that they can be given work: a role, a permission of a role, that
/// they are active. Who may not take it any more goes offline.
void stop_who_takes_no_work(pqxx::transaction_base& tx, const std::vector<std::int64_t>& users,
                            std::optional<std::int64_t> actor);

/// Who asked for it is not ready once he has begun something.
void not_ready_after_this_one(pqxx::transaction_base& tx, std::int64_t agent);

/// What an agent says of himself is judged by, under lock.
presence_at_hand take_presence(pqxx::transaction_base& tx, std::int64_t agent, const std::string& reason);
/// As he says, and tells it.
presence write_presence(pqxx::transaction_base& tx, std::int64_t agent, const presence_change& c);

/// After a session has ended by its owner's will: offline, unless another of his sessions has a socket open.
void session_left(pqxx::transaction_base& tx, std::int64_t session, std::int64_t agent);

} // namespace switchboard::store
