#pragma once

#include <switchboard/model/callback.hpp>

#include "store/desk_act.hpp"

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

/// As tell_change(), with the callback in it.
ticket_summary tell_callback(pqxx::transaction_base& tx, events::ticket_change change, const viewer& who,
                             const locked_ticket& before, const callback& c, std::optional<std::int64_t> released = {});

/// Writes an attempt down and does what follows from it: `agent` made the call, or a gateway did.
callback conclude_attempt(pqxx::transaction_base& tx, const locked_ticket& t, callback c, const viewer& who,
                          std::optional<std::int64_t> agent, const std::string& result, const std::string& note);

/// Windows that end, calls that gateways are to make, and those of which nothing was heard. How many there were.
std::size_t sweep_callbacks(pqxx::transaction_base& tx);

/// The gateway that makes calls for this one's tickets: itself if it can, else another.
std::optional<std::int64_t> dialling_gateway(pqxx::transaction_base& tx, std::optional<std::int64_t> gateway);

} // namespace switchboard::store
