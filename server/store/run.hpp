#pragma once

#include "store/connection_pool.hpp"

#include <switchboard/store/database.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace switchboard::store {

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
