#include <switchboard/api/security_log.hpp>

#include <switchboard/store/audit.hpp>
#include <switchboard/util/log.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace switchboard::api {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

namespace {

constexpr auto between_writes = 1s;
constexpr auto between_clean_ups = 1h;
constexpr std::int64_t forgotten_at_once = 5000; // a transaction that holds up nobody

} // namespace

security_log::security_log(asio::any_io_executor executor, store::audit& rows, security_log_options o)
    : rows_{rows}, options_{o}, tick_{executor} {}

void security_log::record(audit_kind kind, audit_entry about, std::uint64_t times) {
    store::count_audit(kind, times);
    if (steady::now() >= minute_ends_) {
        this_minute_.clear();
        minute_ends_ = steady::now() + 1min;
    }
    about.what = name_of(kind);
    key k{about.what, about.login, about.address, about.details};
    if (!this_minute_.contains(k)) {
        if (this_minute_.size() >= options_.rows_a_minute) { // the rest of the minute: how many, not who
            about = {};
            about.what = name_of(kind);
            about.details = R"({"rest": true})";
            k = {about.what, "", "", about.details};
        } else {
            this_minute_.insert(k);
        }
    }
    about.times = static_cast<std::int64_t>(times);
    add(k, {kind, about, about.times});
}

void security_log::add(const key& k, const counted& more) {
    const auto [place, is_new] = waiting_.try_emplace(k, more);
    if (is_new) return;
    place->second.about.times += more.about.times;
    place->second.unlogged += more.unlogged;
}

asio::awaitable<void> security_log::write() {
    if (waiting_.empty()) co_return;
    auto taken = std::exchange(waiting_, {});
    std::vector<audit_entry> events;
    for (auto& [k, one] : taken) {
        if (const auto times = std::exchange(one.unlogged, 0); times > 0)
            store::log_audit(log::level::warn, one.kind, one.about, times);
        events.push_back(one.about);
    }
    bool written = true;
    try {
        co_await rows_.count(std::move(events));
    } catch (const std::exception& e) {
        log::warn("audit_not_written", {{"reason", e.what()}});
        written = false;
    }
    if (written) co_return;
    // Once more with the next: as many as a minute may bring, so that an absent database fills no memory.
    for (const auto& [k, one] : taken) {
        if (waiting_.size() >= 2 * options_.rows_a_minute) break;
        add(k, one);
    }
}

asio::awaitable<void> security_log::forget() {
    if (steady::now() < forget_at_) co_return;
    forget_at_ = steady::now() + between_clean_ups;
    try {
        while (!stopped_ && co_await rows_.forget(options_.kept, forgotten_at_once) == forgotten_at_once) {
        }
    } catch (const std::exception& e) {
        log::warn("audit_not_forgotten", {{"reason", e.what()}});
    }
}

asio::awaitable<void> security_log::run() {
    while (!stopped_) {
        co_await write();
        co_await forget();
        if (stopped_) break;
        tick_.expires_after(between_writes);
        boost::system::error_code woken;
        co_await tick_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
    co_await write();
}

void security_log::stop() {
    stopped_ = true;
    tick_.cancel();
}

} // namespace switchboard::api
