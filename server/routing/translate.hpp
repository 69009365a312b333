#pragma once

#include <switchboard/model/directory.hpp>
#include <switchboard/routing/engine.hpp>
#include <switchboard/store/routing.hpp>

#include <optional>

/// Rows to what the engine is told, and what the engine decides to rows.
namespace switchboard::routing {

queue_config to_engine(const store::routing_queue& q);
agent_config to_engine(const store::routing_agent& a);
channel_set accepted_channels(const store::routing_agent& a);
/// Nothing for a channel that routing does not know.
std::optional<waiting_ticket> to_engine(const store::routing_ticket& t);
std::optional<held_item> to_held(const store::routing_ticket& t, bool interruptible);

/// Steps as they are configured, as rows.
std::optional<std::vector<store::routing_step>> to_rows(const std::optional<std::vector<queue_step>>& steps);

/// Nothing for a decision that needs no row (refusals live in the engine and in the offers that were refused).
std::optional<store::routing_write> to_row(const decision& d);

} // namespace switchboard::routing
