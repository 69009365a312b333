#include "app/live_simulator.hpp"

#include <switchboard/planning/what_if.hpp>

#include <sys/resource.h>
#include <unistd.h>

#include <memory>

namespace switchboard::app {

namespace {

using outcome = std::expected<simulation, api::no_simulation>;

constexpr double most_customers = 3'000'000; // a few seconds
constexpr int polite = 10;                   // the niceness of the thread

outcome wrong_order(const std::vector<routing::config_error>& wrong, const std::string& within = {}) {
    api::no_simulation out;
    for (const auto& e : wrong) out.wrong.emplace_back(within + e.field, e.message);
    return std::unexpected(std::move(out));
}

outcome work_through(const recorded_traffic& record, const api::simulation_order& order, const std::stop_token& stop) {
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), polite); // on this system: of this thread alone
    const auto as_is = routing::center_of(record);
    const auto changed = routing::changed(as_is, order.changes);
    if (!changed) return wrong_order(changed.error(), "what_if.");
    routing::compare_options options;
    options.replications = static_cast<int>(order.replications);
    options.most_customers = most_customers;
    options.stop = stop;
    auto done = routing::compare(as_is, *changed, options);
    if (done) return std::move(*done);
    if (stop.stop_requested()) return std::unexpected(api::no_simulation{.busy = true});
    return wrong_order({done.error()});
}

} // namespace

boost::asio::awaitable<outcome> live_simulator::simulate(api::simulation_order order) {
    if (busy_ || stop_.stop_requested()) co_return std::unexpected(api::no_simulation{.busy = true});
    busy_ = true;
    const auto free = [](bool* busy) { *busy = false; };
    const std::unique_ptr<bool, decltype(free)> under_way{&busy_, free};
    auto record = co_await rows_.load(order.days, order.time_zone);
    co_return co_await offload(thread_, [record = std::move(record), order = std::move(order),
                                         stop = stop_.get_token()] { return work_through(record, order, stop); });
}

} // namespace switchboard::app
