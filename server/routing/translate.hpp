#pragma once

#include <switchboard/model/directory.hpp>
#include <switchboard/routing/engine.hpp>
#include <switchboard/store/routing.hpp>

#include <optional>
#include <vector>

/// Rows to what the engine is told, and what the engine decides to rows.
namespace switchboard::routing {

/// Open or closed as it is at `now`.
queue_config to_engine(const store::routing_queue& q, timestamp now);
std::vector<relaxation_step> to_steps(const std::vector<queue_step>& steps);
agent_config to_engine(const store::routing_agent& a);
/// Of an agent who works by these hours: in the past while they are closed.
std::optional<timestamp> shift_end(const service::business_hours& hours, timestamp now);
channel_set accepted_channels(const store::routing_agent& a);
/// Nothing for a channel that routing does not know.
std::optional<waiting_ticket> to_engine(const store::routing_ticket& t);
std::optional<held_item> to_held(const store::routing_ticket& t, bool interruptible);

/// Nothing for a decision that needs no row (refusals live in the engine and in the offers that were refused).
/// `opens_in_s` is of the queue that a `close_ticket` names, if that is known.
std::optional<store::routing_write> to_row(const decision& d, std::optional<double> opens_in_s = {});

} // namespace switchboard::routing
