#pragma once

#include <switchboard/model/authority.hpp>
#include <switchboard/model/event.hpp>
#include <switchboard/model/viewer.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace switchboard::store {
class event_log;
}

namespace switchboard::live {

/// One text frame, serialised once and shared by all who get it.
using frame = std::shared_ptr<const std::string>;

/// Where a subscriber's frames go. `send` answers false when the subscriber is too slow and was cut off; `room` is how
/// many frames fit now.
struct sink {
    std::function<bool(frame)> send;
    std::function<std::size_t()> room;
    std::function<void(int code, std::string reason)> close;
};

using subscriber_id = std::uint64_t;

/// The one way to a subscriber: the tail of the event log, read once per bell, each event serialised once and pushed to
/// whoever may see it. Lives on the io thread.
class hub {
public:
    /// `follow` is given every event of the log, in order: for the rooms of this process (routing, delivery, chat).
    /// `unrung`: how long it waits for a bell before it looks by itself, since a bell can be lost.
    hub(boost::asio::any_io_executor executor, store::event_log& log,
        std::function<void(std::span<const event>)> follow, std::chrono::milliseconds unrung = std::chrono::seconds{1});
    ~hub();
    hub(const hub&) = delete;
    hub& operator=(const hub&) = delete;

    /// Takes its place at the end of the log: what is committed from here on, its rooms and subscribers are told. So it
    /// stands before whatever they read by themselves. Call once, before run() and before anybody subscribes.
    boost::asio::awaitable<void> begin();
    /// Reads on until stop(). Call once.
    boost::asio::awaitable<void> run();
    void stop();

    /// The bell: something was committed. Cheap, any number of times.
    void wake();

    /// The subscriber gets nothing until hello(), and nothing more when its authority ends.
    subscriber_id subscribe(viewer who, authority by, sink to);
    void unsubscribe(subscriber_id id);

    /// Sends the welcome, then everything after `after` that the viewer may see, then what comes. Without `after`:
    /// only what comes. A cursor from before the log's beginning or from its future gets {"type":"resync"} first.
    void hello(subscriber_id id, std::optional<cursor> after);

    /// The people who listen.
    std::set<std::int64_t> people() const;
    /// What a user may see has changed.
    void set_viewer(const viewer& who);

    /// The sessions and tokens that subscribers were opened with, each once.
    std::vector<authority> authorities() const;
    /// A session or token has ended: closes what was opened with it with 4401.
    void end(const authority& by);

    /// `frame` makes what every subscriber gets as soon as it has caught up with the log. Set before anybody
    /// subscribes.
    void greet(std::function<std::string(const viewer&)> frame);

    /// Pushes a frame that is in no log (typing) to whoever may see the event that it is made of.
    void ephemeral(const event& e);

    std::size_t subscribers() const;
    cursor position() const;

private:
    struct state;
    std::shared_ptr<state> state_;
};

/// The frame of an event: {"cursor","type","at","ticket_id","data"}; without a cursor for what is in no log, without a
/// ticket for what is of none.
std::string to_frame(const event& e);

} // namespace switchboard::live
