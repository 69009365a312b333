#include "app/promise_watch.hpp"

#include <switchboard/store/service_levels.hpp>
#include <switchboard/util/log.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace switchboard::app {

namespace asio = boost::asio;

boost::asio::awaitable<void> promise_watch::run() {
    constexpr std::chrono::seconds interval{1}, after_failure{5};
    while (!stopped_) {
        std::chrono::seconds pause = interval;
        try {
            // What was changed counts before anything is missed by the old terms.
            while (!stopped_ && co_await levels_.follow_policies()) bell_();
            while (!stopped_ && co_await levels_.note_breaches() > 0) bell_();
        } catch (const std::exception& e) {
            log::warn("promises_unwatched", {{"reason", e.what()}});
            pause = after_failure;
        }
        if (stopped_) break;
        alarm_.expires_after(pause);
        boost::system::error_code woken;
        co_await alarm_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
}

void promise_watch::stop() {
    stopped_ = true;
    alarm_.cancel();
}

} // namespace switchboard::app
