#pragma once

#include <switchboard/util/work_loop.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace switchboard::store {
class database;
}

namespace switchboard::app {

/// Keeps now() at the database's time, and notices when this machine's own clock is another. On every node.
class clock_watch {
public:
    clock_watch(boost::asio::io_context& io, store::database& database)
        : database_{database}, loop_{io.get_executor()} {}

    /// Once, before anything is done by the clock.
    boost::asio::awaitable<void> set();
    /// Once a second, until stop().
    boost::asio::awaitable<void> run();
    void stop();

    /// How far this machine's clock is ahead of the database's.
    [[nodiscard]] std::chrono::microseconds machine_ahead() const { return machine_ahead_; }
    /// "ok", or how this machine's clock differs.
    [[nodiscard]] std::string verdict() const;

private:
    boost::asio::awaitable<std::optional<timestamp>> work_off();

    store::database& database_;
    std::chrono::microseconds machine_ahead_{};
    bool differs_ = false;
    work_loop loop_;
};

} // namespace switchboard::app
