// From the POST of a mail to the offer on the agent's socket, at a fixed rate. [per second (200)] [seconds (20)]
#include "support/bench_center.hpp"

#include "load/bench_socket.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <map>
#include <memory>
#include <stdexcept>
#include <vector>

namespace asio = boost::asio;
using namespace switchboard;
using steady = std::chrono::steady_clock;

namespace {

constexpr std::size_t agents = 64;

struct measured {
    std::map<std::int64_t, steady::time_point> posted, offered; // by ticket
    std::vector<double> answered_ms;
    std::size_t frames = 0;
};

/// The number behind `"key":` at or after `from`; 0 = none. Reading every frame as JSON would measure us.
std::int64_t number_behind(std::string_view text, std::string_view key, std::size_t from = 0) {
    const auto at = text.find(key, from);
    std::int64_t out = 0;
    if (at != text.npos) std::from_chars(text.data() + at + key.size(), text.data() + text.size(), out);
    return out;
}

asio::awaitable<void> agent(std::uint16_t port, std::string session, std::int64_t self, measured& m, std::size_t& open) {
    auto socket = co_await test::open_live(port, std::move(session));
    ++open;
    boost::beast::flat_buffer frame;
    for (;;) {
        frame.clear();
        co_await socket.async_read(frame, asio::use_awaitable);
        ++m.frames;
        const std::string_view text{static_cast<const char*>(frame.data().data()), frame.size()};
        if (text.find(R"("type":"offer.created")") == text.npos || number_behind(text, R"("agent_id":)") != self) continue;
        m.offered.emplace(number_behind(text, R"("number":")", text.find(R"("ticket":{)")), steady::now());
    }
}

/// Connections that wait for work.
struct sender {
    explicit sender(asio::io_context& io) : socket{io} {}
    asio::ip::tcp::socket socket;
};
using senders = std::deque<std::shared_ptr<sender>>;

asio::awaitable<void> post(asio::io_context& io, std::uint16_t port, senders& idle, int number, const std::string& letter, measured& m) {
    std::shared_ptr<sender> mine;
    if (idle.empty()) {
        mine = std::make_shared<sender>(io);
        co_await mine->socket.async_connect({asio::ip::address_v4::loopback(), port}, asio::use_awaitable);
        mine->socket.set_option(asio::ip::tcp::no_delay{true});
    } else {
        mine = idle.front();
        idle.pop_front();
    }
    const auto mail = fmt::format("From: Customer {0} <c{0}@bench.example>\r\nTo: help@shop.example\r\nSubject: A question\r\n"
                                  "Message-ID: <{0}@bench.example>\r\n\r\n{1}", number, letter);
    const auto text = fmt::format("POST /api/v1/intake/{} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nContent-Type: "
                                  "message/rfc822\r\nContent-Length: {}\r\n\r\n{}",
                                  test::bench_center::gateway, test::bench_center::token, mail.size(), mail);
    std::array<char, 4096> answer{};
    const auto begin = steady::now();
    co_await asio::async_write(mine->socket, asio::buffer(text), asio::use_awaitable);
    const auto n = co_await mine->socket.async_read_some(asio::buffer(answer), asio::use_awaitable);
    const std::string_view said{answer.data(), n};
    if (!said.starts_with("HTTP/1.1 201 ")) throw std::runtime_error{std::string{said}};
    m.answered_ms.push_back(std::chrono::duration<double, std::milli>(steady::now() - begin).count());
    m.posted.emplace(number_behind(said, R"("ticket_id":)"), begin);
    idle.push_back(mine);
}

void rethrow(std::exception_ptr e) {
    if (e) std::rethrow_exception(e);
}

asio::awaitable<void> drive(asio::io_context& io, std::uint16_t port, int rate, int total, measured& m, std::size_t& open) {
    asio::steady_timer clock{io};
    while (open < agents) {
        clock.expires_after(std::chrono::milliseconds{10});
        co_await clock.async_wait(asio::use_awaitable);
    }
    const auto letter = test::bench_letter();
    senders idle;
    const auto begin = steady::now();
    for (int i = 0; i < total; ++i) {
        clock.expires_at(begin + i * std::chrono::nanoseconds{1'000'000'000 / rate});
        co_await clock.async_wait(asio::use_awaitable);
        asio::co_spawn(io, post(io, port, idle, i, letter, m), rethrow);
    }
    for (int waited = 0; waited < 1000 && m.offered.size() < static_cast<std::size_t>(total); ++waited) {
        clock.expires_after(std::chrono::milliseconds{10});
        co_await clock.async_wait(asio::use_awaitable);
    }
    io.stop();
}

double part(std::vector<double>& sorted, std::size_t percent) { return sorted.at(std::min(sorted.size() - 1, sorted.size() * percent / 100)); }

} // namespace

int main(int argc, char** argv) {
    const int rate = argc > 1 ? std::atoi(argv[1]) : 200, seconds = argc > 2 ? std::atoi(argv[2]) : 20;
    const int total = rate * seconds;
    const test::bench_center center;
    const auto ids = center.add_agents(agents, true);
    const test::spawned_server server{{"serve"}, center.environment()};
    measured m;
    asio::io_context io{1};
    std::size_t open = 0;
    for (const auto id : ids) asio::co_spawn(io, agent(server.port(), center.session_of(id), id, m, open), rethrow);
    asio::co_spawn(io, drive(io, server.port(), rate, total, m, open), rethrow);
    const auto cpu = test::cpu_seconds(server.pid());
    const auto begin = steady::now();
    io.run();
    const std::chrono::duration<double> took = steady::now() - begin;

    std::vector<double> ms;
    for (const auto& [ticket, at] : m.offered)
        if (const auto sent = m.posted.find(ticket); sent != m.posted.end())
            ms.push_back(std::chrono::duration<double, std::milli>(at - sent->second).count());
    std::ranges::sort(ms);
    std::ranges::sort(m.answered_ms);
    if (ms.empty()) throw std::runtime_error{"nobody was offered anything"};
    fmt::print("POST to offer on the agent's socket, {} contacts/s for {} s, {} agents on one queue: {} of {} offered\n"
               "  offer:  p50 {:.1f} ms, p90 {:.1f} ms, p99 {:.1f} ms, longest {:.1f} ms\n"
               "  answer: p50 {:.1f} ms, p99 {:.1f} ms\n"
               "  {:.0f} frames/s to the agents; server CPU {:.0f} % of one core; load of the machine {}\n",
               rate, seconds, agents, ms.size(), total, part(ms, 50), part(ms, 90), part(ms, 99), ms.back(), part(m.answered_ms, 50),
               part(m.answered_ms, 99), static_cast<double>(m.frames) / took.count(),
               (test::cpu_seconds(server.pid()) - cpu) / took.count() * 100, test::machine_load());
}
