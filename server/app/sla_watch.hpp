#pragma once

#include <switchboard/util/work_loop.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>
#include <optional>

namespace switchboard::store {
class sla_clocks;
}

namespace switchboard::app {

/// Writes down what SLA clocks have missed, and lets them follow changed targets, within a second or two. On every
/// node.
class sla_watch {
public:
    sla_watch(boost::asio::io_context& io, store::sla_clocks& clocks, std::function<void()> bell)
        : clocks_{clocks}, bell_{std::move(bell)}, loop_{io.get_executor()} {}

    boost::asio::awaitable<void> run();
    void stop();

private:
    boost::asio::awaitable<std::optional<timestamp>> work_off();

    store::sla_clocks& clocks_;
    std::function<void()> bell_; // rung when events were written
    work_loop loop_;
};

} // namespace switchboard::app
