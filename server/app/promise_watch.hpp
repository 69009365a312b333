#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>

namespace switchboard::store {
class service_levels;
}

namespace switchboard::app {

/// Writes down promises as they are missed, and lets them follow changed terms, within a second or two. On every node.
class promise_watch {
public:
    promise_watch(boost::asio::io_context& io, store::service_levels& levels, std::function<void()> bell)
        : levels_{levels}, bell_{std::move(bell)}, alarm_{io} {}

    boost::asio::awaitable<void> run();
    void stop();

private:
    store::service_levels& levels_;
    std::function<void()> bell_; // rung when events were written
    boost::asio::steady_timer alarm_;
    bool stopped_ = false;
};

} // namespace switchboard::app
