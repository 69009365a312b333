#pragma once

#include <switchboard/api/services.hpp>
#include <switchboard/store/traffic.hpp>
#include <switchboard/util/offload.hpp>

#include <stop_token>

namespace switchboard::app {

/// Simulates the live center beside the work of the server: one at a time, on a thread of its own that gives way to
/// others, and no more than a few seconds of it.
class live_simulator {
public:
    explicit live_simulator(store::database& db) : rows_{db} {}

    boost::asio::awaitable<std::expected<simulation, api::no_simulation>> simulate(api::simulation_order order);

    /// What is under way ends at once as busy; nothing begins any more.
    void stop() { stop_.request_stop(); }

private:
    store::traffic rows_;
    bool busy_ = false;
    std::stop_source stop_;
    offload_pool thread_{1, 1};
};

} // namespace switchboard::app
