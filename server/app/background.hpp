#pragma once

#include <switchboard/util/log.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <string>

namespace switchboard::app {

/// Work that goes on beside the requests. Whatever it throws is logged; finished() waits for all of it.
class background {
public:
    explicit background(boost::asio::io_context& io)
        : io_{io}, done_{io, boost::asio::steady_timer::time_point::max()} {}

    void start(std::string name, boost::asio::awaitable<void> work) {
        ++running_;
        boost::asio::co_spawn(io_, std::move(work), [this, name = std::move(name)](std::exception_ptr e) {
            if (--running_ == 0) done_.cancel();
            if (!e) return;
            try {
                std::rethrow_exception(e);
            } catch (const std::exception& fault) {
                log::error("background_failed", {{"what", name}, {"reason", fault.what()}});
            }
        });
    }

    boost::asio::awaitable<void> finished() {
        boost::system::error_code cancelled;
        while (running_ > 0)
            co_await done_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
    }

private:
    boost::asio::io_context& io_;
    boost::asio::steady_timer done_;
    int running_ = 0;
};

} // namespace switchboard::app
