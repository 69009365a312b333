#pragma once

#include <pqxx/pqxx>

#include <cstddef>
#include <cstdint>

/// The end of a hold: at its time, or since the customer wrote (intake ends it at the moment of what he wrote).
namespace switchboard::store {

/// Each ticket whose hold is over is its owner's at once where he is ready for it and could take it; else it waits in
/// its queue, and he is asked first. Whose ticket or load somebody holds comes the next time. How many.
std::size_t end_holds(pqxx::transaction_base& tx, std::int64_t min_licence_validity_s);

} // namespace switchboard::store
