#pragma once

#include <switchboard/model/record.hpp>
#include <switchboard/model/viewer.hpp>

#include <pqxx/pqxx>

#include <cstdint>
#include <optional>

namespace switchboard::store {

/// A ticket, whole, as this viewer sees it; nothing if he may not.
std::optional<ticket> read_ticket(pqxx::transaction_base& tx, std::int64_t id, const viewer& who);

/// The same for whoever has just acted on it: he may see what became of it, even when it then lies in a queue of
/// others.
ticket read_ticket_after(pqxx::transaction_base& tx, std::int64_t id, const viewer& actor);

/// Nothing if there is no such contact.
std::optional<contact_record> read_contact(pqxx::transaction_base& tx, std::int64_t id);

} // namespace switchboard::store
