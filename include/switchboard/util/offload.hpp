#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <exception>
#include <memory>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace switchboard {

/// Too much work is waiting already. The answer to a request is 503 with Retry-After.
class overloaded : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// A few threads for what burns CPU (MIME, TIFF, password hashes), so that the io thread never waits for it.
class offload_pool {
public:
    /// `max_pending` counts jobs waiting and running together.
    offload_pool(std::size_t threads, std::size_t max_pending);
    ~offload_pool(); // runs what is pending, then joins

    std::size_t pending() const { return pending_; }

    /// Runs what is pending, then joins. Nothing may be given to the pool afterwards.
    void join();

private:
    template <class F> friend boost::asio::awaitable<std::invoke_result_t<F&>> offload(offload_pool&, F);

    void enter(); // throws overloaded
    void leave() { --pending_; }

    std::size_t max_pending_;
    std::atomic<std::size_t> pending_ = 0;
    boost::asio::thread_pool threads_;
};

/// Runs `fn()` on a thread of the pool; its result or exception comes back on the caller's executor.
/// Throws `overloaded` at once when the pool is full. An ordinary function that returns the awaitable: what it is given
/// is moved into the job, so nothing of the caller's must outlive the call but what `fn` refers to.
/// The result type must be default-constructible.
template <class F> boost::asio::awaitable<std::invoke_result_t<F&>> offload(offload_pool& pool, F fn) {
    namespace asio = boost::asio;
    using result = std::invoke_result_t<F&>;
    pool.enter();
    if constexpr (std::is_void_v<result>) {
        return asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr)>(
            [](auto handler, offload_pool* p, F job) {
                auto work = asio::make_work_guard(handler);
                asio::post(p->threads_, [p, h = std::move(handler), work, job = std::move(job)]() mutable {
                    std::exception_ptr error;
                    try {
                        job();
                    } catch (...) {
                        error = std::current_exception();
                    }
                    p->leave();
                    const auto back = work.get_executor();
                    asio::post(back, [h = std::move(h), error]() mutable { std::move(h)(error); });
                });
            },
            asio::use_awaitable, &pool, std::move(fn));
    } else {
        return asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr, result)>(
            [](auto handler, offload_pool* p, F job) {
                auto work = asio::make_work_guard(handler);
                asio::post(p->threads_, [p, h = std::move(handler), work, job = std::move(job)]() mutable {
                    std::exception_ptr error;
                    result out{};
                    try {
                        out = job();
                    } catch (...) {
                        error = std::current_exception();
                    }
                    p->leave();
                    const auto back = work.get_executor();
                    asio::post(back, [h = std::move(h), error, out = std::move(out)]() mutable {
                        std::move(h)(error, std::move(out));
                    });
                });
            },
            asio::use_awaitable, &pool, std::move(fn));
    }
}

} // namespace switchboard
