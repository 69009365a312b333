// How long the lists take over HTTP in two centers of different size: ./run bench lists [TICKETS TICKETS [ROUNDS]]
// Each list is asked for in both in turn, so that whatever else the machine does weighs on both.
#include "support/bench_center.hpp"
#include "support/filled.hpp"
#include "support/http_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

using namespace switchboard;
using steady = std::chrono::steady_clock;

namespace {

struct asked {
    const char *name, *target; // {placeholders} are the center's own ids
    bool next_page = false, of_agents = true;
};

constexpr asked lists[]{
    {"tickets", "/api/v1/tickets"},
    {"tickets, second page", "/api/v1/tickets", true},
    {"open", "/api/v1/tickets?state=open"},
    {"solved", "/api/v1/tickets?state=solved"},
    {"solved today", "/api/v1/tickets?state=solved_today"},
    {"oldest first", "/api/v1/tickets?sort=last_contact_at"},
    {"enqueued", "/api/v1/tickets?sort=enqueue_at"},
    {"by id", "/api/v1/tickets?sort=id"},
    {"by id, newest first", "/api/v1/tickets?sort=-id"},
    {"waiting", "/api/v1/tickets?state=waiting&sort=enqueue_at"},
    {"held", "/api/v1/tickets?state=held"},
    {"in hand", "/api/v1/tickets?state=in_hand"},
    {"late", "/api/v1/tickets?late=waiting"},
    {"of a queue", "/api/v1/tickets?queue_id={queue}"},
    {"of a customer", "/api/v1/tickets?customer_id={customer}"},
    {"by fax", "/api/v1/tickets?channel=fax"},
    {"by a channel without any", "/api/v1/tickets?channel=walkin"},
    {"a common word", "/api/v1/tickets?q=account"},
    {"two words of a subject", "/api/v1/tickets?q=Address%20Storm"},
    {"a name", "/api/v1/tickets?q=Ana%20Ruiz"},
    {"a first name", "/api/v1/tickets?q=Amira"},
    {"an address", "/api/v1/tickets?q=filled77%40example"},
    {"a number", "/api/v1/tickets?q={ticket}"},
    {"a word that nobody has", "/api/v1/tickets?q=qwertyuiop"},
    {"customers", "/api/v1/customers"},
    {"customers of a name", "/api/v1/customers?q=ruiz"},
    {"customers of an address", "/api/v1/customers?q=filled77"},
    {"a customer's tickets", "/api/v1/customers/{customer}/tickets"},
    {"quarantine", "/api/v1/contacts?outcome=quarantined", false, false},
    {"timeline of 5,000 entries", "/api/v1/tickets/{long}/timeline", false, false},
    {"overview", "/api/v1/queues/overview", false, false},
    {"me/work", "/api/v1/me/work"},
};

struct person {
    const char* login;
    test::headers cookie;
};

/// A center of so many tickets, a server over it, and who asks.
struct site {
    explicit site(int tickets) {
        test::fill(center.url(), tickets);
        server.emplace(std::vector<std::string>{"serve"}, center.environment());
        for (const auto* login : {"filled-all", "filled0"}) {
            const auto id = std::stoll(center.sql(fmt::format("SELECT id FROM users WHERE login = '{}'", login)));
            people.push_back({login, {{"Cookie", "switchboard_session=" + center.session_of(id)}}});
        }
        queue =
            center.sql("SELECT queue_id FROM queue_member m JOIN users u ON u.id = m.agent_id WHERE login = 'filled0'");
        customer = center.sql("SELECT customer_id FROM ticket ORDER BY id DESC LIMIT 1");
        ticket = center.sql("SELECT id FROM ticket ORDER BY id OFFSET 70 LIMIT 1");
        long_one = center.sql("SELECT ticket_id FROM note LIMIT 1");
    }

    std::string target_of(const asked& list) const {
        return fmt::format(fmt::runtime(list.target), fmt::arg("queue", queue), fmt::arg("customer", customer),
                           fmt::arg("ticket", ticket), fmt::arg("long", long_one));
    }

    test::bench_center center;
    std::optional<test::spawned_server> server;
    std::vector<person> people;
    std::string queue, customer, ticket, long_one;
};

test::http_answer ask(test::kept_connection& line, const person& who, const std::string& target) {
    auto answer = line.send("GET", target, {}, who.cookie);
    if (answer.status != 200) throw std::runtime_error{fmt::format("{} {}: {}", who.login, target, answer.body)};
    return answer;
}

struct times {
    std::vector<double> ms{};

    double at(double part) const { return ms[static_cast<std::size_t>(static_cast<double>(ms.size() - 1) * part)]; }
};

std::array<times, 2> measure(const std::array<site, 2>& sites, const asked& list, std::size_t who, int rounds) {
    std::array<std::string, 2> targets;
    std::array lines{test::kept_connection{sites[0].server->port()}, test::kept_connection{sites[1].server->port()}};
    for (std::size_t i = 0; i < 2; ++i) {
        targets[i] = sites[i].target_of(list);
        const auto first = ask(lines[i], sites[i].people[who], targets[i]); // what it needs is in memory then
        if (list.next_page) targets[i] += "?after=" + first.json()["next"].get<std::string>();
    }
    std::array<times, 2> out;
    for (int round = 0; round < rounds; ++round)
        for (std::size_t i = 0; i < 2; ++i) {
            const auto begin = steady::now();
            ask(lines[i], sites[i].people[who], targets[i]);
            out[i].ms.push_back(std::chrono::duration<double, std::milli>(steady::now() - begin).count());
        }
    for (auto& t : out) std::ranges::sort(t.ms);
    return out;
}

} // namespace

int main(int argc, char** argv) {
    const int small = argc > 1 ? std::atoi(argv[1]) : 10'000, large = argc > 2 ? std::atoi(argv[2]) : 1'000'000;
    const int rounds = argc > 3 ? std::atoi(argv[3]) : 100;
    const std::array<site, 2> sites{site{small}, site{large}};
    fmt::print("{} rounds, each list in both centers in turn; load of the machine {}\n"
               "{:<28} {:<10} {:>9} {:>9} {:>9} {:>9} {:>6}\n{:<28} {:<10} {:>19} {:>19}\n",
               rounds, test::machine_load(), "list", "asked by", "p50 ms", "p99 ms", "p50 ms", "p99 ms", "ratio", "",
               "", small, large);
    for (const auto& list : lists)
        for (std::size_t who = 0; who < (list.of_agents ? 2u : 1u); ++who) {
            const auto [a, b] = measure(sites, list, who, rounds);
            fmt::print("{:<28} {:<10} {:>9.1f} {:>9.1f} {:>9.1f} {:>9.1f} {:>6.2f}\n", list.name,
                       who == 0 ? "all" : "an agent", a.at(0.5), a.at(0.99), b.at(0.5), b.at(0.99),
                       b.at(0.5) / a.at(0.5));
            std::fflush(stdout);
        }
}
