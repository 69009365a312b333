#pragma once

#include <switchboard/store/desk_rows.hpp>

#include <pqxx/pqxx>

#include <cstdint>
#include <string>

namespace switchboard::store {

/// Judged by the customer's latest contact on this ticket.
answer_target find_answer_target(pqxx::transaction_base& tx, std::int64_t ticket);

/// The name under which mail of this ticket leaves: its queue's, else the mailbox's own.
std::string sender_name(pqxx::transaction_base& tx, std::int64_t ticket, std::string of_mailbox);

} // namespace switchboard::store
