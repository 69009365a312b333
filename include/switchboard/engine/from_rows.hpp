#pragma once

#include <switchboard/engine/types.hpp>
#include <switchboard/model/refusal.hpp>
#include <switchboard/model/routing_rows.hpp>

#include <optional>
#include <vector>

/// Of rows, what the engine is told.
namespace switchboard::routing {

/// Open or closed as it is at `now`.
queue_config to_engine(const routing_queue& q, timestamp now);
std::vector<relaxation_step> to_steps(const std::vector<queue_step>& steps);
agent_config to_engine(const routing_agent& a);
/// Of an agent who works by these hours: in the past while they are closed.
std::optional<timestamp> shift_end(const sla::business_hours& hours, timestamp now);
channel_set accepted_channels(const routing_agent& a);
/// Nothing for a channel that routing does not know.
std::optional<waiting_ticket> to_engine(const routing_ticket& t);
std::optional<held_item> to_held(const routing_ticket& t, bool interruptible);

/// What is wrong with a queue as the engine would take it.
std::optional<switchboard::refusal> judge(const switchboard::queue& q);

} // namespace switchboard::routing
