#pragma once

#include "store/reply_target.hpp"

namespace switchboard::store {

/// What the visitor of a ticket's chat says of himself: of our own chat what its session knows; of another's the newest
/// that it has told of him. Empty = nobody has chatted here.
std::optional<visitor> read_visitor(pqxx::transaction_base& tx, std::int64_t ticket);

/// A mail to the address that he left, from a mailbox of the ticket's queue, or of his chat's. Empty = he left none, or
/// there is no such mailbox.
std::optional<answer_target> find_mail_to_visitor(pqxx::transaction_base& tx, std::int64_t ticket);

} // namespace switchboard::store
