#pragma once

#include "store/connection_pool.hpp"

#include <switchboard/store/database.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace switchboard::store {

namespace detail {
template <class Executor, class F>
boost::asio::awaitable<std::invoke_result_t<F&, pqxx::connection&>> run_on(Executor where, connection_pool& pool,
                                                                           F fn) {
    namespace asio = boost::asio;
    using outcome = switchboard::detail::job_outcome<std::invoke_result_t<F&, pqxx::connection&>>;
    return asio::async_initiate<const asio::use_awaitable_t<>, typename outcome::signature>(
        [where, &pool](auto handler, connection_pool::place mine, F f) {
            auto work = asio::make_work_guard(handler);
            asio::post(
                where, [&pool, h = std::move(handler), work, place = std::move(mine), job = std::move(f)]() mutable {
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
} // namespace detail

/// Runs fn(pqxx::connection&) on a database thread; its result or exception comes back on the caller's executor.
/// Throws `overloaded` at once when too many wait. Not a coroutine: what it is given is moved into the job. A store
/// method is an ordinary function that returns this awaitable. The result type must be default-constructible. fn makes
/// its own transaction (`pqxx::work tx{c}; … tx.commit();`) and copies what it read before it returns.
template <class F>
boost::asio::awaitable<std::invoke_result_t<F&, pqxx::connection&>> run(database& db, F fn) {
    return detail::run_on(db.pool().threads().get_executor(), db.pool(), std::move(fn));
}

/// The same for a search, which may take long: a third of the connections at most are busy with these at once, so that
/// the work of everybody else goes on however many are asked.
template <class F>
boost::asio::awaitable<std::invoke_result_t<F&, pqxx::connection&>> run_search(database& db, F fn) {
    return detail::run_on(db.pool().next_search(), db.pool(), std::move(fn));
}

} // namespace switchboard::store
