#include "app/storage_watch.hpp"

#include <switchboard/store/cluster.hpp>
#include <switchboard/util/log.hpp>
#include <switchboard/util/time.hpp>

#include <fmt/format.h>

namespace switchboard::app {

namespace asio = boost::asio;

namespace {

std::uint64_t mb(std::uint64_t bytes) {
    return bytes >> 20U;
}

} // namespace

storage_watch::storage_watch(asio::io_context& io, const config& c, const store::cluster* own,
                             std::function<void()> changed)
    : own_{own}, reserve_{own ? static_cast<std::uint64_t>(c.database_reserve_mb) << 20U : 0},
      changed_{std::move(changed)}, loop_{io.get_executor()} {
    if (reserve_ > 0) low_ = own_->free_bytes() < reserve_;
}

void storage_watch::look() {
    // What is low stays so until there is a little more, or each file that comes and goes would open and shut the
    // doors.
    const auto enough = reserve_ + (low_ ? reserve_ / 16 : 0);
    const auto free = own_->free_bytes();
    if ((free < enough) == low_) return;
    low_ = !low_;
    if (low_)
        log::error("storage_low", {{"free_mb", mb(free)}, {"reserve_mb", mb(reserve_)}});
    else
        log::warn("storage_has_room_again", {{"free_mb", mb(free)}});
    changed_();
}

asio::awaitable<std::optional<timestamp>> storage_watch::work_off() {
    look();
    co_return now() + std::chrono::seconds{1};
}

asio::awaitable<void> storage_watch::run() {
    if (reserve_ > 0) co_await loop_.run([this] { return work_off(); }, "storage_unwatched");
}

void storage_watch::stop() {
    loop_.stop();
}

std::string storage_watch::verdict() const {
    if (!low_) return "ok";
    return fmt::format("nothing new is taken in: {} MB are free and {} MB are kept for the agents to finish by",
                       mb(own_->free_bytes()), mb(reserve_));
}

} // namespace switchboard::app
