#include "support/contact_center.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <map>
#include <thread>

/// What guessing may cost: budgets by address, by account and in total, a pool of its own for hashes, and a way in for
/// owners all the same.
namespace switchboard::test {
namespace {

using nlohmann::json;
using steady = std::chrono::steady_clock;

constexpr auto here = "127.0.0.1";

http_answer sign_in_from(const std::string& address, const running_server& server, const std::string& login,
                         const std::string& password) {
    return send_request_from(address, server.port(), "POST", "/api/v1/session",
                             json{{"login", login}, {"password", password}}.dump(),
                             {{"Content-Type", "application/json"}});
}

std::map<int, int> answers_of(const std::vector<http_answer>& all) {
    std::map<int, int> counted;
    for (const auto& a : all) ++counted[a.status];
    return counted;
}

std::vector<http_answer> at_once(int n, const std::function<http_answer(int)>& ask) {
    std::vector<std::future<http_answer>> asked;
    for (int i = 0; i < n; ++i) asked.push_back(std::async(std::launch::async, ask, i));
    std::vector<http_answer> answers;
    for (auto& a : asked) answers.push_back(a.get());
    return answers;
}

TEST(auth_budget, bounds_an_address_over_all_logins) {
    const running_server server{[](config& c) { c.sign_in_wrong_by_address = 5; }};
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(sign_in_from(here, server, "nobody" + std::to_string(i), "guess").status, 401) << i;
    const auto refused = sign_in_from(here, server, "nobody5", "guess");
    EXPECT_EQ(refused.status, 429);
    EXPECT_GT(std::stoi(refused.header("retry-after")), 0);
    EXPECT_EQ(sign_in_from(here, server, "admin", running_server::password).status, 429)
        << "its password is not looked at";
    EXPECT_EQ(sign_in_from("127.0.0.2", server, "admin", running_server::password).status, 200)
        << "other addresses go on";
}

TEST(auth_budget, bounds_an_account_over_all_addresses) {
    const running_server server;
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(sign_in_from("127.0.1." + std::to_string(i + 1), server, "admin", "guess").status, 401) << i;
    EXPECT_EQ(sign_in_from("127.0.1.99", server, "admin", "guess").status, 429);
    EXPECT_EQ(sign_in_from("127.0.1.99", server, "Admin", running_server::password).status, 429)
        << "a stranger who guesses right is a stranger";
    EXPECT_EQ(sign_in_from("127.0.1.99", server, "agent", running_server::password).status, 200);
}

TEST(auth_budget, bounds_spraying_in_total) {
    const running_server server{[](config& c) { c.sign_in_wrong_in_total = 8; }};
    for (int i = 0; i < 8; ++i) {
        const auto n = std::to_string(i + 1);
        EXPECT_EQ(sign_in_from("127.0.2." + n, server, "login" + n, "summer of 2026").status, 401) << i;
    }
    EXPECT_EQ(sign_in_from("127.0.2.99", server, "login99", "summer of 2026").status, 429);
}

TEST(auth_budget, lets_owners_in_from_where_they_were_before) {
    const running_server first{[](config& c) { c.sign_in_wrong_in_total = 15; }};
    ASSERT_EQ(sign_in_from("127.0.3.1", first, "admin", running_server::password).status, 200);
    const auto attack = [](const running_server& server) {
        for (int i = 0; i < 40; ++i)
            sign_in_from("127.0.4." + std::to_string(i + 1), server, i % 2 == 0 ? "admin" : "agent", "guess");
    };
    attack(first);
    EXPECT_EQ(sign_in_from("127.0.4.99", first, "admin", "guess").status, 429);
    EXPECT_EQ(sign_in_from("127.0.3.1", first, "admin", running_server::password).status, 200);
    EXPECT_EQ(sign_in_from("127.0.3.1", first, "agent", running_server::password).status, 429)
        << "it is not the agent's address";

    // On another node, which has seen nothing of it, and after a start.
    const running_server second{[](config& c) { c.sign_in_wrong_in_total = 15; }, first};
    attack(second);
    EXPECT_EQ(sign_in_from("127.0.3.1", second, "admin", running_server::password).status, 200);

    // Who guesses there is bounded there, and no owner elsewhere is.
    for (int i = 0; i < 10; ++i) EXPECT_EQ(sign_in_from("127.0.3.1", second, "admin", "guess").status, 401) << i;
    EXPECT_EQ(sign_in_from("127.0.3.1", second, "admin", running_server::password).status, 429);
}

TEST(auth_budget, counts_wrong_passwords_only) {
    const running_server server{[](config& c) {
        c.sign_in_wrong_by_address = 3;
        c.sign_in_wrong_by_account = 3;
        c.sign_in_wrong_in_total = 3;
    }};
    // Each from an address that is not known yet, or the place would be counted apart.
    for (int i = 0; i < 12; ++i)
        EXPECT_EQ(sign_in_from("127.0.5." + std::to_string(i + 1), server, "agent", running_server::password).status,
                  200)
            << i;
    for (int i = 0; i < 3; ++i) EXPECT_EQ(sign_in_from(here, server, "agent", "guess").status, 401) << i;
    EXPECT_EQ(sign_in_from(here, server, "agent", "guess").status, 429);
}

TEST(auth_budget, gives_many_at_once_no_more) {
    const running_server server;
    const auto counted = answers_of(
        at_once(60, [&](int i) { return sign_in_from("127.0.6." + std::to_string(i + 1), server, "admin", "guess"); }));
    EXPECT_LE(counted.at(401), 11) << "ten, and what half a minute gives back";
    for (const auto& [status, n] : counted)
        EXPECT_TRUE(status == 401 || status == 429 || status == 503) << status << ": " << n;
}

TEST(auth_budget, forgets_what_was_refused_for_want_of_room) {
    const running_server server{[](config& c) {
        c.sign_in_max_pending = 2; // one at a time of strangers
        c.sign_in_wrong_by_account = 1000;
        c.sign_in_wrong_by_address = 3;
    }};
    const auto counted =
        answers_of(at_once(40, [&](int) { return sign_in_from(here, server, "agent", running_server::password); }));
    EXPECT_FALSE(counted.contains(429)) << "503 costs nobody a try";
    EXPECT_FALSE(counted.contains(401));
    EXPECT_GE(counted.at(200), 1);
}

// 150 sockets with random logins, as strong as they can, made a mail wait 30 s.
TEST(auth_budget, holds_up_no_mail) {
    contact_center center{[](config& c) { // no budget stops them: what is left is the pool
        c.sign_in_wrong_by_address = c.sign_in_wrong_by_account = c.sign_in_wrong_in_total = 1'000'000;
    }};
    const auto queue = center.queue("Support");
    center.gateway("mailbox", "email", queue);
    std::atomic<int> tried = 0, looked_at = 0;
    std::vector<std::jthread> attackers;
    for (int i = 0; i < 150; ++i)
        attackers.emplace_back([&, i](const std::stop_token& enough) {
            const auto from = "127.7." + std::to_string(i / 100) + "." + std::to_string(i % 100 + 1);
            for (int n = 0; !enough.stop_requested(); ++n) {
                const auto status =
                    sign_in_from(from, center.server, "login" + std::to_string(i) + "x" + std::to_string(n), "guess")
                        .status;
                ++tried;
                if (status == 401) ++looked_at;
            }
        });
    std::vector<double> took_s;
    const auto begin = steady::now();
    for (int mails = 0; steady::now() - begin < std::chrono::seconds{5}; ++mails) {
        const auto asked = steady::now();
        center.mail("mailbox", "ada" + std::to_string(mails) + "@example.com");
        took_s.push_back(std::chrono::duration<double>(steady::now() - asked).count());
    }
    for (auto& a : attackers) a.request_stop();
    attackers.clear();
    EXPECT_GT(looked_at, 10) << "the pool was at work all the time";
    const auto longest_s = std::ranges::max(took_s);
    EXPECT_LT(longest_s, 2.0) << tried << " tries, " << looked_at << " hashes, " << took_s.size() << " mails";
    RecordProperty("longest_ms", static_cast<int>(longest_s * 1000));
    std::cout << tried << " tries, " << looked_at << " hashes, " << took_s.size() << " mails, the slowest " << longest_s
              << " s\n";
}

} // namespace
} // namespace switchboard::test
