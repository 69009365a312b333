#pragma once

#include <switchboard/model/event.hpp>
#include <switchboard/outside/smtp.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>

namespace switchboard::store {
class outbox;
}

namespace switchboard::delivery {

/// How long to wait after the n-th failed attempt (from 1); nothing = give up. Some two days in all, which is what
/// senders are asked to try for (RFC 5321 4.5.4.1: four to five days for a relay; an agent should learn of it sooner).
std::optional<std::chrono::seconds> pause_after(int attempts);

/// What to do after an attempt.
struct verdict {
    bool sent = false;
    bool again = false; // try again after pause_after(); otherwise it has failed for good
    std::string error;
};
verdict judge(const outside::smtp_result& result);

struct delivery_figures {
    std::uint64_t sent = 0, retried = 0, failed = 0;
};

/// Sends what is committed to the outbox: claims what is due, tries, settles. On every node; claims keep them apart.
class delivery {
public:
    /// `bell` is rung after each commit of ours.
    delivery(boost::asio::any_io_executor executor, store::outbox& box, outside::smtp_settings smtp,
             std::function<void()> bell);
    ~delivery();
    delivery(const delivery&) = delete;
    delivery& operator=(const delivery&) = delete;

    /// Works until stop(); an attempt under way is finished. Call once.
    boost::asio::awaitable<void> run();
    void stop();

    /// What the log says: a reply, or another try of one, is in the outbox.
    void follow(std::span<const event> events);

    delivery_figures figures() const;

private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace switchboard::delivery
