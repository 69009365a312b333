#include "store/cluster_keeper.hpp"

#include <switchboard/util/log.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace switchboard::store {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto between_looks = 50ms;
constexpr auto well = 60s;                 // who has run for so long has not failed to start
constexpr std::uint64_t full = 32U << 20U; // two files of the log that each commit writes to

} // namespace

cluster_keeper::cluster_keeper(postgres_place where, cluster_patience patience)
    : where_{std::move(where)}, patience_{patience}, server_{where_} {}

cluster_keeper::~cluster_keeper() {
    stop();
}

void cluster_keeper::start() {
    std::promise<void> started;
    auto known = started.get_future();
    thread_ = std::thread{[this, p = std::move(started)]() mutable { keep(std::move(p)); }};
    try {
        known.get();
    } catch (...) {
        stop();
        throw;
    }
}

void cluster_keeper::stop() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    woken_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void cluster_keeper::keep(std::promise<void> started) {
    try {
        measure();
        server_.start(stopping_);
        up_since_ = clock::now();
        started.set_value();
    } catch (...) {
        server_.stop();
        started.set_exception(std::current_exception());
        return;
    }
    auto measured_at = clock::now();
    while (pause_for(between_looks)) {
        if (clock::now() - measured_at >= 1s) {
            measure();
            measured_at = clock::now();
        }
        if (!server_.running() && !revive()) break;
    }
    server_.stop();
}

/// False: it is given up, or we are stopping.
bool cluster_keeper::revive() {
    const auto ended_at = clock::now();
    if (failures_ == 0 || ended_at - up_since_ > well) {
        failures_ = 0;
        failing_since_ = ended_at;
    }
    log::error("database_ended", {{"how", server_.how_it_ended()}, {"last_words", server_.last_words(3)}});
    auto reason = fmt::format("PostgreSQL has ended by {}", server_.how_it_ended());
    for (;;) {
        set_trouble(fmt::format("{}; it is being started again", reason));
        auto pause = std::min(patience_.first_pause * (1 << std::min(failures_, 16)), patience_.longest_pause);
        if (is_full()) pause = std::min<std::chrono::milliseconds>(pause, 2s); // room may come any time
        if (!pause_for(pause)) return false;
        measure();
        if (std::error_code gone; !fs::exists(where_.data / "PG_VERSION", gone)) {
            give_up(fmt::format("its data folder {} is gone", where_.data.string()));
            return false;
        }
        ++failures_; // until it has been well for a while: a short life is a failure, too
        try {
            server_.start(stopping_);
            if (stopping_) return false;
            up_since_ = clock::now();
            ++restarts_;
            set_trouble({});
            const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(up_since_ - ended_at);
            log::warn("database_started_again", {{"after_ms", took.count()}});
            return true;
        } catch (const std::exception& e) {
            server_.stop(); // one that did not get ready
            log::error("database_not_started", {{"failures", failures_}, {"reason", e.what()}});
            measure();
            reason = is_full() ? fmt::format("the disk of {} is full", where_.data.string()) : std::string{e.what()};
        }
        if (is_full()) failing_since_ = clock::now(); // somebody can make room, and then it goes on
        if (failures_ >= patience_.failures && clock::now() - failing_since_ >= patience_.time) {
            give_up(fmt::format("it has failed {} times: {}", failures_, reason));
            return false;
        }
    }
}

/// False: we are stopping.
bool cluster_keeper::pause_for(clock::duration d) {
    std::unique_lock lock{mutex_};
    return !woken_.wait_for(lock, d, [this] { return stopping_.load(); });
}

void cluster_keeper::measure() {
    std::uint64_t least = UINT64_MAX;
    for (const auto& place : {where_.data, where_.data / "pg_wal"}) { // which may be on a disk of its own
        std::error_code unknown;
        const auto room = fs::space(place, unknown);
        if (!unknown) least = std::min<std::uint64_t>(least, room.available);
    }
    if (least != UINT64_MAX) free_bytes_ = least;
}

bool cluster_keeper::is_full() const {
    return free_bytes_ < full;
}

void cluster_keeper::set_trouble(std::string what) {
    const std::lock_guard lock{mutex_};
    trouble_ = std::move(what);
}

std::string cluster_keeper::trouble() const {
    const std::lock_guard lock{mutex_};
    return trouble_;
}

void cluster_keeper::give_up(const std::string& why) {
    auto words = fmt::format("the private PostgreSQL cannot be saved: {}", why);
    log::error("database_lost", {{"reason", words}});
    std::function<void(std::string)> tell;
    {
        const std::lock_guard lock{mutex_};
        trouble_ = words;
        lost_ = true;
        tell = tell_loss_;
    }
    if (tell) tell(std::move(words));
}

void cluster_keeper::when_lost(std::function<void(std::string)> tell) {
    std::string lost_before;
    {
        const std::lock_guard lock{mutex_};
        tell_loss_ = tell;
        if (lost_) lost_before = trouble_;
    }
    if (tell && !lost_before.empty()) tell(std::move(lost_before));
}

} // namespace switchboard::store
