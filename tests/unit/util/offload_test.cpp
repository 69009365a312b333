#include <switchboard/util/offload.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace switchboard {
namespace {

namespace asio = boost::asio;

void run(asio::awaitable<void> task) {
    asio::io_context io;
    std::exception_ptr failure;
    asio::co_spawn(io, std::move(task), [&](std::exception_ptr e) { failure = e; });
    io.run();
    if (failure) std::rethrow_exception(failure);
}

asio::awaitable<void> works_elsewhere_and_comes_home(offload_pool& pool) {
    const auto home = std::this_thread::get_id();
    auto owned = std::make_unique<std::string>("a text long enough to live on the heap, not in the object");
    const auto [thread, text] =
        co_await offload(pool, [owned = std::move(owned)] { return std::pair{std::this_thread::get_id(), *owned}; });
    EXPECT_NE(thread, home);
    EXPECT_EQ(std::this_thread::get_id(), home);
    EXPECT_EQ(text.substr(0, 6), "a text");

    bool ran = false;
    co_await offload(pool, [&ran] { ran = true; });
    EXPECT_TRUE(ran);
    EXPECT_EQ(pool.pending(), 0U);
}

TEST(offload, works_elsewhere_and_comes_home) {
    offload_pool pool{2, 10};
    run(works_elsewhere_and_comes_home(pool));
}

asio::awaitable<void> throws(offload_pool& pool) {
    co_await offload(pool, []() -> int { throw std::runtime_error("from the job"); });
}

TEST(offload, brings_the_exception_back) {
    offload_pool pool{1, 10};
    EXPECT_THROW(run(throws(pool)), std::runtime_error);
    EXPECT_EQ(pool.pending(), 0U);
}

asio::awaitable<void> refuses_past_the_bound(offload_pool& pool) {
    std::promise<void> gate;
    auto open = gate.get_future().share();
    std::vector<asio::awaitable<void>> waiting;
    const auto executor = co_await asio::this_coro::executor;
    int done = 0;
    for (int i = 0; i < 3; ++i)
        asio::co_spawn(executor, offload(pool, [open] { open.wait(); }), [&done](std::exception_ptr) { ++done; });
    EXPECT_THROW(co_await offload(pool, [] {}), overloaded);
    EXPECT_EQ(pool.pending(), 3U);
    gate.set_value();
    while (done < 3) co_await asio::post(executor, asio::use_awaitable);
    co_await offload(pool, [] {});
}

TEST(offload, refuses_past_the_bound_and_recovers) {
    offload_pool pool{1, 3};
    run(refuses_past_the_bound(pool));
}

TEST(offload, runs_what_is_pending_before_it_goes) {
    int ran = 0;
    asio::io_context io;
    {
        offload_pool pool{1, 100};
        for (int i = 0; i < 50; ++i) asio::co_spawn(io, offload(pool, [&ran] { ++ran; }), [](std::exception_ptr) {});
        io.poll();
    }
    EXPECT_EQ(ran, 50);
}

} // namespace
} // namespace switchboard
