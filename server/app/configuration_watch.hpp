#pragma once

#include <switchboard/model/event.hpp>
#include <switchboard/util/work_loop.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <utility>

namespace switchboard::app {

/// Reads the configuration again when the log says that it has changed: many changes at once make one round, or two.
class configuration_watch {
public:
    struct hooks {
        std::function<void()> changed; // at once
        std::function<boost::asio::awaitable<void>()> read;
    };
    configuration_watch(boost::asio::any_io_executor executor, hooks h) : loop_{executor}, hooks_{std::move(h)} {}

    void follow(std::span<const event> events);

    /// Until stop(). Call once.
    boost::asio::awaitable<void> run();
    void stop() { loop_.stop(); }

private:
    boost::asio::awaitable<std::optional<timestamp>> work_off();

    work_loop loop_;
    const hooks hooks_;
    std::uint64_t changes_ = 0, read_ = 0; // how many it has seen, and how many are in what was read
};

} // namespace switchboard::app
