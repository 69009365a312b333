#include "support/bench_center.hpp"
#include "support/http_client.hpp"
#include "support/spawned_server.hpp"

#include <boost/system/system_error.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

/// Two real processes over one PostgreSQL; one is stopped while it holds rows that the other's routing needs.
/// SWITCHBOARD_STOPS: how often.
namespace switchboard::test {
namespace {

using steady = std::chrono::steady_clock;
constexpr double longest_s = 5; // from the stop to the first new offer

class stopped_nodes : public testing::Test {
protected:
    bench_center center;
    std::vector<std::int64_t> agents = center.add_agents(6, true);
    std::unique_ptr<spawned_server> first = start(), second = start();
    std::atomic<spawned_server*> victim = first.get(); // is stopped; agents work over it
    spawned_server& survivor() const { return victim == first.get() ? *second : *first; }
    std::atomic<bool> over = false;
    std::atomic<int> mails = 0;
    std::vector<std::thread> people;
    std::map<std::int64_t, std::atomic<int>> turns; // of the agents
    std::mutex mutex;
    std::map<int, int> answers; // by status

    std::unique_ptr<spawned_server> start() const {
        return std::make_unique<spawned_server>(std::vector<std::string>{"serve"}, center.environment());
    }
    static bool leads(const spawned_server& s) {
        return send_request(s.ops_port(), "GET", "/readyz").body.find(R"("leading")") != std::string::npos;
    }
    double number(const std::string& sql) const { return std::stod(center.sql(sql)); }

    static void until(const std::function<bool()>& done, const char* what) {
        const auto patience = steady::now() + std::chrono::minutes{1};
        while (!done()) {
            if (steady::now() > patience) throw std::runtime_error{what};
            std::this_thread::sleep_for(std::chrono::milliseconds{5});
        }
    }

    http_answer told(http_answer answer) {
        const std::lock_guard lock{mutex};
        ++answers[answer.status];
        if (answer.status == 503) EXPECT_NE(answer.header("retry-after"), "") << answer.body;
        if (answer.status >= 500) EXPECT_EQ(answer.status, 503) << answer.body;
        return answer;
    }

    /// Takes what is offered and solves it, over the node that is to be stopped or over the other: who waits for the
    /// stopped one leaves what rings for him unanswered, and there is to be somebody who can be offered more.
    void work(std::int64_t agent, bool over_the_victim) {
        const auto port = [&] { return over_the_victim ? victim.load()->port() : survivor().port(); };
        const headers me{{"Cookie", "switchboard_session=" + center.session_of(agent)},
                         {"X-CSRF-Token", "csrf"},
                         {"Content-Type", "application/json"}};
        while (!over) {
            ++turns.at(agent);
            const auto desk = told(send_request(port(), "GET", "/api/v1/me/work", {}, me));
            if (desk.status != 200) continue;
            const auto has = desk.json();
            for (const auto& o : has["offers"])
                told(send_request(port(), "POST", fmt::format("/api/v1/offers/{}/accept", o["id"].get<int>()), "{}",
                                  me));
            for (const auto& t : has["tickets"])
                told(send_request(port(), "POST", fmt::format("/api/v1/tickets/{}/solve", t["id"].get<int>()),
                                  R"({"disposition":"resolved","note":"done"})", me));
        }
    }

    /// To the node that goes on.
    void write_one() {
        const auto n = mails++;
        told(send_request(
            survivor().port(), "POST", fmt::format("/api/v1/intake/{}", bench_center::gateway),
            fmt::format("From: c{0}@example.com\r\nSubject: Hello {0}\r\nMessage-ID: <{0}@example.com>\r\n\r\nHi.\r\n",
                        n),
            {{"Authorization", fmt::format("Bearer {}", bench_center::token)}, {"Content-Type", "message/rfc822"}}));
    }
    /// As much as somebody works on.
    void write() {
        while (!over)
            if (number("SELECT count(*) FROM ticket WHERE solved_at IS NULL") < 30) write_one();
    }

    /// Whoever works over the node that goes on waits for no answer of the other any more.
    void let_others_turn_away() {
        const std::map<std::int64_t, int> before{turns.begin(), turns.end()};
        until([&] { return std::ranges::all_of(before, [&](const auto& b) { return turns.at(b.first) > b.second; }); },
              "somebody got no answer");
    }

    void SetUp() override {
        for (const auto a : agents) turns[a] = 0;
        until([&] { return leads(*first) || leads(*second); }, "nobody leads");
        for (const auto a : agents) people.emplace_back([this, a] { work(a, a % 2 == 0); });
        people.emplace_back([this] { write(); });
    }
    void TearDown() override {
        ::kill(victim.load()->pid(), SIGCONT);
        over = true;
        for (auto& p : people) p.join();
    }

    /// Stops the node until it is caught within a transaction that has locked rows.
    void stop_in_a_transaction() const {
        const auto patience = steady::now() + std::chrono::minutes{1};
        while (steady::now() < patience) {
            ::kill(victim.load()->pid(), SIGSTOP);
            std::this_thread::sleep_for(std::chrono::milliseconds{30}); // what runs in PostgreSQL comes to its end
            if (number(
                    "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND backend_xid IS "
                    "NOT NULL AND state_change < clock_timestamp() - interval '20 ms'") > 0)
                return;
            ::kill(victim.load()->pid(), SIGCONT);
            std::this_thread::sleep_for(std::chrono::milliseconds{7});
        }
        throw std::runtime_error{"it was never caught"};
    }
};

TEST_F(stopped_nodes, delay_the_others_offers_by_five_seconds_at_most) {
    const char* given = std::getenv("SWITCHBOARD_STOPS");
    const int stops = given != nullptr ? std::stoi(given) : 8;
    std::vector<double> took;
    int led = 0;
    for (int i = 0; i < stops; ++i) {
        until([&] { return leads(*first) || leads(*second); }, "nobody leads");
        const bool the_leader = i % 2 == 0;
        victim = leads(*first) == the_leader ? first.get() : second.get();
        until([&] { return number("SELECT count(*) FROM offer WHERE answered_at > now() - interval '1 second'") > 0; },
              "nobody works");
        let_others_turn_away();
        stop_in_a_transaction();
        led += the_leader;
        const auto at = center.sql("SELECT clock_timestamp()");
        const auto since = fmt::format("FROM offer WHERE created_at > '{}'", at);
        write_one();
        until([&] { return number("SELECT count(*) " + since) > 0; }, "nothing is offered any more");
        took.push_back(
            number(fmt::format("SELECT extract(epoch FROM min(created_at) - '{}'::timestamptz) {}", at, since)));
        ::kill(victim.load()->pid(), SIGCONT);
        EXPECT_LE(took.back(), longest_s) << "stop " << i;
    }
    over = true;
    std::ranges::sort(took);
    fmt::print(
        "{} stops, {} of them of the leader; the first new offer after {:.2f} s (median), {:.2f} s (95 %), {:.2f} s at "
        "most; load {}\n",
        took.size(), led, took[took.size() / 2], took[took.size() * 95 / 100], took.back(), machine_load());
    for (const auto& [status, times] : answers) fmt::print("{} answers {}\n", times, status);
    EXPECT_EQ(
        center.sql(
            "SELECT count(*) FROM (SELECT FROM offer WHERE state IN ('active', 'parked') GROUP BY ticket_id HAVING "
            "count(*) > 1) twice"),
        "0");
    EXPECT_EQ(
        center.sql(
            "SELECT count(*) FROM agent_load l WHERE l.channel = 'email' AND l.used <> (SELECT count(*) FROM offer "
            "o WHERE o.agent_id = l.agent_id AND o.state IN ('offered', 'active', 'wrapup'))"),
        "0");
}

} // namespace
} // namespace switchboard::test
