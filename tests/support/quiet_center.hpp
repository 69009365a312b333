#pragma once

#include "support/test_cluster.hpp"

#include "store/run.hpp"

#include <switchboard/desk/desk.hpp>
#include <switchboard/store/routing.hpp>
#include <switchboard/store/users.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace switchboard::test {

/// A center without a server: rows, and the store's methods over several connections. The test is the leader.
class quiet_center {
public:
    explicit quiet_center(std::size_t connections = 8);

    /// Ready for e-mails and calls; a member of both queues.
    std::int64_t agent(const std::string& name, int emails = 5, int calls = 2) const;
    std::int64_t supervisor() const;
    /// What a user may see and do.
    viewer eyes(std::int64_t user);
    /// Waiting in a queue, with somebody to answer. Its row's version is 1.
    std::int64_t ticket(const std::string& channel = "email") const;
    store::routing_write offer(std::int64_t ticket, std::int64_t agent, bool alone = true) const;
    store::routing_write end(std::int64_t ticket, std::int64_t agent) const;
    store::routing_write of(store::routing_write::kind what, std::int64_t ticket, std::int64_t agent) const;

    /// The first value of the first row; "" when there is none.
    std::string sql(const std::string& text) const;
    std::int64_t number(const std::string& text) const { return std::stoll(sql(text)); }

    /// Loads that are not what the open offers say, in words; "" if all are.
    std::string wrong_loads() const;

    /// What it comes to, on this thread.
    template <class T>
    T now(boost::asio::awaitable<T> work) const {
        boost::asio::io_context io;
        auto done = boost::asio::co_spawn(io, std::move(work), boost::asio::use_future);
        io.run();
        return done.get();
    }
    /// Commits until nobody holds what the writes need: which of them were made true.
    std::vector<bool> commit(std::vector<store::routing_write> writes);

    fresh_database database;
    store::database db;
    switchboard::desk::desk desk{db};
    store::routing routing{db};
    std::int64_t queue = 0, other_queue = 0, epoch = 0;
};

} // namespace switchboard::test
