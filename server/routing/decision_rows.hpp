#pragma once

#include <switchboard/engine/decisions.hpp>
#include <switchboard/store/routing.hpp>

#include <optional>

namespace switchboard::routing {

/// Nothing for a decision that needs no row (refusals live in the engine and in the offers that were refused).
/// `opens_in_s` is of the queue that a `close_ticket` names, if that is known.
std::optional<store::routing_write> to_row(const decision& d, std::optional<double> opens_in_s = {});

} // namespace switchboard::routing
