#pragma once

#include "app/metrics.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace switchboard {
class offload_pool;
}
namespace switchboard::api {
class security_log;
}
namespace switchboard::delivery {
class delivery;
}
namespace switchboard::desk {
class follow_ups;
}
namespace switchboard::imap {
class fetcher;
}
namespace switchboard::intake {
class intake;
}
namespace switchboard::live {
class chat_rooms;
class hub;
} // namespace switchboard::live
namespace switchboard::routing {
class dispatcher;
}
namespace switchboard::store {
class cluster;
class database;
class tickets;
} // namespace switchboard::store
namespace switchboard::web {
class server;
}

namespace switchboard::app {

class clock_watch;
class mail_door;
class storage_watch;
struct stranger_budgets;

/// What is measured.
struct measured {
    const intake::intake& intake;
    const routing::dispatcher& dispatcher;
    const delivery::delivery& delivery;
    const web::server& server;
    const stranger_budgets& strangers;
    const live::chat_rooms& chats;
    const live::hub& hub;
    const mail_door& mail;
    const imap::fetcher& fetcher;
    const store::database& database;
    store::tickets& tickets;
    const desk::follow_ups& follow_ups;
    const offload_pool& offload;
    const offload_pool& passwords;
    const storage_watch& storage;
    const clock_watch& clocks;
    const store::cluster* own; // null = the PostgreSQL is somebody else's
};

/// Reads off what the rooms count.
class measurements {
public:
    explicit measurements(const measured& of) : of_{of} {}

    boost::asio::awaitable<figures> take();

    /// Tells the record of security what the bounds have refused since it was told last.
    void record_bounds(api::security_log& to);

private:
    std::vector<figures::bound> bounds_hit() const;

    const measured of_;
    std::map<std::string, std::uint64_t> recorded_; // by bound
};

} // namespace switchboard::app
