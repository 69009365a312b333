#include <switchboard/live/attendance.hpp>

#include <switchboard/util/hash.hpp>
#include <switchboard/util/log.hpp>
#include <switchboard/util/time.hpp>

#include <utility>
#include <vector>

namespace switchboard::live {

namespace asio = boost::asio;
using namespace std::chrono_literals;

attendance::attendance(asio::any_io_executor executor, store::database& db, store::absence_rule of_owners,
                       std::chrono::seconds absent_after, std::function<void()> bell)
    : rows_{db, std::move(of_owners)}, absent_after_{absent_after}, bell_{std::move(bell)}, loop_{executor},
      node_{random_hex(8)} {}

std::shared_ptr<void> attendance::enter(store::open_session who) {
    if (++(*open_)[who] == 1) loop_.wake();
    // A socket may outlive this object while the program ends.
    const auto leave = [this, who, open = std::weak_ptr{open_}](void*) {
        const auto sockets = open.lock();
        if (!sockets || --(*sockets)[who] > 0) return;
        sockets->erase(who);
        loop_.wake();
    };
    return {nullptr, leave};
}

asio::awaitable<std::optional<timestamp>> attendance::work_off() {
    if (!co_await rows_.beat(node_)) noted_.clear();
    std::vector<store::open_session> came, went;
    for (const auto& [who, sockets] : *open_)
        if (!noted_.contains(who)) came.push_back(who);
    for (const auto& who : noted_)
        if (!open_->contains(who)) went.push_back(who);
    if (!came.empty() || !went.empty()) {
        if (co_await rows_.note(node_, came, went)) bell_();
        for (const auto& who : went) noted_.erase(who);
        noted_.insert(came.begin(), came.end());
    }
    const auto moment = std::chrono::steady_clock::now();
    const bool after_a_gap = moment - std::exchange(looked_at_, moment) > 5s;
    if (co_await rows_.watch(absent_after_, after_a_gap)) bell_();
    co_return now() + 1s;
}

asio::awaitable<void> attendance::run() {
    co_await loop_.run([this] { return work_off(); }, "attendance_not_noted");
    try {
        co_await rows_.leave(node_);
    } catch (const std::exception& error) { // its silence will say so
        log::warn("node_left_untold", {{"error", error.what()}});
    }
}

} // namespace switchboard::live
