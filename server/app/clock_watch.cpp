#include "app/clock_watch.hpp"

#include <switchboard/store/clock.hpp>
#include <switchboard/util/log.hpp>
#include <switchboard/util/time.hpp>

#include <fmt/format.h>

namespace switchboard::app {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto slight = 50ms; // clocks that are set gently differ by less
constexpr auto much = 2s;     // and is told

double seconds(std::chrono::microseconds d) {
    return std::chrono::duration<double>(d).count();
}

} // namespace

asio::awaitable<void> clock_watch::set() {
    const auto seen = co_await store::read_clock(database_);
    if (std::chrono::abs(seen.ahead) > slight + seen.blur) {
        set_now(now() + seen.ahead);
        if (std::chrono::abs(seen.ahead) > much) log::warn("clock_set", {{"by_s", seconds(seen.ahead)}});
    }
    machine_ahead_ = seen.machine_ahead;
    const bool differs = std::chrono::abs(machine_ahead_) > much + seen.blur;
    if (differs && !differs_) log::warn("clock_differs", {{"machine_ahead_s", seconds(machine_ahead_)}});
    if (!differs && differs_) log::info("clock_agrees");
    differs_ = differs;
}

asio::awaitable<std::optional<timestamp>> clock_watch::work_off() {
    co_await set();
    co_return now() + 1s;
}

asio::awaitable<void> clock_watch::run() {
    co_await loop_.run([this] { return work_off(); }, "clock_unread");
}

void clock_watch::stop() {
    loop_.stop();
}

std::string clock_watch::verdict() const {
    if (!differs_) return "ok";
    return fmt::format("this machine's clock is {:.1f} s {} the database's", std::abs(seconds(machine_ahead_)),
                       machine_ahead_ > 0s ? "ahead of" : "behind");
}

} // namespace switchboard::app
