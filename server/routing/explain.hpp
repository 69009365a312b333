#pragma once

#include "routing/explanation.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace switchboard::routing {

/// What the engine in force says of a ticket, with the queues that it was told of; nothing where another node leads.
using live_view =
    std::function<std::optional<std::pair<std::optional<explanation>, std::vector<routing_queue>>>(ticket_id)>;

/// As dispatcher::explain. Where another node leads the same engine judges the rows: it knows who could take the
/// ticket, but neither the order of this moment nor the pace of the last minutes.
boost::asio::awaitable<std::optional<routing_explanation>> explain(store::routing& rows, std::int64_t ticket,
                                                                   live_view live, const engine_settings& settings);

/// As dispatcher::explain_agents: the same engine over the rows, whatever state the ticket is in.
boost::asio::awaitable<std::optional<std::vector<agent_standing>>>
explain_agents(store::routing& rows, std::int64_t ticket, const engine_settings& settings);

/// As dispatcher::check.
boost::asio::awaitable<std::optional<queue_check>> check(store::routing& rows, std::int64_t queue,
                                                         std::optional<std::vector<std::int64_t>> members,
                                                         std::optional<std::vector<queue_step>> steps,
                                                         const engine_settings& settings);

} // namespace switchboard::routing
