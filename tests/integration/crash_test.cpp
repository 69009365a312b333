// What was acknowledged is there, once, whatever is killed. The real program with a PostgreSQL of its own that syncs to
// the disk; nothing here may use the cluster of the other tests, which does not.

#include "support/http_client.hpp"
#include "support/spawned_server.hpp"
#include "support/temporary_folder.hpp"

#include <boost/system/system_error.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <pqxx/pqxx>

#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

namespace switchboard {
namespace {

using test::spawned_server;

constexpr int senders = 8;
const test::headers as_gateway{{"Authorization", "Bearer sb_demo_gateways"}, {"Content-Type", "message/rfc822"}};
const auto target = "/api/v1/intake/support-mail";

std::string mail(int number) {
    return fmt::format("From: Customer {0} <c{0}@crash.example>\r\nTo: support@example.com\r\nSubject: Letter {0}\r\n"
                       "Message-ID: <{0}@crash.example>\r\n\r\n{1}\r\n",
                       number, std::string(4000, 'x'));
}

/// Senders who post one mail after the other and remember what they were told, until the connection breaks.
class flood {
public:
    explicit flood(std::uint16_t port) {
        for (int i = 0; i < senders; ++i) threads_.emplace_back([this, port] { send(port); });
    }
    void wait_for_acknowledged(std::size_t wanted) {
        while (acknowledged_ < wanted && ended_ < senders) std::this_thread::yield();
    }
    std::size_t count() const { return acknowledged_; }
    std::size_t refused() const { return refused_; }
    /// Why the senders have ended, if they have.
    std::string last_words() {
        const std::lock_guard lock{mutex_};
        return last_words_;
    }
    /// Within a minute, while they still send.
    bool comes_to(const std::function<bool()>& so) const {
        const auto latest = std::chrono::steady_clock::now() + std::chrono::minutes{1};
        while (!so() && ended_ < senders && std::chrono::steady_clock::now() < latest)
            std::this_thread::sleep_for(std::chrono::milliseconds{5});
        return so();
    }
    void join() {
        for (auto& t : threads_) t.join();
        threads_.clear();
    }

    std::map<int, std::int64_t> acknowledged; // mail -> contact
    std::set<int> unanswered;

private:
    void send(std::uint16_t port) {
        int number = 0;
        try {
            test::kept_connection connection{port};
            for (;;) {
                number = next_++;
                const auto answer = connection.send("POST", target, mail(number), as_gateway);
                // As gateways do; eight that ask on at once leave a small machine no time to bring the database back.
                if (answer.status == 503) std::this_thread::sleep_for(std::chrono::milliseconds{20});
                const std::lock_guard lock{mutex_};
                if (answer.status == 201)
                    acknowledged.emplace(number, answer.json()["contact_id"]);
                else if (answer.status == 503) { // it could not promise anything
                    EXPECT_FALSE(answer.header("retry-after").empty());
                    unanswered.insert(number);
                    ++refused_;
                } else
                    ADD_FAILURE() << answer.status << ' ' << answer.body;
                acknowledged_ = acknowledged.size();
            }
        } catch (const std::exception& e) { // killed, perhaps within the head of an answer
            const std::lock_guard lock{mutex_};
            unanswered.insert(number);
            last_words_ = e.what();
        }
        ++ended_;
    }

    std::atomic<int> next_ = 0, ended_ = 0;
    std::atomic<std::size_t> acknowledged_ = 0, refused_ = 0;
    std::string last_words_;
    std::mutex mutex_;
    std::vector<std::thread> threads_;
};

class crash : public testing::Test {
protected:
    std::unique_ptr<spawned_server> start() {
        const std::vector<std::string> how{"serve", "--demo"};
        return std::make_unique<spawned_server>(how,
                                                spawned_server::environment{{"SWITCHBOARD_DATABASE_FOLDER", place}});
    }
    pid_t postgres() const {
        pid_t pid = 0;
        std::ifstream(place + "/data/postmaster.pid") >> pid;
        return pid;
    }
    std::vector<std::pair<std::string, int>> letters() const {
        std::string url;
        std::getline(std::ifstream{place + "/url"}, url);
        pqxx::connection c{url};
        pqxx::nontransaction ask{c};
        EXPECT_STREQ(ask.exec("SHOW fsync")[0][0].c_str(), "on");
        EXPECT_STREQ(ask.exec("SHOW synchronous_commit")[0][0].c_str(), "on");
        std::vector<std::pair<std::string, int>> out;
        for (const auto& r :
             ask.exec("SELECT c.external_id, count(*) FROM contact c JOIN contact_raw r ON r.contact_id = c.id "
                      "JOIN ticket t ON t.id = c.ticket_id JOIN event e ON e.ticket_id = t.id AND e.type = "
                      "'contact.received' WHERE c.external_id LIKE '%@crash.example' GROUP BY 1"))
            out.emplace_back(r[0].c_str(), r[1].as<int>());
        return out;
    }

    /// Rows whose references no constraint guards, since intake writes them in bulk.
    int pointing_nowhere() const {
        std::string url;
        std::getline(std::ifstream{place + "/url"}, url);
        pqxx::connection c{url};
        pqxx::nontransaction ask{c};
        int rows = 0;
        for (const auto& [table, column, parent] :
             std::initializer_list<std::array<const char*, 3>>{{"customer_identity", "customer_id", "customer"},
                                                               {"ticket", "gateway_id", "gateway"},
                                                               {"ticket", "customer_id", "customer"},
                                                               {"contact", "gateway_id", "gateway"},
                                                               {"contact", "ticket_id", "ticket"},
                                                               {"contact", "customer_id", "customer"},
                                                               {"contact_raw", "contact_id", "contact"}})
            rows += ask.exec(fmt::format("SELECT count(*) FROM {0} c WHERE c.{1} IS NOT NULL AND NOT EXISTS (SELECT "
                                         "FROM {2} p WHERE p.id = c.{1})",
                                         table, column, parent))[0][0]
                        .as<int>();
        return rows;
    }

    /// Floods a server, lets `kill` end it in the middle, starts another on what is left, and asks it for everything.
    void survives(const std::function<void(spawned_server&)>& kill) {
        auto server = start();
        flood sent{server->port()};
        sent.wait_for_acknowledged(1500);
        kill(*server);
        sent.join();
        ASSERT_GE(sent.acknowledged.size(), 1500u);
        ASSERT_FALSE(sent.unanswered.empty()) << "it was not killed in the middle";

        server = start();
        std::set<std::string> kept;
        for (const auto& [id, times] : letters()) {
            EXPECT_EQ(times, 1) << id;
            kept.insert(id);
        }
        for (const auto& [number, contact] : sent.acknowledged)
            EXPECT_TRUE(kept.contains(fmt::format("{}@crash.example", number))) << "acknowledged and lost: " << number;

        test::kept_connection again{server->port()};
        int were_kept = 0;
        for (const auto number : sent.unanswered) {
            const auto answer = again.send("POST", target, mail(number), as_gateway);
            const bool known =
                kept.contains(fmt::format("{}@crash.example", number)); // committed, and killed before the answer
            were_kept += known;
            EXPECT_EQ(answer.status, known ? 200 : 201) << answer.body;
            EXPECT_EQ(answer.json()["duplicate"], known);
        }
        for (const auto& [number, contact] : sent.acknowledged) {
            const auto answer = again.send("POST", target, mail(number), as_gateway);
            EXPECT_EQ(answer.status, 200) << answer.body;
            EXPECT_EQ(answer.json()["contact_id"], contact);
        }
        const auto all = letters();
        EXPECT_EQ(all.size(), sent.acknowledged.size() + sent.unanswered.size());
        for (const auto& [id, times] : all) EXPECT_EQ(times, 1) << id;
        EXPECT_EQ(pointing_nowhere(), 0);
        fmt::print("{} acknowledged, {} unanswered ({} of them kept), {} rows\n", sent.acknowledged.size(),
                   sent.unanswered.size(), were_kept, all.size());
    }

    const test::temporary_folder here{"crash"};
    const std::string place = here.path() / "postgres";
};

TEST_F(crash, of_the_server_in_a_flood_loses_and_doubles_nothing) {
    survives([](spawned_server& server) { server.end_by(SIGKILL); });
}

TEST_F(crash, of_the_server_and_its_database_loses_and_doubles_nothing) {
    survives([this](spawned_server& server) {
        ASSERT_GT(postgres(), 0);
        ::kill(postgres(), SIGKILL); // its backends lose their memory with it: what was not on the disk is gone
        server.end_by(SIGKILL);
    });
}

TEST_F(crash, of_the_database_alone_is_answered_by_503_and_never_by_a_promise_until_it_is_there_again) {
    auto server = start();
    flood sent{server->port()};
    for (std::size_t crashes = 1; crashes <= 3; ++crashes) {
        sent.wait_for_acknowledged(300 * crashes);
        const auto killed = postgres();
        ASSERT_GT(killed, 0);
        const auto refused = sent.refused();
        ::kill(killed, SIGKILL);
        EXPECT_TRUE(sent.comes_to([&] { return sent.refused() > refused; }))
            << "nobody was told; " << sent.last_words();
        const auto acknowledged = sent.count();
        EXPECT_TRUE(sent.comes_to([&] { return sent.count() > acknowledged + senders; }))
            << "it stayed away; " << sent.last_words();
        EXPECT_NE(postgres(), killed);
    }
    EXPECT_TRUE(sent.comes_to([&] { return test::send_request(server->port(), "GET", "/readyz").status == 200; }));
    server->end_by(SIGTERM);
    sent.join();
    server = start();
    const auto all = letters();
    const std::map<std::string, int> kept(all.begin(), all.end());
    for (const auto& [number, contact] : sent.acknowledged) {
        const auto letter = kept.find(fmt::format("{}@crash.example", number));
        ASSERT_NE(letter, kept.end()) << "acknowledged and lost: " << number;
        EXPECT_EQ(letter->second, 1) << number;
    }
    EXPECT_EQ(pointing_nowhere(), 0);
    fmt::print("{} acknowledged, {} refused\n", sent.acknowledged.size(), sent.refused());
}

TEST_F(crash, of_a_database_that_cannot_be_saved_ends_the_server_with_a_status_that_says_so) {
    auto server = start();
    const auto killed = postgres();
    ASSERT_GT(killed, 0);
    std::filesystem::rename(place + "/data", place + "/elsewhere");
    ::kill(killed, SIGKILL);
    EXPECT_EQ(server->status(), 1);
}

} // namespace
} // namespace switchboard
