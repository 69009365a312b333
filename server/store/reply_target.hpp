#pragma once

#include <switchboard/store/tickets.hpp>

#include <pqxx/pqxx>

namespace switchboard::store {

/// Whom an answer on this ticket goes to now, judged by the customer's latest contact.
reply_target find_reply_target(pqxx::transaction_base& tx, std::int64_t ticket);

} // namespace switchboard::store
