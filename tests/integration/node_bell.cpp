#include "support/test_cluster.hpp"
#include "support/websocket_client.hpp"

#include <switchboard/store/node_bell.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <pqxx/pqxx>

#include <atomic>
#include <chrono>
#include <ctime>
#include <optional>
#include <thread>

/// The bell between nodes by itself; tests/integration/routing_nodes.cpp has it in real processes.
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

/// Somebody who hears all that is sent, and whom no node knows.
class eavesdropper : public pqxx::notification_receiver {
public:
    explicit eavesdropper(pqxx::connection& c) : notification_receiver{c, "switchboard"} {}
    void operator()(const std::string&, int) override { ++heard; }
    int heard = 0;
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
    pqxx::connection c{database.url()};
    eavesdropper anybody{c};
    node one{database.url()};
    listening(1);
    const auto began = clock::now();
    while (clock::now() - began < 1500ms) one.bell.ring(); // longer than it trusts what it knows
    c.get_notifs();
    EXPECT_EQ(anybody.heard, 0);

    node two{database.url()};
    listening(2);
    const auto came = clock::now();
    reaches(one, two);
    EXPECT_LT(clock::now() - came, 2s) << "within about a second";
    c.get_notifs();
    EXPECT_GE(anybody.heard, 1) << "whoever listens hears it: so nothing was sent before";
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
    lost.reset();
    EXPECT_LT(clock::now() - fifth, 1s) << "in the middle of a pause of 1.6 s";
}

} // namespace
} // namespace switchboard::test
