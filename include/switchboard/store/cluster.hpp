#pragma once

#include <sys/types.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace switchboard::store {

/// The cluster cannot be had; the message says why and what to do.
class cluster_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// A PostgreSQL of our own, reached by a unix socket that only its owner may enter: made when the folder is empty,
/// started with the object and stopped with it. It never runs as root: started by root, it runs as user `postgres`.
///
/// It belongs to one process at a time, by a lock in the folder. When its owner is killed it shuts itself down, and
/// what is still there at the next start is waited for or stopped first.
class cluster {
public:
    /// Starts and waits until connections are accepted and database `switchboard` exists. Throws cluster_error.
    /// Where the service user cannot reach `folder`, that becomes a link to a folder below /var/lib/switchboard.
    /// Call it on a thread that lives as long as the cluster (the main thread): the kernel ties the two together.
    explicit cluster(const std::filesystem::path& folder);
    ~cluster(); // stop()
    cluster(const cluster&) = delete;
    cluster& operator=(const cluster&) = delete;

    /// Fast shutdown: open transactions are rolled back, a checkpoint is written. Returns when it is done.
    void stop();

    /// False after stop(), and when PostgreSQL has gone by itself.
    bool running();

    /// postgresql:///switchboard?… for libpq.
    std::string url(std::string_view database = "switchboard") const;

    /// Where everything really is: `data/`, `postgres.log`, `lock`.
    const std::filesystem::path& folder() const { return folder_; }
    pid_t pid() const { return pid_; }

private:
    void lock();
    void initialise();
    void write_settings() const;
    void launch();
    void wait_until_ready();
    void make_database() const;

    std::filesystem::path folder_, data_, programs_, socket_folder_;
    uid_t uid_ = 0;
    gid_t gid_ = 0;
    int lock_ = -1;
    pid_t pid_ = -1;
};

} // namespace switchboard::store
