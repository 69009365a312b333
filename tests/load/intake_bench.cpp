// Durable contacts per second through group commit alone: no HTTP, no parsing. argv: URL of an empty, migrated database,
// contacts (100000), clients (64), commits in flight (1), group (256).
#include <switchboard/intake/intake.hpp>
#include <switchboard/store/migrate.hpp>

#include "store/run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>

namespace asio = boost::asio;
using namespace switchboard;

namespace {

std::int64_t prepare(const std::string& url) {
    store::migrate(url, store::find_migrations());
    const auto c = store::connect(url);
    pqxx::work tx{*c};
    const auto queue = tx.exec("INSERT INTO queue (name) VALUES ('bench ' || gen_random_uuid()) RETURNING id")[0][0];
    const auto gateway = tx.exec("INSERT INTO gateway (name, kind, queue_id) VALUES ('b' || left(md5(random()::text), "
                                 "10), 'email', " + std::string{queue.c_str()} + ") RETURNING id")[0][0]
                             .as<std::int64_t>();
    tx.commit();
    return gateway;
}

inbound_contact mail(std::size_t i, const std::string& text) {
    inbound_contact c;
    c.channel = "email";
    c.external_id = c.mail.message_id = fmt::format("{}.{}@bench.example", i, std::chrono::steady_clock::now().time_since_epoch().count());
    c.from = {"email", fmt::format("customer{}.{}@example.com", i, c.external_id.size()), "A Customer"};
    c.from.value += c.external_id;
    c.to = {{"email", "help@shop.example", "Help"}};
    c.subject = "A question about my order";
    c.text = c.text_reply = text;
    c.language = "en";
    c.details = R"({"message_id":"x","references":[]})";
    return c;
}

/// 4 KB of words that compress like words.
std::string letter() {
    static constexpr const char* words[] = {"order", "please", "when", "the", "invoice", "router", "again", "number",
                                            "since", "monday", "and", "would", "like", "answer", "thank", "delivery"};
    std::string out;
    unsigned seed = 7;
    while (out.size() < 4000) {
        seed = seed * 1103515245u + 12345u;
        out += words[seed >> 16 & 15u];
        out += seed % 11 == 0 ? '\n' : ' ';
        out += std::to_string(seed >> 20 & 1023u) + ' ';
    }
    return out;
}

struct progress {
    std::size_t next = 0, total = 0, done = 0;
};

asio::awaitable<void> client(intake::intake& in, std::int64_t gateway, progress& p, const std::string& text) {
    while (p.next < p.total) {
        const auto i = p.next++;
        auto raw = std::make_shared<intake::raw_message>();
        raw->body = "Subject: A question\r\n\r\n" + text;
        raw->content_type = "message/rfc822";
        std::vector<normalized_record> records;
        records.emplace_back(mail(i, text));
        co_await in.receive(gateway, std::move(raw), std::move(records));
        ++p.done;
    }
}

double cpu_seconds() {
    rusage u{};
    getrusage(RUSAGE_SELF, &u);
    const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
    return seconds(u.ru_utime) + seconds(u.ru_stime);
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        fmt::print(stderr, "usage: {} URL [contacts] [clients] [commits in flight] [group]\n", argv[0]);
        return 2;
    }
    const auto number = [&](int i, std::size_t otherwise) {
        return argc > i ? static_cast<std::size_t>(std::atoll(argv[i])) : otherwise;
    };
    const auto gateway = prepare(argv[1]);
    asio::io_context io{1};
    store::database db{argv[1], {.connections = 4}};
    intake::intake_options options;
    options.commits_in_flight = number(4, 1);
    options.group_contacts = number(5, 256);
    intake::intake in{io.get_executor(), db, options};
    const auto fail = [](std::exception_ptr e) {
        if (e) std::rethrow_exception(e);
    };
    co_spawn(io, in.reload(), fail);
    io.run();

    progress p{.next = 0, .total = number(2, 100'000), .done = 0};
    const auto text = letter();
    const auto begin = std::chrono::steady_clock::now();
    const auto cpu = cpu_seconds();
    for (std::size_t i = 0; i < number(3, 64); ++i) co_spawn(io, client(in, gateway, p, text), fail);
    io.restart();
    io.run();
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    const auto commits = static_cast<double>(in.counts().commits);
    const auto done = static_cast<double>(p.done);
    fmt::print("{:.0f} contacts/s ({} in {:.2f} s, {:.1f} a commit, {:.2f} ms a commit, own CPU {:.1f} us a contact)\n",
               done / seconds, p.done, seconds, done / commits, seconds / commits * 1000, (cpu_seconds() - cpu) / done * 1e6);
}
