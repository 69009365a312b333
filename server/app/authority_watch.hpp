#pragma once

#include <switchboard/model/authority.hpp>
#include <switchboard/store/authorities.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <utility>
#include <vector>

namespace switchboard::app {

/// Ends what was opened with a session or token soon after that has ended, on whichever node and for whatever reason:
/// asks the database about all that is in use here, each second, and at once when something has changed here.
class authority_watch {
public:
    struct hooks {
        std::function<std::vector<authority>()> in_use;
        std::function<void(const authority&)> ended;
        std::function<void()> each_second; // what else ends by time
    };
    authority_watch(boost::asio::any_io_executor executor, store::database& db, hooks h)
        : rows_{db}, tick_{executor}, hooks_{std::move(h)} {}

    /// Until stop(). Call once.
    boost::asio::awaitable<void> run();
    void stop();
    void look_now();

private:
    boost::asio::awaitable<void> look();

    store::authorities rows_;
    boost::asio::steady_timer tick_;
    const hooks hooks_;
    bool stopped_ = false, asked_ = false;
};

} // namespace switchboard::app
