#include "support/test_cluster.hpp"

#include <switchboard/live/hub.hpp>
#include <switchboard/store/database.hpp>
#include <switchboard/store/event_log.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <pqxx/pqxx>

#include <chrono>
#include <future>
#include <string>
#include <vector>

/// Where a hub stands in the log; tests/integration/live_test.cpp has it behind real sockets.
namespace switchboard::test {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using nlohmann::json;

class hub : public testing::Test {
protected:
    std::string sql(const std::string& text) const {
        pqxx::connection c{database.url()};
        const auto rows = pqxx::nontransaction{c}.exec(text);
        return rows.empty() ? "" : rows[0][0].c_str();
    }
    cursor write(int ticket) const {
        return parse_cursor(sql("INSERT INTO event (type, ticket_id, data) VALUES ('ticket.changed', " +
                                std::to_string(ticket) + ", '{}') RETURNING xid::text || '-' || id"))
            .value();
    }
    /// Transactions that leave nothing: after a crash of the machine PostgreSQL gives their numbers out again.
    void roll_back(int times) const {
        pqxx::connection c{database.url()};
        for (int i = 0; i < times; ++i) pqxx::work{c}.exec("SELECT pg_current_xact_id()");
    }
    template <class T>
    T wait_for(asio::awaitable<T> what) {
        auto done = asio::co_spawn(io, std::move(what), asio::use_future);
        while (done.wait_for(0s) != std::future_status::ready) io.run_one();
        return done.get();
    }
    live::subscriber_id subscribe() {
        return live.subscribe({.user_id = 1, .granted = grants::everything()}, {},
                              {.send =
                                   [this](live::frame f) {
                                       const auto frame = json::parse(*f);
                                       if (frame.contains("ticket_id")) told.push_back(frame["ticket_id"].get<int>());
                                       return true;
                                   },
                               .room = [] { return std::size_t{100}; },
                               .close = [](int, std::string) {}});
    }

    fresh_database database;
    asio::io_context io;
    asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
    store::database rows{database.url(), {.connections = 2}};
    store::event_log log{rows};
    live::hub live{io.get_executor(), log, [this](std::span<const event> page) {
                       for (const auto& e : page) followed.push_back(static_cast<int>(e.ticket_id.value()));
                   }};
    std::vector<int> told, followed;
};

TEST_F(hub, tells_its_rooms_all_that_is_committed_after_it_has_begun_however_late_it_runs) {
    write(1);
    wait_for(live.begin());
    write(2);
    write(3);
    asio::co_spawn(io, live.run(), asio::detached);
    while (followed.size() < 2) io.run_one();
    EXPECT_THAT(followed, testing::ElementsAre(2, 3));
    live.stop();
}

/// Both nodes were killed, a browser came back to the first that served, and missed the last event before: the hub had
/// not found its place yet, so that the browser counted as up with it.
TEST_F(hub, loses_nothing_of_who_comes_back_before_its_first_look) {
    const auto had = write(1);
    write(2);
    wait_for(live.begin());
    write(3);
    live.hello(subscribe(), had);
    while (told.empty()) io.run_one();
    asio::co_spawn(io, live.run(), asio::detached);
    while (told.size() < 2) io.run_one();
    EXPECT_THAT(told, testing::ElementsAre(2, 3));
    live.stop();
}

TEST_F(hub, stands_at_an_event_and_not_at_a_transaction_that_left_nothing) {
    const auto last = write(1);
    roll_back(3);
    EXPECT_EQ(to_string(wait_for(log.end())), to_string(last));
}

TEST_F(hub, stands_at_the_beginning_of_a_log_that_is_empty) {
    EXPECT_EQ(wait_for(log.end()), cursor{});
}

} // namespace
} // namespace switchboard::test
