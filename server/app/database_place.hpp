#pragma once

#include <switchboard/store/cluster.hpp>
#include <switchboard/util/config.hpp>

#include <memory>
#include <string>

namespace switchboard::app {

/// Where the data is: the PostgreSQL of database.url, or the private one in database.folder, which is started with this
/// object and stopped with it.
class database_place {
public:
    /// `join`: use the private PostgreSQL of a server that is running in the same folder instead of refusing. For the
    /// commands that are used beside a server.
    explicit database_place(const config& c, bool join = false);

    const std::string& url() const { return url_; }
    /// The private PostgreSQL that this process runs; null = it runs none.
    store::cluster* own() const { return own_.get(); }

private:
    std::unique_ptr<store::cluster> own_;
    std::string url_;
};

} // namespace switchboard::app
