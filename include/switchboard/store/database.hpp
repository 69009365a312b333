#pragma once

#include <switchboard/store/database_options.hpp>

#include <cstddef>
#include <memory>
#include <string>

namespace switchboard::store {

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
