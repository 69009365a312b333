#include "support/bench_center.hpp"
#include "support/http_client.hpp"
#include "support/shifted_clock.hpp"
#include "support/smtp_sink.hpp"
#include "support/spawned_server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <csignal>
#include <functional>
#include <map>
#include <memory>
#include <thread>

/// Clocks that are set while offers ring, replies wait and a leader dies: hours and days cost seconds. Real processes,
/// under clocks of their own.
namespace switchboard::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using steady = std::chrono::steady_clock;

constexpr int ring_s = 8;

class clocks : public testing::Test {
protected:
    shifted_clock database_clock, nodes_clock;
    shifted_postgres postgres{database_clock};
    bench_center center{postgres.url()};
    smtp_sink mailbox;
    std::vector<std::int64_t> agents = center.add_agents(2, true);
    std::unique_ptr<spawned_server> leader, follower;

    void SetUp() override {
        center.sql(fmt::format("UPDATE queue SET ring_s = {}, cool_s = 0", ring_s));
        center.sql("UPDATE gateway SET from_address = 'help@shop.example'");
        leader = start();
        ASSERT_LT(seconds_until([&] { return leads(*leader); }), 60);
        follower = start();
        ASSERT_LT(seconds_until([&] { return readiness(*follower)["routing"] == "following"; }), 60);
    }

    std::unique_ptr<spawned_server> start() const {
        auto how = center.environment();
        how.merge(nodes_clock.environment());
        how["SWITCHBOARD_SMTP_URL"] = fmt::format("smtp://127.0.0.1:{}", mailbox.port());
        how["SWITCHBOARD_LOG_LEVEL"] = "warn";
        return std::make_unique<spawned_server>(std::vector<std::string>{"serve"}, how);
    }
    static json readiness(const spawned_server& s) {
        return json::parse(send_request(s.ops_port(), "GET", "/readyz").body, nullptr, false);
    }
    static bool leads(const spawned_server& s) { return readiness(s)["routing"] == "leading"; }

    std::int64_t write_to(const spawned_server& s) {
        const auto n = std::to_string(++letters_);
        const auto answer = send_request(
            s.port(), "POST", "/api/v1/intake/" + std::string{bench_center::gateway},
            "From: c" + n + "@example.com\r\nSubject: Hello\r\nMessage-ID: <" + n + "@example.com>\r\n\r\nHi.\r\n",
            {{"Authorization", std::string{"Bearer "} + bench_center::token}, {"Content-Type", "message/rfc822"}});
        EXPECT_EQ(answer.status, 201) << answer.body;
        return answer.json()["ticket_id"];
    }
    /// The ticket's offer that nobody has answered; empty if it has none.
    std::string ringing(std::int64_t ticket) const {
        return center.sql("SELECT id FROM offer WHERE state = 'offered' AND ticket_id = " + std::to_string(ticket));
    }
    http_answer act(const spawned_server& s, std::int64_t agent, const std::string& path, const json& body) {
        if (!sessions_.contains(agent)) sessions_[agent] = center.session_of(agent);
        return send_request(s.port(), "POST", "/api/v1/" + path, body.dump(),
                            {{"Cookie", "switchboard_session=" + sessions_[agent]},
                             {"X-CSRF-Token", "csrf"},
                             {"Content-Type", "application/json"}});
    }
    /// A ticket that somebody has taken and answered: the answer leaves in eight seconds.
    void answer_one(const spawned_server& s) {
        const auto ticket = write_to(s);
        ASSERT_LT(seconds_until([&] { return !ringing(ticket).empty(); }), 60);
        const auto offer = ringing(ticket);
        const auto agent = std::stoll(center.sql("SELECT agent_id FROM offer WHERE id = " + offer));
        ASSERT_EQ(act(s, agent, "offers/" + offer + "/accept", json::object()).status, 200);
        const auto sent = act(s, agent, fmt::format("tickets/{}/replies", ticket), {{"text", "It does."}});
        ASSERT_EQ(sent.status, 201) << sent.body;
    }

    static double seconds_until(const std::function<bool()>& done) {
        const auto begin = steady::now();
        while (!done()) {
            if (steady::now() - begin > 60s) return 60;
            std::this_thread::sleep_for(20ms);
        }
        return std::chrono::duration<double>(steady::now() - begin).count();
    }

    enum class whose { everybodys, the_databases, the_nodes };

    /// Sets the clock while a reply waits and an offer rings, and lets the leader die with it, or live. What is not
    /// mended takes hours, so a minute tells; the figures are printed.
    void survives(whose clock, std::chrono::hours by, bool leader_dies) {
        answer_one(*leader);
        const auto rings = write_to(*leader);
        ASSERT_LT(seconds_until([&] { return !ringing(rings).empty(); }), 60);
        const auto offer = ringing(rings);

        const auto began = steady::now();
        const auto since = [&] { return std::chrono::duration<double>(steady::now() - began).count(); };
        if (clock != whose::the_nodes) database_clock.set_ahead(by);
        if (clock != whose::the_databases) nodes_clock.set_ahead(by);
        if (leader_dies) leader->end_by(SIGKILL);
        const auto& there = leader_dies ? *follower : *leader;

        const auto fresh = write_to(there);
        EXPECT_LT(seconds_until([&] { return !ringing(fresh).empty(); }), 60) << "a new ticket finds nobody";
        const auto offered = since();
        EXPECT_LT(seconds_until([&] { return center.sql("SELECT state FROM offer WHERE id = " + offer) != "offered"; }),
                  60)
            << "it rings on";
        const auto rang = since();
        EXPECT_NO_THROW(mailbox.next()) << "the reply waits on";
        const auto sent = since();
        EXPECT_LT(seconds_until([&] { return !ringing(rings).empty(); }), 60) << "nobody else is asked";
        EXPECT_TRUE(leads(there) || leads(*follower));
        EXPECT_EQ(send_request(there.port(), "GET", "/readyz").status, 200);
        EXPECT_EQ(center.sql("SELECT count(*) FROM presence WHERE state <> 'ready'"), "0")
            << "nobody is sent away for what the clock did";
        fmt::print("{:+} h of {}, leader {}: a new ticket offered after {:.1f} s, the offer of {} s ended after "
                   "{:.1f} s, the reply of 8 s left after {:.1f} s\n",
                   by.count(),
                   clock == whose::everybodys      ? "all clocks"
                   : clock == whose::the_databases ? "the database's clock"
                                                   : "the nodes' clocks",
                   leader_dies ? "dies" : "lives", offered, ring_s, rang, sent);
    }

private:
    int letters_ = 0;
    std::map<std::int64_t, std::string> sessions_;
};

TEST_F(clocks, set_two_hours_back_cost_seconds) {
    survives(whose::everybodys, -2h, false);
}
TEST_F(clocks, set_two_hours_back_cost_seconds_when_the_leader_dies_with_it) {
    survives(whose::everybodys, -2h, true);
}
TEST_F(clocks, set_two_hours_ahead_cost_seconds) {
    survives(whose::everybodys, 2h, false);
}
TEST_F(clocks, set_two_hours_ahead_cost_seconds_when_the_leader_dies_with_it) {
    survives(whose::everybodys, 2h, true);
}
TEST_F(clocks, set_two_days_back_cost_seconds_when_the_leader_dies_with_it) {
    survives(whose::the_databases, -48h, true);
}
TEST_F(clocks, set_two_days_ahead_cost_seconds_when_the_leader_dies_with_it) {
    survives(whose::the_databases, 48h, true);
}
TEST_F(clocks, of_nodes_alone_may_go_as_they_like) {
    survives(whose::the_nodes, -48h, false);
}

TEST_F(clocks, that_differ_are_told) {
    EXPECT_EQ(readiness(*leader)["clock"], "ok");
    nodes_clock.set_ahead(-10s);
    ASSERT_LT(seconds_until([&] { return readiness(*leader)["clock"] != "ok"; }), 60);
    EXPECT_EQ(readiness(*leader)["clock"], "this machine's clock is 10.0 s behind the database's");
    EXPECT_EQ(send_request(leader->port(), "GET", "/readyz").status, 200) << "nothing depends on it";
    nodes_clock.set_ahead(0s);
    ASSERT_LT(seconds_until([&] { return readiness(*leader)["clock"] == "ok"; }), 60);
}

TEST_F(clocks, or_none_without_anybody_who_leads_nobody_is_ready) {
    center.sql("ALTER TABLE shard_lease RENAME TO nobodys"); // so that nobody can even ask who leads
    for (const auto* node : {leader.get(), follower.get()}) {
        EXPECT_LT(seconds_until([&] { return send_request(node->port(), "GET", "/readyz").status == 503; }), 60);
        const std::string routing = readiness(*node)["routing"];
        EXPECT_TRUE(routing.starts_with("nobody has led for ")) << routing;
    }
    center.sql("ALTER TABLE nobodys RENAME TO shard_lease");
    for (const auto* node : {leader.get(), follower.get()})
        EXPECT_LT(seconds_until([&] { return send_request(node->port(), "GET", "/readyz").status == 200; }), 60);
}

} // namespace
} // namespace switchboard::test
