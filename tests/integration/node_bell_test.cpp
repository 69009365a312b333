#include "support/eavesdropper.hpp"
#include "support/test_cluster.hpp"
#include "support/websocket_client.hpp"

#include <switchboard/live/hub.hpp>
#include <switchboard/store/database.hpp>
#include <switchboard/store/event_log.hpp>
#include <switchboard/store/node_bell.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <pqxx/pqxx>

#include <atomic>
#include <chrono>
#include <ctime>
#include <optional>
#include <span>
#include <thread>

/// The bell between nodes by itself; tests/integration/routing_nodes_test.cpp has it in real processes.
namespace switchboard::test {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

/// A node's end of it, and its io thread.
struct node {
    explicit node(const std::string& url) : bell{url, io.get_executor(), [this] { ++heard; }} { bell.start(); }
    ~node() {
        bell.stop();
        work.reset();
        runner.join();
    }

    asio::io_context io;
    asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
    std::atomic<int> heard = 0;
    store::node_bell bell;
    std::thread runner{[this] { io.run(); }};
};

class node_bell : public testing::Test {
protected:
    fresh_database database;

    std::string sql(const std::string& text) const {
        pqxx::connection c{database.url()};
        const auto rows = pqxx::nontransaction{c}.exec(text);
        return rows.empty() ? "" : rows[0][0].c_str();
    }
    void listening(int nodes) const {
        eventually(
            [&] {
                return sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'switchboard bell' AND "
                           "datname = current_database()") == std::to_string(nodes);
            },
            "they listen");
    }
    /// One rings until the other has heard it once more.
    static void reaches(node& from, node& to) {
        const auto before = to.heard.load();
        eventually(
            [&] {
                from.bell.ring();
                return to.heard > before;
            },
            "it is heard");
    }
};

TEST_F(node_bell, is_heard_by_all_others_and_not_by_oneself) {
    node one{database.url()}, two{database.url()}, three{database.url()};
    listening(3);
    one.bell.ring();
    eventually([&] { return two.heard == 1 && three.heard == 1; }, "both hear it");
    two.bell.ring();
    eventually([&] { return one.heard >= 1 && three.heard == 2; }, "the next one too");
    EXPECT_EQ(one.heard, 1) << "its own it did not hear";
}

TEST_F(node_bell, rung_often_is_sent_at_most_every_few_milliseconds) {
    node one{database.url()}, two{database.url()};
    listening(2);
    const auto began = clock::now();
    eventually( // several sent while the other sleeps may be heard as one
        [&] {
            for (int i = 0; i < 20'000; ++i) one.bell.ring();
            return two.heard >= 10;
        },
        "it is heard again and again");
    EXPECT_LE(two.heard, (clock::now() - began) / 5ms + 1);
}

TEST_F(node_bell, of_a_node_that_is_alone_is_silent_until_another_is_there) {
    eavesdropper anybody{database.url()};
    node one{database.url()};
    listening(1);
    const auto began = clock::now();
    while (clock::now() - began < 1500ms) one.bell.ring(); // longer than it trusts what it knows
    EXPECT_EQ(anybody.heard(), 0);

    node two{database.url()};
    listening(2);
    reaches(one, two);
    EXPECT_GE(anybody.heard(), 1) << "whoever listens hears it: so nothing was sent before";
}

/// A hub looks at the log by itself, too, lest a bell be lost: but this one only after an hour.
TEST_F(node_bell, alone_brings_a_hub_what_another_node_has_committed) {
    asio::io_context io;
    store::database rows{database.url(), {.connections = 1}};
    store::event_log log{rows};
    std::atomic<std::int64_t> seen = 0, written = 0;
    live::hub hub{io.get_executor(), log,
                  [&](std::span<const event> page) { seen = page.back().ticket_id.value_or(0); }, 1h};
    store::node_bell bell{database.url(), io.get_executor(), [&] { hub.wake(); }};
    bell.start();
    node other{database.url()};
    listening(2);
    asio::co_spawn(
        io,
        [&]() -> asio::awaitable<void> {
            co_await hub.begin();
            co_await hub.run();
        },
        asio::detached);
    asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
    std::thread runner{[&] { io.run(); }};
    const auto write = [&] {
        sql(fmt::format("INSERT INTO event (type, ticket_id, data) VALUES ('ticket.changed', {}, '{{}}')", ++written));
        other.bell.ring();
    };
    eventually([&] { return write(), seen > 0; }, "the hub has begun"); // what was there before, it does not tell
    eventually([&] { return other.bell.ring(), seen == written; }, "all of that is seen");
    for (int i = 0; i < 20; ++i) {
        write();
        eventually([&] { return seen == written; }, "it is seen, and rung for once");
    }
    bell.stop();
    asio::post(io, [&] { hub.stop(); });
    work.reset();
    runner.join();
}

TEST_F(node_bell, is_mended_when_its_connection_breaks) {
    node one{database.url()}, two{database.url()};
    listening(2);
    reaches(one, two);
    ASSERT_EQ(sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = "
                  "'switchboard bell' AND datname = current_database()"),
              "2");
    listening(2);
    reaches(one, two);
    reaches(two, one);
}

/// However often it is rung meanwhile.
TEST(lonely_node_bell, tries_again_after_growing_pauses_neither_spins_nor_holds_up_the_end) {
    asio::io_context io;
    asio::ip::tcp::acceptor nothing{io, {asio::ip::address_v4::loopback(), 0}}; // takes connections and drops them
    std::optional<node> lost;
    lost.emplace(
        fmt::format("postgresql://nobody@127.0.0.1:{}/nothing?sslmode=disable", nothing.local_endpoint().port()));
    const auto tried = [&] {
        (void)nothing.accept(); // closes at once
        for (int i = 0; i < 100; ++i) lost->bell.ring();
        return clock::now();
    };
    const auto first = tried();
    const auto cpu = std::clock();
    const auto second = tried(), third = tried(), fourth = tried(), fifth = tried();
    EXPECT_GE(second - first, 90ms);
    EXPECT_GE(third - second, 190ms);
    EXPECT_GE(fourth - third, 390ms);
    EXPECT_GE(fifth - fourth, 790ms);
    EXPECT_LT(static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC, 0.1) << "of a second and a half";
    const auto sixth = tried();
    lost.reset();
    EXPECT_LT(clock::now() - sixth, 3s) << "in the middle of a pause of 3.2 s";
}

} // namespace
} // namespace switchboard::test
