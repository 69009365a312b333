#pragma once

#include "store/sql.hpp"

#include <cstddef>

namespace switchboard::store {

/// After the clock was set back: what was written in what is the future by now is moved into the present, with the
/// times at which it is due, so that nothing waits for longer than it was to wait. Times that people chose, opening
/// hours and promises are the calendar's and stay. Locks nothing that somebody else has locked: the next time finds it.
/// The number of rows that were moved; it is meant to be called every second, and then nearly always 0.
std::size_t move_into_the_present(pqxx::transaction_base& tx);

/// Once when somebody begins to lead or the clock was set: offers that ran out meanwhile ring for a moment longer,
/// since nobody could take them, and what was put off for a moment is not put off for hours.
std::size_t forgive_the_gap(pqxx::transaction_base& tx);

} // namespace switchboard::store
