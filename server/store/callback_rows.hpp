#pragma once

#include <switchboard/model/callback.hpp>

#include <pqxx/pqxx>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Callbacks as rows. Whoever changes one has locked its ticket.
namespace switchboard::store {

/// The open callback of a ticket, or the last; with its attempts.
std::optional<callback> read_callback(pqxx::transaction_base& tx, std::int64_t ticket);
std::optional<callback> read_open_callback(pqxx::transaction_base& tx, std::int64_t ticket);

/// Where the ticket's customer can be called.
std::optional<std::string> callback_number(pqxx::transaction_base& tx, std::int64_t ticket);

/// The ticket is held from now on.
void hold_until(pqxx::transaction_base& tx, std::int64_t ticket, timestamp until);

/// It waits again at its old place, for who had it last first.
void wait_again(pqxx::transaction_base& tx, std::int64_t ticket);

/// Sets its state, and the end of an open one where the state is one.
void set_callback_state(pqxx::transaction_base& tx, std::int64_t callback, std::string_view state);

/// When a ticket is to be called back, if that is still to come.
std::optional<timestamp> callback_ahead(pqxx::transaction_base& tx, std::int64_t ticket);

/// Ends the open callback of a ticket, if it has one: it was solved, or is taken back.
void cancel_callback(pqxx::transaction_base& tx, std::int64_t ticket);

} // namespace switchboard::store
