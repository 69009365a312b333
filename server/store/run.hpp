#pragma once

#include <switchboard/store/database.hpp>

#include <boost/asio/thread_pool.hpp>

#include <pqxx/pqxx>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
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
};

/// Runs fn(pqxx::connection&) on a database thread; its result or exception comes back on the caller's executor.
/// Throws `overloaded` at once when too many wait. Not a coroutine: what it is given is moved into the job. A store
/// method is an ordinary function that returns this awaitable. The result type must be default-constructible. fn makes
/// its own transaction (`pqxx::work tx{c}; … tx.commit();`) and copies what it read before it returns.
template <class F>
boost::asio::awaitable<std::invoke_result_t<F&, pqxx::connection&>> run(database& db, F fn) {
    namespace asio = boost::asio;
    using outcome = switchboard::detail::job_outcome<std::invoke_result_t<F&, pqxx::connection&>>;
    auto& pool = db.pool();
    return asio::async_initiate<const asio::use_awaitable_t<>, typename outcome::signature>(
        [&pool](auto handler, connection_pool::place mine, F f) {
            auto work = asio::make_work_guard(handler);
            asio::post(pool.threads(), [&pool, h = std::move(handler), work, place = std::move(mine),
                                        job = std::move(f)]() mutable {
                outcome result;
                try {
                    auto bound = [&] { return pool.with_connection(job); };
                    result.run(bound);
                } catch (...) {
                    result.error = std::current_exception();
                }
                place.reset();
                const auto home = work.get_executor();
                asio::post(home, [h = std::move(h), result = std::move(result)]() mutable { result.deliver(h); });
            });
        },
        asio::use_awaitable, pool.enter(), std::move(fn));
}

} // namespace switchboard::store
