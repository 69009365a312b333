#pragma once

#include <switchboard/util/offload.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>

namespace switchboard::store {

/// Too many jobs wait for a connection. The answer to a request is 503 with Retry-After.
using switchboard::overloaded;

/// PostgreSQL cannot be reached, went away, or gave up on a statement. Nothing is known of a commit that was under way:
/// repeats are harmless. The answer to a request is 503 with Retry-After.
class unavailable : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct database_options {
    std::size_t connections = 8;
    std::size_t max_waiting = 20'000; // jobs that wait or run; past it: overloaded
    std::chrono::seconds statement_timeout{30};
    std::chrono::seconds connect_timeout{5};
    std::string application_name = "switchboard";
};

class connection_pool;

/// Threads with one PostgreSQL connection each. Connections are opened by the first job that needs one and opened anew
/// when they break. What runs on them is private to this room (store/run.hpp); other rooms only pass the object on.
class database {
public:
    explicit database(std::string url, database_options options = {});
    ~database(); // join()
    database(const database&) = delete;
    database& operator=(const database&) = delete;

    /// Runs what was given, then ends the threads. Nothing may be given afterwards.
    void join();

    /// Jobs waiting or running.
    std::size_t pending() const;

    connection_pool& pool() { return *pool_; }

private:
    std::unique_ptr<connection_pool> pool_;
};

} // namespace switchboard::store
