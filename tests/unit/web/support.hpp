#pragma once

#include <switchboard/web/server.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace switchboard::web::test {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr std::size_t small_limit = 1000;     // of every path
constexpr std::size_t large_limit = 8u << 20; // of paths that begin with /large

/// Timeouts that no healthy test meets; a test of a timeout shortens its own.
server_options patient();

/// A real server on a loopback port, on its own thread. What it answers:
///   /echo, /large…: the body    /throw: throws    /hold: answers once release() was called
///   /pieces: 30, 20 and 10 bytes; /pieces/that-break: 30 and 20, and then trouble
///   /big: 4 MB    /inject: a header with a line break    anything else: {"method", "path"} of the request
/// Every upgrade is let in, except at /closed: 403. Whoever sends "X-Known: yes" is known; /members is for them only.
class running_server {
public:
    explicit running_server(server_options options = patient());
    ~running_server();

    std::uint16_t port() const { return port_; }
    int handled() const { return handled_; } // requests that reached the handler
    /// Runs `f` on the server's thread and gives back what it returns.
    template <class F>
    auto on_io(F f) {
        std::packaged_task<decltype(f())()> task(std::move(f));
        auto result = task.get_future();
        asio::post(io_, [task = std::move(task)]() mutable { task(); });
        return result.get();
    }

    server_counts counts() {
        return on_io([&] { return server_->counts(); });
    }
    request last() {
        return on_io([&] { return last_; });
    }

    /// Waits until as many connections are open on the server.
    void wait_for_connections(std::size_t count);
    std::future<void> stop(std::chrono::milliseconds grace);
    void wait_until_held(); // a request is inside /hold
    void release();

    /// The WebSocket that was accepted last; waits for one.
    std::shared_ptr<websocket> accepted();
    std::string last_message(); // waits for one
    void wait_until_closed();   // on_close was called

private:
    asio::awaitable<response> answer(request r);
    asio::awaitable<upgrade> admit(request r);

    asio::io_context io_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
    std::unique_ptr<server> server_;
    asio::steady_timer gate_{io_};
    std::uint16_t port_ = 0;
    std::atomic<int> handled_{0};
    request last_;
    std::promise<void> held_, closed_;
    std::promise<std::string> message_;
    std::promise<std::shared_ptr<websocket>> accepted_;
    std::thread thread_;
};

struct answer {
    int status = 0;                             // 0: the connection ended without an answer
    std::map<std::string, std::string> headers; // lower-case names
    std::string body;
};

/// A client that sends exactly the bytes that it is told to.
class peer {
public:
    explicit peer(std::uint16_t port);
    peer& send(std::string_view bytes);
    std::string read_some(); // empty at the end of the stream
    std::string read_to_end();
    answer read_answer(bool to_head = false);
    void close();
    asio::ip::tcp::socket& socket() { return socket_; }

private:
    asio::io_context io_;
    asio::ip::tcp::socket socket_{io_};
    std::string unread_;
};

/// One request on a new connection.
answer ask(std::uint16_t port, std::string_view bytes);

} // namespace switchboard::web::test
