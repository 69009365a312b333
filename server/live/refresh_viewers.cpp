#include <switchboard/live/refresh_viewers.hpp>

#include <switchboard/live/hub.hpp>
#include <switchboard/store/users.hpp>

namespace switchboard::live {

boost::asio::awaitable<void> refresh_viewers(hub& of, store::users& users) {
    for (const auto id : of.people())
        if (const auto eyes = co_await users.eyes_of(id)) of.set_viewer(*eyes); // else his feeds end with his sessions
}

} // namespace switchboard::live
