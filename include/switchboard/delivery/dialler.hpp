#pragma once

#include <switchboard/model/event.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace switchboard::store {
class dial_orders;
}

namespace switchboard::delivery {

/// How long to wait after the n-th failed try (from 1) to tell a gateway to dial; nothing = give up. Somebody waits to
/// be called and a call that nobody hears of ends after two minutes, so all of it stays within them.
std::optional<std::chrono::seconds> dial_pause_after(std::int64_t tries);

/// Tells gateways which calls to make: posts what is committed to their dial_url. On every node; claims keep them
/// apart.
class dialler {
public:
    dialler(boost::asio::any_io_executor executor, store::dial_orders& orders);
    ~dialler();
    dialler(const dialler&) = delete;
    dialler& operator=(const dialler&) = delete;

    /// Works until stop(); a try under way is finished. Call once.
    boost::asio::awaitable<void> run();
    void stop();
    /// What the log says: a new order may be there.
    void follow(std::span<const event> events);

private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace switchboard::delivery
