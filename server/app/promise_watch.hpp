#pragma once

#include <switchboard/util/work_loop.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>
#include <optional>

namespace switchboard::store {
class service_levels;
}

namespace switchboard::app {

/// Writes down promises as they are missed, and lets them follow changed terms, within a second or two. On every node.
class promise_watch {
public:
    promise_watch(boost::asio::io_context& io, store::service_levels& levels, std::function<void()> bell)
        : levels_{levels}, bell_{std::move(bell)}, loop_{io.get_executor()} {}

    boost::asio::awaitable<void> run();
    void stop();

private:
    boost::asio::awaitable<std::optional<timestamp>> work_off();

    store::service_levels& levels_;
    std::function<void()> bell_; // rung when events were written
    work_loop loop_;
};

} // namespace switchboard::app
