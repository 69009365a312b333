#pragma once

#include <switchboard/store/attendance.hpp>
#include <switchboard/util/work_loop.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace switchboard::live {

/// Tells the database whose sockets are open on this node, and each second that this node lives: one write for all who
/// came and went since the one before, so that a thousand who come back at once are few writes. Then looks who has been
/// gone for long. On every node. Lives on the io thread.
class attendance {
public:
    attendance(boost::asio::any_io_executor executor, store::database& db, store::absence_rule of_owners,
               std::chrono::seconds absent_after, std::function<void()> bell);

    /// A socket of this session is open for as long as this is kept.
    std::shared_ptr<void> enter(store::open_session who);

    /// Until stop(), when everybody has left this node. Call once.
    boost::asio::awaitable<void> run();
    void stop() { loop_.stop(); }

private:
    boost::asio::awaitable<std::optional<timestamp>> work_off();

    store::attendance rows_;
    const std::chrono::seconds absent_after_;
    std::function<void()> bell_; // rung when events were written
    work_loop loop_;
    const std::string node_;
    std::chrono::steady_clock::time_point looked_at_{}; // when absent agents were looked for last
    std::shared_ptr<std::map<store::open_session, int>> open_ =
        std::make_shared<std::map<store::open_session, int>>(); // how many sockets each has here
    std::set<store::open_session> noted_;                       // the sessions that the database has noted
};

} // namespace switchboard::live
