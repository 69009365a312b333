#include "app/sla_watch.hpp"

#include <switchboard/store/sla_clocks.hpp>
#include <switchboard/util/time.hpp>

namespace switchboard::app {

namespace asio = boost::asio;

asio::awaitable<std::optional<timestamp>> sla_watch::work_off() {
    // What was changed counts before anything is missed by the old terms.
    while (!loop_.stopped() && co_await clocks_.follow_policies()) bell_();
    while (!loop_.stopped() && co_await clocks_.note_breaches() > 0) bell_();
    co_return now() + std::chrono::seconds{1};
}

asio::awaitable<void> sla_watch::run() {
    co_await loop_.run([this] { return work_off(); }, "promises_unwatched");
}

void sla_watch::stop() {
    loop_.stop();
}

} // namespace switchboard::app
