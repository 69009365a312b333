#pragma once

#include <switchboard/model/time.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <optional>

namespace switchboard {

/// Works off what is due in a table, naps until the next is, and begins at once when it is woken.
class work_loop {
public:
    explicit work_loop(const boost::asio::any_io_executor& executor) : alarm_{executor} {}

    /// Works off all that is due, unless stopped, and says when the next will be.
    using work = std::function<boost::asio::awaitable<std::optional<timestamp>>()>;
    /// Until stop(). `trouble` names in the log what `work` throws; it is tried again after a second.
    boost::asio::awaitable<void> run(work work_off, const char* trouble);

    void stop();
    void wake();
    [[nodiscard]] bool stopped() const { return stopped_; }

private:
    boost::asio::steady_timer alarm_;
    bool stopped_ = false;
    bool poked_ = false;
};

} // namespace switchboard
