#include "app/authority_watch.hpp"

#include <switchboard/util/log.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>

namespace switchboard::app {

namespace asio = boost::asio;

asio::awaitable<void> authority_watch::look() {
    auto asked = hooks_.in_use();
    if (asked.empty()) co_return;
    try {
        for (const auto& a : co_await rows_.ended(std::move(asked))) hooks_.ended(a);
    } catch (const std::exception& e) { // without a database nothing new is pushed either
        log::warn("authorities_not_checked", {{"reason", e.what()}});
    }
}

asio::awaitable<void> authority_watch::run() {
    while (!stopped_) {
        asked_ = false;
        co_await look();
        hooks_.each_second();
        if (asked_ || stopped_) continue;
        tick_.expires_after(std::chrono::seconds{1});
        boost::system::error_code woken;
        co_await tick_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
}

void authority_watch::stop() {
    stopped_ = true;
    tick_.cancel();
}

void authority_watch::look_now() {
    asked_ = true;
    tick_.cancel();
}

} // namespace switchboard::app
