#pragma once

#include <switchboard/store/cluster_patience.hpp>

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace switchboard::store {

class cluster_keeper;

/// A PostgreSQL of our own, reached by a unix socket that only its owner may enter: made when the folder is empty,
/// started with the object, started again whenever it ends, and stopped with the object. It never runs as root: started
/// by root, it runs as user `postgres`.
///
/// It belongs to one process at a time, by a lock in the folder. When its owner is killed it shuts itself down, and
/// what is still there at the next start is waited for or stopped first.
class cluster {
public:
    /// Starts and waits until connections are accepted and database `switchboard` exists. Throws cluster_error.
    /// Where the service user cannot reach `folder`, that becomes a link to a folder below /var/lib/switchboard.
    explicit cluster(const std::filesystem::path& folder, cluster_patience patience = {});
    ~cluster(); // stop()
    cluster(const cluster&) = delete;
    cluster& operator=(const cluster&) = delete;

    /// Fast shutdown: open transactions are rolled back, a checkpoint is written. Returns when it is done.
    void stop();

    /// False after stop(), and while it is being started again.
    bool running() const;

    /// What is wrong, for people; empty = it runs. From any thread, as the next ones.
    std::string trouble() const;
    /// What its disk has left for it, as of a second ago.
    std::uint64_t free_bytes() const;
    /// How often it had to be started again.
    std::uint64_t restarts() const;
    /// Told why, from a thread of its own, when it is given up for good.
    void when_lost(std::function<void(std::string)> tell);

    /// postgresql:///switchboard?… for libpq.
    std::string url(std::string_view database = "switchboard") const;

    /// Where everything really is: `data/`, `postgres.log`, `lock`.
    const std::filesystem::path& folder() const { return folder_; }
    pid_t pid() const;

private:
    void lock();
    void initialise();
    void write_settings() const;
    void make_database() const;

    std::filesystem::path folder_, data_, programs_, socket_folder_;
    uid_t uid_ = 0;
    gid_t gid_ = 0;
    int lock_ = -1;
    std::unique_ptr<cluster_keeper> keeper_;
};

} // namespace switchboard::store
