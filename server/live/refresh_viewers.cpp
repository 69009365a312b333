#include <switchboard/live/refresh_viewers.hpp>

#include <switchboard/live/hub.hpp>
#include <switchboard/store/agents.hpp>
#include <switchboard/store/users.hpp>

namespace switchboard::live {

boost::asio::awaitable<void> refresh_viewers(hub& of, store::users& users, store::agents& agents) {
    for (const auto id : of.people()) {
        const auto person = co_await users.get(id);
        if (!person || !person->active) continue; // his feeds end with his sessions
        viewer who{id, person->role, {}};
        if (who.role == role::agent)
            if (const auto agent = co_await agents.get(id))
                for (const auto& membership : agent->queues) who.queues.insert(membership.queue_id);
        of.set_viewer(who);
    }
}

} // namespace switchboard::live
