#include "app/health.hpp"

#include "app/clock_watch.hpp"
#include "app/storage_watch.hpp"

#include <switchboard/routing/dispatcher.hpp>
#include <switchboard/store/cluster.hpp>

#include <fmt/format.h>

#include <chrono>
#include <string_view>

namespace switchboard::app {
namespace {

constexpr std::chrono::seconds longest_without_leader{15}; // for a moment it is normal

} // namespace

health::health(store::database& database, const store::cluster* own, const routing::dispatcher& dispatcher,
               const storage_watch& storage, const clock_watch& clocks)
    : database_{database}, own_{own}, dispatcher_{dispatcher}, storage_{storage}, clocks_{clocks},
      known_migrations_{store::read_migrations(store::find_migrations())} {}

boost::asio::awaitable<readiness> health::ready() {
    const auto routed = dispatcher_.figures();
    const bool led = routed.leaderless < longest_without_leader;
    readiness out{.database = "ok",
                  .migrations = "ok",
                  .routing = !led             ? fmt::format("nobody has led for {} s", routed.leaderless.count())
                             : routed.leading ? "leading"
                                              : "following",
                  .storage = storage_.verdict(),
                  .clock = clocks_.verdict()};
    try {
        const auto state = co_await store::read_migration_state(database_, known_migrations_);
        if (!state.problem.empty()) out.migrations = state.problem;
    } catch (const std::exception& e) {
        out.database = own_ && !own_->trouble().empty() ? own_->trouble() : e.what();
        out.migrations = "unknown";
    }
    out.ready = !stopping_ && out.database == "ok" && out.migrations == "ok" && led;
    co_return out;
}

boost::asio::awaitable<std::vector<std::string>> health::troubles() {
    const auto now_is = co_await ready();
    std::vector<std::string> out;
    const auto add = [&out](std::string_view what, const std::string& verdict) {
        if (verdict != "ok") out.push_back(fmt::format("{}: {}", what, verdict));
    };
    add("Database", now_is.database);
    add("Migrations", now_is.migrations);
    if (now_is.routing != "leading" && now_is.routing != "following") add("Routing", now_is.routing);
    add("Storage", now_is.storage);
    add("Clock", now_is.clock);
    co_return out;
}

} // namespace switchboard::app
