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

    /// A place in the queue, given back when it is destroyed. Throws `overloaded` when there is none.
    struct give_back {
        void operator()(offload_pool* pool) const { --pool->pending_; }
    };
    using place = std::unique_ptr<offload_pool, give_back>;
    place enter();

    boost::asio::thread_pool& threads() { return threads_; }

private:
    std::size_t max_pending_;
    std::atomic<std::size_t> pending_ = 0;
    boost::asio::thread_pool threads_;
};

namespace detail {

/// What a job came to: the arguments of its completion handler.
template <class R>
struct job_outcome {
    using signature = void(std::exception_ptr, R);
    std::exception_ptr error;
    R value{};

    void run(auto& job) { value = job(); }
    void deliver(auto& handler) { std::move(handler)(error, std::move(value)); }
};

template <>
struct job_outcome<void> {
    using signature = void(std::exception_ptr);
    std::exception_ptr error;

    void run(auto& job) { job(); }
    void deliver(auto& handler) { std::move(handler)(error); }
};

} // namespace detail

/// Runs `fn()` on a thread of the pool; its result or exception comes back on the caller's executor.
/// Throws `overloaded` at once when the pool is full. An ordinary function that returns the awaitable: what it is given
/// is moved into the job, so nothing of the caller's must outlive the call but what `fn` refers to.
/// The result type must be default-constructible.
template <class F>
boost::asio::awaitable<std::invoke_result_t<F&>> offload(offload_pool& pool, F fn) {
    namespace asio = boost::asio;
    using outcome = detail::job_outcome<std::invoke_result_t<F&>>;
    auto& threads = pool.threads();
    return asio::async_initiate<const asio::use_awaitable_t<>, typename outcome::signature>(
        [&threads](auto handler, offload_pool::place mine, F f) {
            auto work = asio::make_work_guard(handler);
            asio::post(threads, [h = std::move(handler), work, place = std::move(mine), job = std::move(f)]() mutable {
                outcome result;
                try {
                    result.run(job);
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

} // namespace switchboard
