// Durable contacts per second through HTTP, beside pgbench writing the same rows into the same PostgreSQL.
// [contacts (30000)] [clients (64)]
#include "support/bench_center.hpp"
#include "support/http_client.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace asio = boost::asio;
using namespace switchboard;
using steady = std::chrono::steady_clock;

namespace {

struct flood {
    std::uint16_t port;
    std::string letter = test::bench_letter();
    std::string run; // makes the mails of each run new
    int next = 0, total = 0;
    std::vector<double> ms{};
};

std::string request_of(const flood& f, int i) {
    const auto mail = fmt::format("From: Customer {0} <c{0}.{1}@bench.example>\r\nTo: Help <help@shop.example>\r\n"
                                  "Subject: A question about my order\r\nDate: Sat, 21 Nov 2026 12:00:00 +0000\r\n"
                                  "Message-ID: <{0}.{1}@bench.example>\r\nMIME-Version: 1.0\r\n"
                                  "Content-Type: text/plain; charset=utf-8\r\n\r\n{2}\r\n",
                                  i, f.run, f.letter);
    return fmt::format("POST /api/v1/intake/{} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n"
                       "Content-Type: message/rfc822\r\nContent-Length: {}\r\n\r\n{}",
                       test::bench_center::gateway, test::bench_center::token, mail.size(), mail);
}

/// The answers are small: one read holds one.
asio::awaitable<void> client(flood& f) {
    asio::ip::tcp::socket socket{co_await asio::this_coro::executor};
    co_await socket.async_connect({asio::ip::address_v4::loopback(), f.port}, asio::use_awaitable);
    socket.set_option(asio::ip::tcp::no_delay{true});
    std::array<char, 4096> answer{};
    while (f.next < f.total) {
        const auto text = request_of(f, f.next++);
        const auto begin = steady::now();
        co_await asio::async_write(socket, asio::buffer(text), asio::use_awaitable);
        const auto n = co_await socket.async_read_some(asio::buffer(answer), asio::use_awaitable);
        const std::string_view head{answer.data(), n};
        if (!head.starts_with("HTTP/1.1 201 ")) throw std::runtime_error{std::string{head}};
        f.ms.push_back(std::chrono::duration<double, std::milli>(steady::now() - begin).count());
    }
}

struct figures {
    double per_second = 0, p50 = 0, p99 = 0, server_us = 0, client_us = 0, postgres_us = 0, group = 0;
};

double commits(const test::spawned_server& server) {
    const auto text = test::send_request(server.ops_port(), "GET", "/metrics").body;
    const std::string name = "\nswitchboard_intake_commits_total ";
    const auto at = text.find(name);
    return at == text.npos ? 0 : std::stod(text.substr(at + name.size()));
}

figures run_flood(const test::bench_center& center, const test::spawned_server& server, const std::string& run,
                  int total, int clients) {
    flood f{.port = server.port(), .run = run, .total = total};
    asio::io_context io{1};
    const auto own = [] { return test::cpu_seconds(::getpid()); };
    const double s = test::cpu_seconds(server.pid()), c = own(), p = center.postgres_cpu_seconds();
    const auto groups = commits(server);
    const auto begin = steady::now();
    for (int i = 0; i < clients; ++i)
        asio::co_spawn(io, client(f), [](std::exception_ptr e) {
            if (e) std::rethrow_exception(e);
        });
    io.run();
    const auto seconds = std::chrono::duration<double>(steady::now() - begin).count();
    std::ranges::sort(f.ms);
    const auto each = [&](double cpu) { return cpu / total * 1e6; };
    figures out{.per_second = total / seconds, .p50 = f.ms[f.ms.size() / 2], .p99 = f.ms[f.ms.size() * 99 / 100]};
    out.server_us = each(test::cpu_seconds(server.pid()) - s);
    out.client_us = each(own() - c);
    out.postgres_us = each(center.postgres_cpu_seconds() - p);
    out.group = total / (commits(server) - groups);
    return out;
}

/// The same rows, one contact a transaction: five inserts, the last two tables of a contact in one.
std::string script(const test::bench_center& center) {
    return fmt::format(R"(\set n random(1, 1000000000000)
BEGIN;
INSERT INTO customer (name) VALUES ('Customer') RETURNING id AS customer \gset
INSERT INTO customer_identity (kind, value, customer_id) VALUES ('email', 'p' || :n || '@bench.example', :customer);
INSERT INTO ticket (queue_id, gateway_id, channel, customer_id, subject, due_at) VALUES ({1}, {0}, 'email', :customer, 'A question about my order', now()) RETURNING id AS ticket \gset
WITH c AS (INSERT INTO contact (gateway_id, external_id, ticket_id, customer_id, channel, direction, outcome, from_kind, from_value, from_name, recipients, subject, text, message_id, occurred_at, details) VALUES ({0}, 'p' || :n, :ticket, :customer, 'email', 'in', 'ticketed', 'email', 'p' || :n || '@bench.example', 'Customer', '{{"to":[{{"kind":"email","value":"help@shop.example","name":"Help"}}]}}', 'A question about my order', :body, 'p' || :n, now(), '{{"references":[]}}') RETURNING id) INSERT INTO contact_raw (contact_id, body, content_type, remote) SELECT id, convert_to(:body, 'UTF8'), 'message/rfc822', '127.0.0.1' FROM c;
INSERT INTO event (type, ticket_id, queue_id, data) VALUES ('contact.received', :ticket, {1}, '{{"contact":{{"channel":"email","direction":"in","subject":"A question about my order","preview":"{2}"}},"new_ticket": true,"reopened": false,"ticket":{{"state":"waiting","channel":"email","subject":"A question about my order"}}}}');
COMMIT;
)",
                       center.gateway_id(), center.queue_id(), std::string(200, 'x'));
}

struct rival {
    double per_second = 0, us = 0; // CPU of pgbench and PostgreSQL a transaction
};

double ended_children_s() {
    rusage u{};
    ::getrusage(RUSAGE_CHILDREN, &u);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(u.ru_utime) + seconds(u.ru_stime);
}

rival pgbench(const test::bench_center& center, int seconds) {
    const test::temporary_folder here{"pgbench"};
    std::ofstream{here.path() / "script.sql"} << script(center);
    std::string body;
    for (const char c : test::bench_letter())
        if (c != '\r') body += c == '\n' ? ' ' : c; // it goes through a shell
    const auto command = fmt::format("pgbench -n -M prepared -c 16 -j 2 -T {} -f '{}' -D body='{}' '{}' 2>&1", seconds,
                                     (here.path() / "script.sql").string(), body, center.url());
    const auto close = [](FILE* f) { ::pclose(f); };
    const double before = ended_children_s() + center.postgres_cpu_seconds();
    std::unique_ptr<FILE, decltype(close)> pipe{::popen(command.c_str(), "r"), close};
    std::string all;
    std::array<char, 4096> part{};
    while (pipe && std::fgets(part.data(), part.size(), pipe.get())) all += part.data();
    pipe.reset();
    const double cpu = ended_children_s() + center.postgres_cpu_seconds() - before;
    const auto at = all.find("tps = "), done = all.find("actually processed: ");
    if (at == all.npos || done == all.npos) throw std::runtime_error{"pgbench: " + all};
    return {std::stod(all.substr(at + 6)), cpu / std::stod(all.substr(done + 20)) * 1e6};
}

} // namespace

int main(int argc, char** argv) {
    const int total = argc > 1 ? std::atoi(argv[1]) : 30'000, clients = argc > 2 ? std::atoi(argv[2]) : 64;
    test::bench_center center;
    const test::spawned_server server{{"serve"}, center.environment()};
    run_flood(center, server, "warm", total / 10, clients);
    fmt::print("{} clients on kept connections, mails of 4 KB each from a new customer; fsync on; CPU in us a contact\n"
               "{:>4} {:>12} {:>6} {:>8} {:>8} {:>8} {:>8} {:>8} {:>12} {:>8} {:>6}  {}\n",
               clients, "run", "contacts/s", "group", "p50 ms", "p99 ms", "server", "clients", "postgres", "pgbench/s",
               "its CPU", "ratio", "load of the machine");
    for (int i = 1; i <= 3; ++i) {
        const auto f = run_flood(center, server, fmt::format("r{}", i), total, clients);
        const auto other = pgbench(center, 8);
        fmt::print(
            "{:>4} {:>12.0f} {:>6.0f} {:>8.1f} {:>8.1f} {:>8.0f} {:>8.0f} {:>8.0f} {:>12.0f} {:>8.0f} {:>6.2f}  {}\n",
            i, f.per_second, f.group, f.p50, f.p99, f.server_us, f.client_us, f.postgres_us, other.per_second, other.us,
            f.per_second / other.per_second, test::machine_load());
        std::fflush(stdout);
    }
    const auto mails = center.sql("SELECT count(*) FROM contact WHERE external_id LIKE '%@bench.example'");
    if (std::stoi(mails) != total * 3 + total / 10) throw std::runtime_error{"acknowledged, and not there: " + mails};
}
