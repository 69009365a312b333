#pragma once

#include <switchboard/store/database_options.hpp>

#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

#include <pqxx/pqxx>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <type_traits>
#include <vector>

namespace switchboard::store {

/// A connection with our settings, outside of any pool (migrations, tools). Throws `unavailable`.
std::unique_ptr<pqxx::connection> connect(const std::string& url, const database_options& options = {});

/// `url` (URI or "key=value …") with our settings added where it does not name them itself.
std::string connection_string(const std::string& url, const database_options& options);

/// SQLSTATEs that say nothing of the statement, but that the server cannot serve it now.
bool means_unavailable(const std::string& sqlstate);

class connection_pool {
public:
    connection_pool(std::string url, database_options options);

    struct give_back {
        void operator()(connection_pool* pool) const { --pool->pending_; }
    };
    /// A place in the queue of jobs. Throws `overloaded` when there is none.
    using place = std::unique_ptr<connection_pool, give_back>;
    place enter();

    /// Runs fn(connection) on this thread with a connection that is alive; maps what means "no database" to
    /// `unavailable`.
    template <class F>
    auto with_connection(F& fn) -> std::invoke_result_t<F&, pqxx::connection&> {
        lease mine{*this};
        try {
            return fn(*mine.connection);
        } catch (...) {
            mine.rethrow();
        }
    }

    boost::asio::thread_pool& threads() { return threads_; }
    /// One of a few lines in which searches wait for one another, in turn.
    using line = boost::asio::strand<boost::asio::thread_pool::executor_type>;
    const line& next_search() { return searches_[next_search_++ % searches_.size()]; }
    std::size_t pending() const { return pending_; }

private:
    using clock = std::chrono::steady_clock;

    /// PostgreSQL keeps plans that it made while a table was nearly empty until it counts the rows anew, and reads all
    /// of the grown table with them. So they are made anew after a second, two, four … as tables grow.
    struct planned {
        std::unique_ptr<pqxx::connection> connection;
        clock::time_point again_at{};
        std::chrono::seconds pause{1};

        void renew();
    };

    // As many connections as threads, so a lease never waits.
    struct lease {
        explicit lease(connection_pool& pool);
        ~lease();
        void open();
        [[noreturn]] void rethrow();

        connection_pool& pool;
        planned mine;
        std::unique_ptr<pqxx::connection>& connection = mine.connection;
    };

    std::string url_;
    database_options options_;
    std::atomic<std::size_t> pending_ = 0;
    std::mutex mutex_;
    std::vector<planned> idle_; // last in, first out: the warmest is used again
    boost::asio::thread_pool threads_;
    std::vector<line> searches_;
    std::atomic<std::size_t> next_search_ = 0;
};

} // namespace switchboard::store
