#pragma once

#include <switchboard/engine/types.hpp>
#include <switchboard/model/directory.hpp>
#include <switchboard/model/event.hpp>
#include <switchboard/model/refusal.hpp>
#include <switchboard/model/routing_explanation.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace switchboard {
struct routing_ticket;
}
namespace switchboard::store {
class routing;
}

namespace switchboard::routing {

struct dispatcher_options {
    std::string holder;            // this process, unique among nodes
    double lease_s = 5;            // a leader that says nothing for so long is replaced
    std::string time_zone = "UTC"; // whose midnight begins a day for the policy fewest_today
    engine_settings engine{};
};

struct dispatcher_figures {
    bool leading = false;
    std::int64_t epoch = 0;
    std::uint64_t offers = 0;          // committed
    std::uint64_t refused = 0;         // decisions that the database refused
    std::uint64_t loads_mended = 0;    // loads that were not what open offers say: a fault each
    std::chrono::seconds leaderless{}; // since anybody was known to lead
};

/// Carries out what the engine decides: leads by a lease, feeds the engine from the event log, commits its decisions
/// fenced by the lease's epoch (docs/routing.md 2.8). On every node; only the leader decides. Lives on the io thread.
class dispatcher {
public:
    /// `bell` is rung after each commit of ours.
    dispatcher(boost::asio::any_io_executor executor, store::routing& rows, dispatcher_options options,
               std::function<void()> bell);
    ~dispatcher();
    dispatcher(const dispatcher&) = delete;
    dispatcher& operator=(const dispatcher&) = delete;

    /// Leads whenever it can until stop(); then gives the lease up. Call once.
    boost::asio::awaitable<void> run();
    void stop();

    /// What the log says, in order.
    void follow(std::span<const event> events);

    /// What intake has just committed need not wait for the log: new tickets, and others that wait again.
    void waiting(const std::vector<routing_ticket>& opened, const std::vector<std::int64_t>& again);

    /// Why a ticket went where it went, and why it waits; nothing if there is no such ticket. On any node.
    boost::asio::awaitable<std::optional<routing_explanation>> explain(std::int64_t ticket);

    /// What speaks against giving a ticket to each agent, by name; nothing if there is no such ticket. On any node.
    boost::asio::awaitable<std::optional<std::vector<agent_standing>>> explain_agents(std::int64_t ticket);

    /// What other members or other steps would mean for the tickets that wait in a queue. Nothing is changed.
    boost::asio::awaitable<std::optional<queue_check>> check(std::int64_t queue,
                                                             std::optional<std::vector<std::int64_t>> members,
                                                             std::optional<std::vector<queue_step>> steps);

    dispatcher_figures figures() const;

private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace switchboard::routing
