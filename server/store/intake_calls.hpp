#pragma once

#include "store/pipeline.hpp"

#include <switchboard/store/intake_rows.hpp>
#include <switchboard/store/rules.hpp>

namespace switchboard::store {

/// Calls of which more was told: what is known of them now, each report with its bytes, and the events.
void write_calls(pipeline& to, const intake_writes& w);

/// What becomes of tickets whose caller has gone. Behind everything else that is written.
void end_calls(pqxx::transaction_base& tx, const intake_writes& w, const customer_rules& rules);

} // namespace switchboard::store
