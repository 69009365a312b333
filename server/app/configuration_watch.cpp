#include "app/configuration_watch.hpp"

#include <switchboard/model/events.hpp>

#include <algorithm>

namespace switchboard::app {

namespace asio = boost::asio;

void configuration_watch::follow(std::span<const event> events) {
    if (std::ranges::none_of(events, [](const event& e) { return e.type == events::config_changed::type; })) return;
    hooks_.changed();
    ++changes_;
    loop_.wake();
}

asio::awaitable<std::optional<timestamp>> configuration_watch::work_off() {
    while (!loop_.stopped() && read_ != changes_) {
        const auto these = changes_; // others may come while it is read
        co_await hooks_.read();
        read_ = these;
    }
    co_return std::nullopt;
}

asio::awaitable<void> configuration_watch::run() {
    co_await loop_.run([this] { return work_off(); }, "configuration_unread");
}

} // namespace switchboard::app
