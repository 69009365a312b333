#pragma once

#include <switchboard/store/intake.hpp>

#include <pqxx/pqxx>

namespace switchboard::store {

/// Writes the rows of a group: new ones by COPY, changes set-based in the order of their ids, events last.
void write(pqxx::transaction_base& tx, const intake_writes& writes);

} // namespace switchboard::store
