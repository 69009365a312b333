// Routing from end to end: mails at a fixed rate until the offer is on the agent's socket, a burst, and a new leader.
// [per second (1000)] [seconds (10)] [signed-in agents (40000)] [waiting (100000)] [burst (20000)] [recovered
// (1000000)]; a mail rings alone at its agent, so that there are more agents than mails
#include "support/bench_center.hpp"
#include "support/http_client.hpp"

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
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

namespace asio = boost::asio;
using namespace switchboard;
using steady = std::chrono::steady_clock;

namespace {

constexpr int queues = 100; // each with its mailbox, its part of the agents, and one of them with an open socket

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

/// Who sees all offers of a queue, the moment that its agents do.
asio::awaitable<void> watch(std::uint16_t port, std::string session, measured& m, std::size_t& open) {
    auto socket = co_await test::open_live(port, std::move(session));
    ++open;
    boost::beast::flat_buffer frame;
    for (;;) {
        frame.clear();
        co_await socket.async_read(frame, asio::use_awaitable);
        ++m.frames;
        const std::string_view text{static_cast<const char*>(frame.data().data()), frame.size()};
        if (text.find(R"("type":"offer.created")") == text.npos) continue;
        m.offered.emplace(number_behind(text, R"("number":")", text.find(R"("ticket":{)")), steady::now());
    }
}

/// Connections that wait for work.
struct sender {
    explicit sender(asio::io_context& io) : socket{io} {}
    asio::ip::tcp::socket socket;
};
using senders = std::deque<std::shared_ptr<sender>>;

asio::awaitable<void> post(asio::io_context& io, std::uint16_t port, senders& idle, int number,
                           const std::string& letter, measured& m) {
    const auto gateway = number % queues;
    std::shared_ptr<sender> mine;
    if (idle.empty()) {
        mine = std::make_shared<sender>(io);
        co_await mine->socket.async_connect({asio::ip::address_v4::loopback(), port}, asio::use_awaitable);
        mine->socket.set_option(asio::ip::tcp::no_delay{true});
    } else {
        mine = idle.front();
        idle.pop_front();
    }
    const auto mail =
        fmt::format("From: Customer {0} <c{0}@bench.example>\r\nTo: help@shop.example\r\nSubject: A question\r\n"
                    "Message-ID: <{0}@bench.example>\r\n\r\n{1}",
                    number, letter);
    const auto text = fmt::format(
        "POST /api/v1/intake/mailbox-{} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nContent-Type: "
        "message/rfc822\r\nContent-Length: {}\r\n\r\n{}",
        gateway, test::bench_center::token, mail.size(), mail);
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

struct plan {
    int rate, seconds, agents, waiting, burst, recovered;
};

/// Agents in their queues, all ready for e-mail, and tickets that wait since nobody has their skill yet.
std::vector<std::int64_t> fill(const test::bench_center& center, const plan& p) {
    center.sql(fmt::format("INSERT INTO queue (name, ring_s) SELECT 'Queue ' || i, 3600 FROM generate_series(0, {}) i",
                           queues - 1));
    center.sql("INSERT INTO gateway (name, kind, queue_id) SELECT 'mailbox-' || substr(name, 7), 'email', id FROM "
               "queue WHERE name "
               "LIKE 'Queue %'");
    center.sql("INSERT INTO skill (name) SELECT 'Skill ' || i FROM generate_series(1, 40) i");
    center.sql(fmt::format(
        "INSERT INTO users (login, name, roles, units) SELECT 'agent' || i, 'Agent ' || i, '[2]'::jsonb, 1000 FROM "
        "generate_series(1, {}) i",
        p.agents));
    const auto everybody = "FROM users u WHERE u.roles = '[2]'";
    center.sql(fmt::format(
        "INSERT INTO queue_member (queue_id, agent_id) SELECT q.id, u.id FROM (SELECT id, row_number() OVER "
        "(ORDER BY id) n FROM users WHERE roles = '[2]') u JOIN (SELECT id, row_number() OVER (ORDER BY id) n "
        "FROM queue WHERE name LIKE 'Queue %') q ON q.n = 1 + u.n % {}",
        queues));
    center.sql(fmt::format("INSERT INTO agent_channel SELECT u.id, 'email', 100, 0 {}", everybody));
    center.sql(fmt::format(
        "INSERT INTO agent_load (agent_id, channel, capacity) SELECT u.id, c, CASE c WHEN '*' THEN 1000 ELSE 100 "
        "END FROM users u, unnest(ARRAY['*', 'email']) c WHERE u.roles = '[2]'"));
    center.sql(fmt::format("INSERT INTO presence (agent_id, state, channels) SELECT u.id, 'ready', '{{email}}' {}",
                           everybody));
    std::vector<std::int64_t> watchers;
    for (int i = 0; i < queues; ++i)
        watchers.push_back(
            std::stoll(center.sql(fmt::format("SELECT min(m.agent_id) FROM queue_member m JOIN queue q ON q.id = "
                                              "m.queue_id WHERE q.name = 'Queue {}'",
                                              i))));
    return watchers;
}

void add_waiting(const test::bench_center& center, int count) {
    center.sql(fmt::format(
        "INSERT INTO ticket (queue_id, channel, subject, skills, enqueue_at) SELECT q.id, 'email', 'Waits', "
        "jsonb_build_array(jsonb_build_object('skill_id', 1 + i % 40, 'min', 3)), now() - make_interval(secs => i % "
        "86400) FROM "
        "generate_series(1, {}) i JOIN (SELECT id, row_number() OVER (ORDER BY id) n FROM queue WHERE name LIKE 'Queue "
        "%') q ON q.n "
        "= 1 + i % {}",
        count, queues));
    center.sql("ANALYZE");
}

asio::awaitable<void> drive(asio::io_context& io, std::uint16_t port, int rate, int first, int total, senders& idle,
                            measured& m) {
    asio::steady_timer clock{io};
    const std::string letter = "I have a question.\r\n";
    const auto begin = steady::now();
    for (int i = 0; i < total; ++i) {
        clock.expires_at(begin + i * std::chrono::nanoseconds{1'000'000'000 / rate});
        co_await clock.async_wait(asio::use_awaitable);
        asio::co_spawn(io, post(io, port, idle, first + i, letter, m), rethrow);
    }
    for (int waited = 0; waited < 6000 && m.offered.size() < static_cast<std::size_t>(total); ++waited) {
        clock.expires_after(std::chrono::milliseconds{10});
        co_await clock.async_wait(asio::use_awaitable);
    }
    io.stop();
}

/// A hundred connections, each with its next mail as soon as the last one is answered.
asio::awaitable<void> push(asio::io_context& io, std::uint16_t port, int first, int total, int& next, senders& idle,
                           measured& m) {
    const std::string letter = "I have a question.\r\n";
    while (next < total) co_await post(io, port, idle, first + next++, letter, m);
}

double part(const std::vector<double>& sorted, std::size_t percent) {
    return sorted.empty() ? 0 : sorted[std::min(sorted.size() - 1, sorted.size() * percent / 100)];
}

struct bench {
    const test::bench_center& center;
    plan p;
    int posted = 0;

    void at_a_rate(asio::io_context& io, const test::spawned_server& server, measured& m, senders& idle) {
        m = {};
        const int total = p.rate * p.seconds;
        const auto cpu = test::cpu_seconds(server.pid()), database = center.postgres_cpu_seconds();
        const auto begin = steady::now();
        asio::co_spawn(io, drive(io, server.port(), p.rate, posted, total, idle, m), rethrow);
        io.restart();
        io.run();
        posted += total;
        const std::chrono::duration<double> took = steady::now() - begin;
        std::vector<double> ms;
        for (const auto& [ticket, at] : m.offered)
            if (const auto sent = m.posted.find(ticket); sent != m.posted.end())
                ms.push_back(std::chrono::duration<double, std::milli>(at - sent->second).count());
        std::ranges::sort(ms);
        std::ranges::sort(m.answered_ms);
        fmt::print(
            "POST to offer on the agent's socket, {} contacts/s for {} s: {} of {} offered\n"
            "  offer:  p50 {:.1f} ms, p90 {:.1f} ms, p99 {:.1f} ms, longest {:.1f} ms\n"
            "  answer: p50 {:.1f} ms, p99 {:.1f} ms (committed contact; the offer stands {:.1f} ms behind it at p50)\n"
            "  CPU of one core: server {:.0f} %, PostgreSQL {:.0f} %; load of the machine {}\n",
            p.rate, p.seconds, ms.size(), total, part(ms, 50), part(ms, 90), part(ms, 99), part(ms, 100),
            part(m.answered_ms, 50), part(m.answered_ms, 99), part(ms, 50) - part(m.answered_ms, 50),
            (test::cpu_seconds(server.pid()) - cpu) / took.count() * 100,
            (center.postgres_cpu_seconds() - database) / took.count() * 100, test::machine_load());
    }

    void in_a_burst(asio::io_context& io, const test::spawned_server& server, measured& m, senders& idle) {
        m = {};
        const auto begin = steady::now();
        int next = 0;
        for (int i = 0; i < 100; ++i)
            asio::co_spawn(io, push(io, server.port(), posted, p.burst, next, idle, m), rethrow);
        asio::steady_timer clock{io};
        std::chrono::duration<double> taken{};
        const std::function<void(boost::system::error_code)> look = [&](boost::system::error_code) {
            if (taken.count() == 0 && m.answered_ms.size() == static_cast<std::size_t>(p.burst))
                taken = steady::now() - begin;
            if (m.offered.size() >= static_cast<std::size_t>(p.burst) ||
                steady::now() - begin > std::chrono::minutes{2})
                return io.stop();
            clock.expires_after(std::chrono::milliseconds{5});
            clock.async_wait(look);
        };
        look({});
        io.restart();
        io.run();
        posted += p.burst;
        const std::chrono::duration<double> drained = steady::now() - begin;
        fmt::print("A burst of {}: taken in {:.2f} s, all offered after {:.2f} s ({:.0f} offers/s)\n"
                   "  {} lost, {} doubled, {} agents beyond what they hold\n",
                   p.burst, taken.count(), drained.count(), p.burst / drained.count(),
                   center.sql("SELECT count(*) FROM ticket WHERE state = 'waiting' AND skills = '[]'"),
                   center.sql("SELECT count(*) FROM (SELECT FROM offer GROUP BY ticket_id HAVING count(*) > 1) twice"),
                   center.sql("SELECT count(*) FROM agent_load l WHERE l.channel = 'email' AND l.used <> (SELECT "
                              "count(*) FROM offer o "
                              "WHERE o.agent_id = l.agent_id AND o.state = 'offered')"));
    }

    void after_a_crash() const {
        const auto waiting = std::stoi(center.sql("SELECT count(*) FROM ticket WHERE state = 'waiting'"));
        if (p.recovered > waiting) add_waiting(center, p.recovered - waiting);
        const auto begin = steady::now();
        const test::spawned_server next{{"serve"}, center.environment()};
        const std::chrono::duration<double> serves = steady::now() - begin;
        for (;;) {
            const auto ready = test::send_request(next.ops_port(), "GET", "/readyz").body;
            if (ready.find(R"("leading")") != ready.npos) break;
            if (steady::now() - begin > std::chrono::minutes{2}) throw std::runtime_error{ready};
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
        }
        const std::chrono::duration<double> leads = steady::now() - begin;
        fmt::print("A new leader of {} waiting tickets: serves after {:.2f} s, leads {:.2f} s later; {} MB\n",
                   std::max(p.recovered, waiting), serves.count(), (leads - serves).count(), next.memory_kb() / 1024);
    }
};

} // namespace

int main(int argc, char** argv) {
    const auto argument = [&](int i, int otherwise) { return argc > i ? std::atoi(argv[i]) : otherwise; };
    const plan p{argument(1, 1000),    argument(2, 10),     argument(3, 40'000),
                 argument(4, 100'000), argument(5, 20'000), argument(6, 1'000'000)};
    const test::bench_center center;
    const auto watchers = fill(center, p);
    add_waiting(center, p.waiting);
    bench b{center, p};
    {
        const test::spawned_server server{{"serve"}, center.environment()};
        measured m;
        asio::io_context io{1};
        std::size_t open = 0;
        for (const auto id : watchers)
            asio::co_spawn(io, watch(server.port(), center.session_of(id), m, open), rethrow);
        while (open < watchers.size()) io.run_one();
        fmt::print("{} agents signed in, {} queues, {} tickets waiting, {} sockets\n", p.agents, queues, p.waiting,
                   open);
        senders idle;
        if (p.rate > 0) b.at_a_rate(io, server, m, idle);
        if (p.burst > 0) b.in_a_burst(io, server, m, idle);
    }
    if (p.recovered > 0) b.after_a_crash();
}
