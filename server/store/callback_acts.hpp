#pragma once

#include "store/callback_rows.hpp"
#include "store/ticket_changes.hpp"
#include "store/ticket_rows.hpp"

/// What happens to callbacks. Whoever changes one has locked its ticket.
namespace switchboard::store {

/// As tell_change(), with the callback in it.
ticket_summary tell_callback(pqxx::transaction_base& tx, events::ticket_change change, std::optional<std::int64_t> by,
                             const locked_ticket& before, const callback& c, std::optional<std::int64_t> released = {});

/// Writes an attempt down and does what follows from it: `agent` made the call, or a gateway did.
callback conclude_attempt(pqxx::transaction_base& tx, const locked_ticket& t, callback c,
                          std::optional<std::int64_t> by, std::optional<std::int64_t> agent, const std::string& result,
                          const std::string& note);

/// Windows that end, calls that gateways are to make, and those of which nothing was heard. How many there were.
std::size_t sweep_callbacks(pqxx::transaction_base& tx);

/// The gateway that makes calls for this one's tickets: itself if it can, else another.
std::optional<std::int64_t> dialling_gateway(pqxx::transaction_base& tx, std::optional<std::int64_t> gateway);

} // namespace switchboard::store
