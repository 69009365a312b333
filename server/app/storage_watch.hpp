#pragma once

#include <switchboard/util/config.hpp>
#include <switchboard/util/work_loop.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace switchboard::store {
class cluster;
}

namespace switchboard::app {

/// Watches what is left of the private PostgreSQL's disk, so that nothing new is taken in while the agents still have
/// room to finish what is there. A database that is somebody else's is theirs to watch.
class storage_watch {
public:
    /// `changed` is called when it becomes low, and when it is no longer.
    storage_watch(boost::asio::io_context& io, const config& c, const store::cluster* own,
                  std::function<void()> changed);

    boost::asio::awaitable<void> run();
    void stop();

    /// Less is free than is to be kept.
    [[nodiscard]] bool low() const { return low_; }
    /// "ok", or what is free and what should be.
    [[nodiscard]] std::string verdict() const;

private:
    void look();
    boost::asio::awaitable<std::optional<timestamp>> work_off();

    const store::cluster* own_;
    const std::uint64_t reserve_; // bytes; 0 = off
    std::function<void()> changed_;
    bool low_ = false;
    work_loop loop_;
};

} // namespace switchboard::app
