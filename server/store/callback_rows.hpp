#pragma once

#include <switchboard/store/desk_rows.hpp>

#include <pqxx/pqxx>

#include <cstdint>
#include <optional>
#include <string>

/// Callbacks as rows. Whoever changes one has locked its ticket.
namespace switchboard::store {

/// The open callback of a ticket, or the last; with its attempts.
std::optional<callback> read_callback(pqxx::transaction_base& tx, std::int64_t ticket);
std::optional<callback> read_open_callback(pqxx::transaction_base& tx, std::int64_t ticket);

/// Where the ticket's customer can be called.
std::optional<std::string> callback_number(pqxx::transaction_base& tx, std::int64_t ticket);

/// The number of the one that was changed or is new. Of an attempt only who made it, how it went and the note count.
std::int64_t write_callback(pqxx::transaction_base& tx, std::int64_t ticket, const callback_change& c);

} // namespace switchboard::store
