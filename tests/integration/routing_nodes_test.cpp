#include "support/bench_center.hpp"
#include "support/eavesdropper.hpp"
#include "support/http_client.hpp"
#include "support/spawned_server.hpp"
#include "support/websocket_client.hpp"

#include <nlohmann/json.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

/// Two real processes over one PostgreSQL; the one that leads is killed, or stopped and woken.
namespace switchboard::test {
namespace {

using steady = std::chrono::steady_clock;

class two_nodes : public testing::Test {
protected:
    bench_center center;
    std::vector<std::int64_t> agents = center.add_agents(160, true); // a mail rings alone at its agent
    std::unique_ptr<spawned_server> first, second;

    void SetUp() override {
        first = start();
        second = start();
    }

    std::unique_ptr<spawned_server> start() const {
        return std::make_unique<spawned_server>(std::vector<std::string>{"serve"}, center.environment());
    }
    static bool leads(const spawned_server& s) {
        return send_request(s.ops_port(), "GET", "/readyz").body.find(R"("leading")") != std::string::npos;
    }
    void write_to(const spawned_server& s, int from, int to) const {
        for (int i = from; i < to; ++i) {
            const auto n = std::to_string(i);
            const auto answer = send_request(
                s.port(), "POST", "/api/v1/intake/" + std::string{bench_center::gateway},
                "From: c" + n + "@example.com\r\nSubject: Hello " + n + "\r\nMessage-ID: <" + n +
                    "@example.com>\r\n\r\nHi.\r\n",
                {{"Authorization", std::string{"Bearer "} + bench_center::token}, {"Content-Type", "message/rfc822"}});
            EXPECT_EQ(answer.status, 201) << answer.body;
        }
    }
    std::string offered() const { return center.sql("SELECT count(*) FROM offer WHERE state = 'offered'"); }

    static double seconds_until(const std::function<bool()>& done) {
        const auto begin = steady::now();
        while (!done()) {
            if (steady::now() - begin > std::chrono::seconds{60}) return 60;
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
        }
        return std::chrono::duration<double>(steady::now() - begin).count();
    }

    /// Each ticket has one offer, and each agent's load is what is offered to him.
    void expect_nothing_lost_or_doubled(int tickets) const {
        EXPECT_EQ(offered(), std::to_string(tickets));
        EXPECT_EQ(center.sql("SELECT count(DISTINCT ticket_id) FROM offer"), std::to_string(tickets));
        EXPECT_EQ(center.sql("SELECT count(*) FROM offer"), std::to_string(tickets)) << "nothing was offered twice";
        EXPECT_EQ(
            center.sql(
                "SELECT count(*) FROM agent_load l WHERE l.channel = 'email' AND l.used <> (SELECT count(*) FROM offer "
                "o WHERE o.agent_id = l.agent_id AND o.state = 'offered')"),
            "0");
        EXPECT_EQ(center.sql("SELECT count(*) FROM event WHERE type = 'offer.created'"), std::to_string(tickets));
    }
};

TEST_F(two_nodes, go_on_when_the_leader_is_killed) {
    ASSERT_LT(seconds_until([&] { return leads(*first) || leads(*second); }), 60);
    auto& leader = leads(*first) ? first : second;
    auto& heir = leads(*first) ? second : first;
    write_to(*leader, 0, 50);
    ASSERT_LT(seconds_until([&] { return offered() == "50"; }), 60);
    leader->end_by(SIGKILL);
    write_to(*heir, 50, 100);
    const auto after = seconds_until([&] { return leads(*heir); });
    EXPECT_LT(after, 60);
    std::printf("the heir leads after %.1f s\n", after);
    EXPECT_LT(seconds_until([&] { return offered() == "100"; }), 60);
    expect_nothing_lost_or_doubled(100);
}

TEST_F(two_nodes, go_on_when_the_leader_sleeps_and_let_it_do_nothing_when_it_wakes) {
    ASSERT_LT(seconds_until([&] { return leads(*first) || leads(*second); }), 60);
    auto& leader = leads(*first) ? first : second;
    auto& heir = leads(*first) ? second : first;
    write_to(*leader, 0, 50);
    ASSERT_LT(seconds_until([&] { return offered() == "50"; }), 60);
    const auto epoch = center.sql("SELECT epoch FROM shard_lease");
    ASSERT_EQ(::kill(leader->pid(), SIGSTOP), 0);
    write_to(*heir, 50, 100);
    const auto after = seconds_until([&] { return leads(*heir); });
    EXPECT_LT(after, 60);
    std::printf("the heir leads after %.1f s\n", after);
    EXPECT_LT(seconds_until([&] { return offered() == "100"; }), 60);
    ASSERT_EQ(::kill(leader->pid(), SIGCONT), 0); // it believes still that it leads, and new mail comes to it
    write_to(*leader, 100, 150);
    EXPECT_LT(seconds_until([&] { return offered() == "150"; }), 60);
    EXPECT_LT(seconds_until([&] { return !leads(*leader); }), 60);
    EXPECT_TRUE(leads(*heir));
    expect_nothing_lost_or_doubled(150);
    EXPECT_EQ(center.sql("SELECT count(*) FROM offer WHERE epoch = " + epoch +
                         " AND created_at > (SELECT min(created_at) FROM offer WHERE epoch > " + epoch + ")"),
              "0")
        << "nothing of the old epoch after the new one began";
}

TEST_F(two_nodes, bring_each_promise_in_step_and_notice_that_it_is_missed_once_between_them) {
    ASSERT_LT(seconds_until([&] { return leads(*first) || leads(*second); }), 60);
    write_to(*first, 0, 50);
    write_to(*second, 50, 100);
    ASSERT_LT(seconds_until([&] { return offered() == "100"; }), 60);
    center.sql("UPDATE queue SET sla_target_s = 1, version = version + 1");
    const auto count = [&](const std::string& what) { return center.sql("SELECT count(*) FROM " + what); };
    EXPECT_LT(seconds_until([&] { return count("sla_entry WHERE kind = 'breached'") == "100"; }), 60);
    EXPECT_LT(seconds_until([&] { return count("promise_review") == "0"; }), 60) << "the second look ends as well";
    for (const auto* kind : {"started", "repriced", "breached"}) {
        const auto lines = std::string{"sla_entry WHERE kind = '"} + kind + "'";
        EXPECT_EQ(count(lines), "100") << kind;
        EXPECT_EQ(count("(SELECT DISTINCT ticket_id FROM " + lines + ") one"), "100") << kind;
    }
    for (const auto* change : {"sla_repriced", "sla_breached"})
        EXPECT_EQ(count(std::string{"event WHERE data->>'change' = '"} + change + "'"), "100") << change;
    expect_nothing_lost_or_doubled(100);
}

/// One leads, one follows, and each rings for the other.
class rung_nodes : public two_nodes {
protected:
    spawned_server* leader = nullptr;
    spawned_server* follower = nullptr;

    /// Only one agent is there, for one mail at a time.
    void SetUp() override {
        center.sql("UPDATE presence SET state = 'not_ready' WHERE agent_id <> " + std::to_string(agents.front()));
        center.sql("UPDATE agent_channel SET capacity = 1");
        center.sql("UPDATE agent_load SET capacity = 1 WHERE channel = 'email'");
        two_nodes::SetUp();
        ASSERT_LT(seconds_until([&] { return leads(*first) || leads(*second); }), 60);
        leader = leads(*first) ? first.get() : second.get();
        follower = leads(*first) ? second.get() : first.get();
        const auto listening = [&] {
            return center.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'switchboard bell'");
        };
        ASSERT_LT(seconds_until([&] { return listening() == "2"; }), 60);
    }
    headers cookie_of(std::int64_t user) const {
        return {{"Cookie", "switchboard_session=" + center.session_of(user)},
                {"X-CSRF-Token", "csrf"},
                {"Content-Type", "application/json"}};
    }
    /// For people to read. That a bell alone is enough node_bell.cpp holds, where nobody looks by himself.
    static double median(std::vector<double> all) {
        std::ranges::sort(all);
        return all.at(all.size() / 2);
    }
};

TEST_F(rung_nodes, show_on_their_sockets_what_was_taken_in_elsewhere) {
    websocket_client live{
        leader->port(), "/api/v1/live", {{"Authorization", std::string{"Bearer "} + bench_center::token}}};
    live.send({{"type", "hello"}});
    live.until("welcome");
    std::vector<double> took;
    eavesdropper anybody{center.url()};
    for (int i = 0; i < 20; ++i) {
        write_to(*follower, i, i + 1);
        const auto taken = steady::now();
        live.until("contact.received");
        took.push_back(std::chrono::duration<double>(steady::now() - taken).count());
    }
    std::printf("seen on the other node after %.1f ms (median of %zu)\n", median(took) * 1000, took.size());
    EXPECT_GE(anybody.heard(), 10) << "they were rung for";
}

TEST_F(rung_nodes, let_the_leader_hear_what_an_agent_did_elsewhere) {
    const auto me = cookie_of(agents.front());
    const auto post = [&](const std::string& path, const nlohmann::json& body, int status) {
        const auto answer = send_request(follower->port(), "POST", path, body.dump(), me);
        ASSERT_EQ(answer.status, status) << answer.body;
    };
    const auto offer = [&] { return center.sql("SELECT id FROM offer WHERE state = 'offered'"); };
    write_to(*follower, 0, 11);
    std::vector<double> took;
    eavesdropper anybody{center.url()};
    for (int i = 0; i < 10; ++i) {
        ASSERT_LT(seconds_until([&] { return !offer().empty(); }), 60);
        const auto id = offer();
        const auto ticket = center.sql("SELECT ticket_id FROM offer WHERE id = " + id);
        (void)anybody.heard();
        post("/api/v1/offers/" + id + "/accept", nlohmann::json::object(), 200);
        post("/api/v1/tickets/" + ticket + "/solve", {{"disposition", "resolved"}}, 200);
        EXPECT_LT(seconds_until([&] { return anybody.heard() > 0; }), 60) << "the other node is rung for";
        took.push_back(seconds_until([&] { return !offer().empty() && offer() != id; }));
        EXPECT_LT(took.back(), 60);
    }
    std::printf("offered the next one after %.1f ms (median of %zu)\n", median(took) * 1000, took.size());
}

TEST_F(rung_nodes, ring_for_nobody_once_they_are_alone) {
    eavesdropper anybody{center.url()};
    write_to(*leader, 0, 5);
    ASSERT_LT(seconds_until([&] { return anybody.heard() > 0; }), 60);
    follower->end_by(SIGTERM);
    int mails = 5;
    const auto gone = steady::now();
    // Until it has noticed, which it does by what it sends, a second later.
    for (int rung = 1; rung > 0 || steady::now() - gone < std::chrono::milliseconds{1500}; ++mails) {
        write_to(*leader, mails, mails + 1);
        rung = anybody.heard();
    }
    write_to(*leader, mails, mails + 50);
    EXPECT_EQ(anybody.heard(), 0);
}

} // namespace
} // namespace switchboard::test
