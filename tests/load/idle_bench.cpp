// What the server costs when nothing happens, and how soon it is there.
#include "support/bench_center.hpp"
#include "support/http_client.hpp"

#include "load/bench_socket.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <thread>
#include <vector>

namespace asio = boost::asio;
using namespace switchboard;
using steady = std::chrono::steady_clock;

namespace {

constexpr int sockets = 1000;

/// From exec to the first 200 of /readyz.
double ready_after(const test::bench_center& center) {
    const auto begin = steady::now();
    const test::spawned_server server{{"serve"}, center.environment()};
    while (test::send_request(server.port(), "GET", "/readyz").status != 200)
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    return std::chrono::duration<double, std::milli>(steady::now() - begin).count();
}

} // namespace

int main() {
    const test::bench_center center;
    std::vector<std::string> sessions;
    for (const auto id : center.add_agents(12, false))
        for (int i = 0; i <= sockets / 12; ++i) sessions.push_back(center.session_of(id));
    for (int i = 0; i < 3; ++i)
        fmt::print("ready {:.0f} ms after exec on a migrated database; load of the machine {}\n", ready_after(center),
                   test::machine_load());

    const test::spawned_server server{{"serve"}, center.environment()};
    while (test::send_request(server.port(), "GET", "/readyz").status != 200) {
    }
    std::this_thread::sleep_for(std::chrono::seconds{2});
    const auto idle = server.memory_kb();

    asio::io_context io{1};
    std::vector<std::unique_ptr<test::agent_socket>> open;
    const auto cpu = test::cpu_seconds(server.pid());
    asio::co_spawn(
        io,
        [&]() -> asio::awaitable<void> {
            for (int i = 0; i < sockets; ++i)
                open.push_back(std::make_unique<test::agent_socket>(
                    co_await test::open_live(server.port(), sessions.at(static_cast<std::size_t>(i)))));
        },
        [](std::exception_ptr e) {
            if (e) std::rethrow_exception(e);
        });
    io.run();
    const auto opened = test::cpu_seconds(server.pid()) - cpu;
    std::this_thread::sleep_for(std::chrono::seconds{7}); // a heartbeat has gone to each
    const auto busy = server.memory_kb();
    fmt::print("idle server: {:.1f} MB resident\n{} agents' sockets: {:.1f} MB more ({:.1f} KB each); {:.2f} ms CPU to "
               "open one\n",
               static_cast<double>(idle) / 1024, sockets, static_cast<double>(busy - idle) / 1024,
               static_cast<double>(busy - idle) / sockets, opened / sockets * 1000);
}
