#pragma once

#include <switchboard/live/hub.hpp>
#include <switchboard/model/event.hpp>
#include <switchboard/model/viewer.hpp>
#include <switchboard/store/tickets.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace switchboard::live {

/// Where a ticket is, if this viewer may see it now.
using ticket_finder =
    std::function<boost::asio::awaitable<std::optional<store::ticket_place>>(std::int64_t ticket, viewer who)>;

/// Who has which ticket open in this process, and who is writing there, so that two do not answer one customer. Known
/// for as long as the socket that says so; kept nowhere. Told to whoever may see the ticket, as viewer.changed
/// {"ticket_id","agent":{"id","name"},"viewing","writing":"reply"|"note"|null}; who joins is told of all at once:
/// {"type":"viewers","items":[…]}. Lives on the io thread.
class viewers {
public:
    viewers(boost::asio::any_io_executor executor, hub& to, ticket_finder find);
    ~viewers();
    viewers(const viewers&) = delete;
    viewers& operator=(const viewers&) = delete;

    /// One socket of a person's. It views nothing once it is destroyed.
    class seat {
    public:
        virtual ~seat() = default;
        /// Has this ticket open, 0 = none, and writes there: "reply", "note" or nothing. Writing ends by itself when it
        /// is not repeated for ten seconds. A ticket that he may not see is none.
        virtual void look(std::int64_t ticket, std::string writing) = 0;
    };
    std::unique_ptr<seat> enter(viewer who, std::string name);

    /// What the log says: tickets move, and with them who may see them.
    void follow(std::span<const event> events);

    /// What only time changes. To be asked each second.
    void tick();

    std::size_t shown() const; // people on tickets

private:
    struct state;
    class open_seat;
    std::shared_ptr<state> state_;
};

} // namespace switchboard::live
