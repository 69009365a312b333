#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>

namespace switchboard::store {

/// Where a PostgreSQL lives, and as whom it runs.
struct postgres_place {
    std::filesystem::path folder; // with its log
    std::filesystem::path data, programs, socket_folder;
    uid_t uid = 0;
    gid_t gid = 0;
};

/// The end of PostgreSQL's log, at most `lines`.
std::string last_words_of(const std::filesystem::path& log, std::size_t lines);

/// PostgreSQL's first process over a data folder. The kernel ties it to the thread that calls start(): when that ends,
/// however suddenly, it shuts itself down.
class postmaster {
public:
    explicit postmaster(postgres_place where) : where_{std::move(where)} {}

    /// Clears away what a killed one left, starts it and waits until it takes connections; a crash is recovered from
    /// first. Returns early when `stopping`. Throws cluster_error with the last words of its log.
    void start(const std::atomic<bool>& stopping);

    /// Fast shutdown: open transactions are rolled back, a checkpoint is written. Returns when it is gone.
    void stop();

    /// Whether it runs; how it ended if it does not. By one thread at a time.
    bool running();
    const std::string& how_it_ended() const { return how_it_ended_; } // "exit status 1", "signal 9"
    pid_t pid() const { return pid_; }

    std::string last_words(std::size_t lines) const;

private:
    void clear_away_orphans() const;
    void launch();
    void wait_until_ready(const std::atomic<bool>& stopping);

    postgres_place where_;
    std::atomic<pid_t> pid_ = -1;
    std::string how_it_ended_;
};

} // namespace switchboard::store
