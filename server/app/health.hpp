#pragma once

#include <switchboard/store/migrate.hpp>

#include <boost/asio/awaitable.hpp>

#include <string>
#include <vector>

namespace switchboard::routing {
class dispatcher;
}
namespace switchboard::store {
class cluster;
class database;
} // namespace switchboard::store

namespace switchboard::app {

class clock_watch;
class storage_watch;

/// What /readyz says.
struct readiness {
    bool ready = false;
    std::string database, migrations; // "ok", or what is wrong
    std::string routing;              // "leading", "following", or that nobody leads
    std::string storage = "ok";       // or that nothing new is taken in for want of room
    std::string clock = "ok";         // or how this machine's differs, which stops nothing
};

/// Whether this node can work, and what is wrong with it.
class health {
public:
    /// `own`: the private PostgreSQL; null = it is somebody else's.
    health(store::database& database, const store::cluster* own, const routing::dispatcher& dispatcher,
           const storage_watch& storage, const clock_watch& clocks);

    boost::asio::awaitable<readiness> ready();
    /// The same in words for admins; none = nothing is wrong.
    boost::asio::awaitable<std::vector<std::string>> troubles();

    /// From now on it is not ready.
    void stop() { stopping_ = true; }

private:
    store::database& database_;
    const store::cluster* own_;
    const routing::dispatcher& dispatcher_;
    const storage_watch& storage_;
    const clock_watch& clocks_;
    const std::vector<store::migration> known_migrations_;
    bool stopping_ = false;
};

} // namespace switchboard::app
