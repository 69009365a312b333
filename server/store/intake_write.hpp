#pragma once

#include <switchboard/store/intake_rows.hpp>

#include "store/pipeline.hpp"

namespace switchboard::store {

/// Adds the statements that write the rows of a group: one for each table, changes set-based in the order of their ids,
/// events last.
void write(pipeline& to, const intake_writes& writes);

/// Notes of who passed something on, as the desk writes them. Rare, so one at a time, after write().
void add_notes(pqxx::transaction_base& tx, const intake_writes& writes);

} // namespace switchboard::store
