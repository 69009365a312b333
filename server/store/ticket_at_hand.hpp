#pragma once

#include <switchboard/store/desk_rows.hpp>

#include <pqxx/pqxx>

#include <cstdint>
#include <optional>

namespace switchboard::store {

/// Locks the ticket and what counts beside it, and reads what was asked for. Nothing if there is no such ticket.
std::optional<ticket_at_hand> take_at_hand(pqxx::transaction_base& tx, const ticket_questions& q);

/// What counts of an agent for a ticket; nothing if there is no such agent. Whoever then gives him the ticket has
/// locked his loads before. `licence_lasts_s`: how long a licence must last at least.
std::optional<taker> read_taker(pqxx::transaction_base& tx, std::int64_t ticket, std::int64_t agent,
                                std::int64_t licence_lasts_s);

} // namespace switchboard::store
