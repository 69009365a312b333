#pragma once

#include <switchboard/store/intake.hpp>

#include <pqxx/pqxx>

namespace switchboard::store {

/// Answers what a group asks, in a few set-based queries, and none for what nobody asks. Locks the tickets and
/// then the chat sessions that it finds, each in the order of their ids.
intake_answers look_up(pqxx::transaction_base& tx, const intake_questions& questions);

} // namespace switchboard::store
