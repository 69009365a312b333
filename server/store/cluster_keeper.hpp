#pragma once

#include "store/postmaster.hpp"

#include <switchboard/store/cluster_patience.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <future>
#include <mutex>
#include <string>
#include <thread>

namespace switchboard::store {

/// A thread that starts PostgreSQL, starts it again whenever it ends, and gives it up when that does not help.
class cluster_keeper {
public:
    cluster_keeper(postgres_place where, cluster_patience patience);
    ~cluster_keeper(); // stop()
    cluster_keeper(const cluster_keeper&) = delete;
    cluster_keeper& operator=(const cluster_keeper&) = delete;

    /// Once. Throws cluster_error where it does not start the first time.
    void start();
    /// Ends PostgreSQL, and returns when it is gone.
    void stop();

    bool running() const { return trouble().empty() && pid() > 0; }
    pid_t pid() const { return server_.pid(); }
    std::string trouble() const;
    std::uint64_t free_bytes() const { return free_bytes_; }
    std::uint64_t restarts() const { return restarts_; }
    void when_lost(std::function<void(std::string)> tell);

private:
    using clock = std::chrono::steady_clock;

    void keep(std::promise<void> started);
    bool revive();
    bool pause_for(clock::duration d);
    void measure();
    bool is_full() const;
    void give_up(const std::string& why);
    void set_trouble(std::string what);

    const postgres_place where_;
    const cluster_patience patience_;
    postmaster server_;
    std::atomic<std::uint64_t> free_bytes_ = 0, restarts_ = 0;
    std::atomic<bool> stopping_ = false;
    mutable std::mutex mutex_; // of these
    std::condition_variable woken_;
    std::string trouble_;
    bool lost_ = false;
    std::function<void(std::string)> tell_loss_;
    // Failures in a row, short lives among them: only its own thread asks.
    int failures_ = 0;
    clock::time_point failing_since_, up_since_;
    std::thread thread_; // last: it uses all of this
};

} // namespace switchboard::store
