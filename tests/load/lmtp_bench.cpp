// Durable contacts per second through LMTP beside the same through HTTP, in turns, on one server.
// [contacts a run (20000)] [clients (64)]
#include "support/bench_center.hpp"
#include "support/mail_client.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

namespace asio = boost::asio;
using namespace switchboard;
using asio::ip::tcp;
using steady = std::chrono::steady_clock;

namespace {

struct flood {
    std::uint16_t port = 0;
    std::string run{}; // makes the mails of each run new
    int next = 0, total = 0;
    std::vector<double> ms{};
    std::string letter = test::bench_letter();
};

std::string mail(const flood& f, int i) {
    return fmt::format("From: Customer {0} <c{0}.{1}@bench.example>\r\nTo: Help <help@shop.example>\r\n"
                       "Subject: A question about my order\r\nDate: Sat, 21 Nov 2026 12:00:00 +0000\r\n"
                       "Message-ID: <{0}.{1}@bench.example>\r\nMIME-Version: 1.0\r\n"
                       "Content-Type: text/plain; charset=utf-8\r\n\r\n{2}\r\n",
                       i, f.run, f.letter);
}

/// Sends, and reads to the line that begins with `wanted`.
asio::awaitable<void> say(tcp::socket& socket, std::string& unread, std::string text, std::string wanted) {
    co_await asio::async_write(socket, asio::buffer(text), asio::use_awaitable);
    for (;;) {
        const auto n =
            co_await asio::async_read_until(socket, asio::dynamic_buffer(unread), "\r\n", asio::use_awaitable);
        const auto line = unread.substr(0, n);
        unread.erase(0, n);
        if (line.starts_with(wanted)) co_return;
        if (line.starts_with("4") || line.starts_with("5") || line.starts_with("HTTP")) throw std::runtime_error{line};
    }
}

/// As Postfix does: MAIL, RCPT and DATA at once, then the mail.
asio::awaitable<void> by_lmtp(flood& f) {
    tcp::socket socket{co_await asio::this_coro::executor};
    co_await socket.async_connect({asio::ip::address_v4::loopback(), f.port}, asio::use_awaitable);
    socket.set_option(tcp::no_delay{true});
    std::string unread;
    co_await say(socket, unread, "LHLO bench\r\n", "250 ");
    while (f.next < f.total) {
        const auto text = mail(f, f.next++) + ".\r\n"; // no line of it begins with a dot
        const auto begin = steady::now();
        co_await say(
            socket, unread,
            fmt::format("MAIL FROM:<c@bench.example> SIZE={}\r\nRCPT TO:<help@shop.example>\r\nDATA\r\n", text.size()),
            "354 ");
        co_await say(socket, unread, text, "250 ");
        f.ms.push_back(std::chrono::duration<double, std::milli>(steady::now() - begin).count());
    }
}

asio::awaitable<void> by_http(flood& f) {
    tcp::socket socket{co_await asio::this_coro::executor};
    co_await socket.async_connect({asio::ip::address_v4::loopback(), f.port}, asio::use_awaitable);
    socket.set_option(tcp::no_delay{true});
    std::string answer(4096, '\0');
    while (f.next < f.total) {
        const auto body = mail(f, f.next++);
        const auto text =
            fmt::format("POST /api/v1/intake/{} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n"
                        "Content-Type: message/rfc822\r\nContent-Length: {}\r\n\r\n{}",
                        test::bench_center::gateway, test::bench_center::token, body.size(), body);
        const auto begin = steady::now();
        co_await asio::async_write(socket, asio::buffer(text), asio::use_awaitable);
        const auto n = co_await socket.async_read_some(asio::buffer(answer), asio::use_awaitable); // small: one read
        if (!answer.starts_with("HTTP/1.1 201 ")) throw std::runtime_error{answer.substr(0, n)};
        f.ms.push_back(std::chrono::duration<double, std::milli>(steady::now() - begin).count());
    }
}

struct figures {
    double per_second = 0, p50 = 0, p99 = 0, server_us = 0;
};

figures run(flood f, const test::spawned_server& server, asio::awaitable<void> (*client)(flood&), int clients) {
    asio::io_context io{1};
    const auto cpu = test::cpu_seconds(server.pid());
    const auto begin = steady::now();
    for (int i = 0; i < clients; ++i)
        asio::co_spawn(io, client(f), [](std::exception_ptr e) {
            if (e) std::rethrow_exception(e);
        });
    io.run();
    const auto seconds = std::chrono::duration<double>(steady::now() - begin).count();
    std::ranges::sort(f.ms);
    return {f.total / seconds, f.ms[f.ms.size() / 2], f.ms[f.ms.size() * 99 / 100],
            (test::cpu_seconds(server.pid()) - cpu) / f.total * 1e6};
}

} // namespace

int main(int argc, char** argv) {
    const int total = argc > 1 ? std::atoi(argv[1]) : 20'000, clients = argc > 2 ? std::atoi(argv[2]) : 64;
    test::bench_center center;
    center.sql("UPDATE gateway SET settings = '{\"own_addresses\": [\"help@shop.example\"]}' RETURNING id");
    const auto port = test::free_port();
    auto settings = center.environment();
    settings["SWITCHBOARD_MAIL_LMTP_LISTEN"] = fmt::format("127.0.0.1:{}", port);
    const test::spawned_server server{{"serve"}, settings};
    run({.port = port, .run = "warm", .total = total / 10}, server, by_lmtp, clients);
    fmt::print("{} clients, mails of 4 KB each from a new customer; fsync on\n{:>4} {:>12} {:>8} {:>8} {:>8} {:>12} "
               "{:>8} {:>8} {:>8} {:>6}  {}\n",
               clients, "run", "LMTP /s", "p50 ms", "p99 ms", "CPU us", "HTTP /s", "p50 ms", "p99 ms", "CPU us",
               "ratio", "load of the machine");
    for (int i = 1; i <= 3; ++i) {
        const auto lmtp = run({.port = port, .run = fmt::format("l{}", i), .total = total}, server, by_lmtp, clients);
        const auto http =
            run({.port = server.port(), .run = fmt::format("h{}", i), .total = total}, server, by_http, clients);
        fmt::print("{:>4} {:>12.0f} {:>8.1f} {:>8.1f} {:>8.0f} {:>12.0f} {:>8.1f} {:>8.1f} {:>8.0f} {:>6.2f}  {}\n", i,
                   lmtp.per_second, lmtp.p50, lmtp.p99, lmtp.server_us, http.per_second, http.p50, http.p99,
                   http.server_us, lmtp.per_second / http.per_second, test::machine_load());
        std::fflush(stdout);
    }
    const auto mails = center.sql("SELECT count(*) FROM contact WHERE external_id LIKE '%@bench.example'");
    if (std::stoi(mails) != total * 6 + total / 10) throw std::runtime_error{"acknowledged, and not there: " + mails};
}
