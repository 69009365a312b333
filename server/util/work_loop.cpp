#include <switchboard/util/work_loop.hpp>

#include <switchboard/util/log.hpp>
#include <switchboard/util/time.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace switchboard {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto longest_nap = 5s; // clocks that were set ring no bell

} // namespace

asio::awaitable<void> work_loop::run(work work_off, const char* trouble) {
    while (!stopped_) {
        std::chrono::steady_clock::duration nap = longest_nap;
        poked_ = false;
        try {
            if (const auto next = co_await work_off())
                nap = std::clamp<std::chrono::steady_clock::duration>(*next - now(), 10ms, longest_nap);
        } catch (const std::exception& error) {
            log::warn(trouble, {{"error", error.what()}});
            nap = 1s;
        }
        if (poked_ || stopped_) continue;
        alarm_.expires_after(nap);
        boost::system::error_code woken;
        co_await alarm_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
}

void work_loop::stop() {
    stopped_ = true;
    alarm_.cancel();
}

void work_loop::wake() {
    poked_ = true;
    alarm_.cancel();
}

} // namespace switchboard
