#pragma once

#include "store/sql.hpp"

#include <switchboard/model/availability.hpp>
#include <switchboard/model/ticket.hpp>

namespace switchboard::store {

/// What the agent's availability follows from, as the tables have it.
desk_load read_desk_load(pqxx::transaction_base& tx, const presence& p);

} // namespace switchboard::store
