#include "support/contact_center.hpp"

#include <switchboard/util/time.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <utility>

namespace switchboard::test {
namespace {

using nlohmann::json;

class absence : public testing::Test {
protected:
    /// Whoever loses his sockets is absent at once; what he has in hand goes back after so long.
    explicit absence(std::int64_t return_after_s = 0, std::int64_t absent_s = 1)
        : center{[absent_s](config& c) { c.routing_absent_s = absent_s; }},
          queue{center.queue("Sales", {{"ring_s", 300}, {"return_after_s", return_after_s}})} {
        center.gateway("pbx", "phone", queue);
        center.gateway("site", "chat", queue);
        center.gateway("mail", "email", queue);
    }

    static void close_browser(seat& agent) { const auto closed = std::move(agent.live); }
    /// His socket on the feed is known.
    void is_there(const seat& agent) const {
        eventually(
            [&] { return center.sql(fmt::format("SELECT 1 FROM live_session WHERE agent_id = {}", agent.id)) == "1"; },
            "the socket is known");
    }
    void is_shown_as(const std::string& state, const seat& agent) {
        eventually(
            [&] {
                const auto all = center.admin.get("/api/v1/agents/overview").json();
                for (const auto& a : all["items"])
                    if (a["agent"]["id"] == agent.id) return a["presence"]["state"] == state;
                return false;
            },
            "the agent is shown as " + state);
    }
    json returned(seat& watcher) const {
        return watcher.live
            .until([](const json& f) { return f["type"] == "ticket.changed" && f["data"]["change"] == "returned"; })
            .at("data");
    }
    std::int64_t load_of(const seat& agent) const {
        return center.number(
            fmt::format("SELECT coalesce(sum(used), 0) FROM agent_load WHERE agent_id = {}", agent.id));
    }
    /// As much time passes for whoever has no socket.
    void passes(const std::string& time) const {
        center.sql(fmt::format("UPDATE presence SET absent_since = absent_since - interval '{}', returns_at = now() "
                               "WHERE absent_since IS NOT NULL",
                               time));
    }

    contact_center center;
    std::int64_t queue;
};

TEST_F(absence, case_23_an_agent_who_goes_offline_and_signs_out_leaves_his_chat_to_a_colleague) {
    auto grace = center.agent("grace", {queue}), edsger = center.agent("edsger", {queue});
    grace.ready();
    const auto ticket = center.chat("site", "visitor-1");
    const auto before = grace.take();
    edsger.ready();
    grace.presence({{"state", "offline"}});
    EXPECT_EQ(grace.http.send("DELETE", "/api/v1/session").status, 204);
    const auto offer = edsger.offered();
    EXPECT_EQ(offer["ticket"]["id"], ticket);
    EXPECT_EQ(offer["ticket"]["enqueue_at"], before["enqueue_at"]) << "at its old place";
    EXPECT_EQ(edsger.accept(offer).status, 200);
    EXPECT_EQ(center.chat("site", "visitor-1"), ticket) << "the visitor writes on";
    EXPECT_EQ(load_of(grace), 0);
}

TEST_F(absence, case_23_signing_out_alone_is_as_good) {
    auto grace = center.agent("grace", {queue}), edsger = center.agent("edsger", {queue});
    is_there(grace);
    grace.ready();
    const auto ticket = center.chat("site", "visitor-1");
    grace.take();
    edsger.ready();
    EXPECT_EQ(grace.http.send("DELETE", "/api/v1/session").status, 204);
    EXPECT_EQ(returned(edsger)["cause"], "its agent went offline");
    EXPECT_EQ(edsger.offered()["ticket"]["id"], ticket);
    is_shown_as("offline", grace);
}

TEST_F(absence, signing_out_of_one_browser_is_nothing_while_another_is_open) {
    auto grace = center.agent("grace", {queue});
    auto other = center.sign_in("grace");
    is_there(grace);
    eventually([&] { return center.number("SELECT count(*) FROM live_session") == 2; }, "both sockets are known");
    grace.ready();
    const auto ticket = center.chat("site", "visitor-1");
    grace.take();
    EXPECT_EQ(other.http.send("DELETE", "/api/v1/session").status, 204);
    EXPECT_EQ(grace.ticket(ticket)["state"], "active");
    EXPECT_EQ(grace.work()["presence"]["state"], "ready");
}

TEST_F(absence, case_37_an_agent_who_closes_the_browser_is_shown_as_away_and_colleagues_have_the_work) {
    auto grace = center.agent("grace", {queue}), edsger = center.agent("edsger", {queue}),
         barbara = center.agent("barbara", {queue});
    is_there(grace);
    grace.ready(); // is idle for longest
    edsger.ready({"chat"});
    barbara.ready({"phone"});
    close_browser(grace);
    is_shown_as("offline", grace);
    const auto chat = center.chat("site", "visitor-1"), call = center.call("pbx");
    EXPECT_EQ(edsger.offered()["ticket"]["id"], chat);
    EXPECT_EQ(barbara.offered()["ticket"]["id"], call);
    EXPECT_EQ(center.number(fmt::format("SELECT count(*) FROM offer WHERE agent_id = {}", grace.id)), 0);
}

TEST_F(absence, case_37_what_rings_at_somebody_who_loses_the_network_rings_at_a_colleague) {
    auto grace = center.agent("grace", {queue}), edsger = center.agent("edsger", {queue});
    is_there(grace);
    grace.ready();
    const auto call = center.call("pbx");
    grace.offered();
    edsger.ready();
    close_browser(grace);
    EXPECT_EQ(edsger.offered()["ticket"]["id"], call);
}

TEST_F(absence, case_37_an_agent_who_was_never_there_is_absent_as_well) {
    auto edsger = center.agent("edsger", {queue});
    auto grace = center.agent("grace", {queue});
    is_there(grace);
    close_browser(grace);
    eventually([&] { return center.number("SELECT count(*) FROM live_session") == 1; }, "the socket is gone");
    grace.ready(); // through the API alone
    is_shown_as("offline", grace);
    edsger.ready();
    const auto chat = center.chat("site", "visitor-1");
    EXPECT_EQ(edsger.offered()["ticket"]["id"], chat);
}

TEST_F(absence, a_chat_and_a_call_of_somebody_absent_come_back_to_their_old_place) {
    auto admin = center.sign_in("admin");
    for (const std::string channel : {"chat", "phone"}) {
        auto agent = center.agent("who-takes-" + channel, {queue});
        is_there(agent);
        agent.ready({channel});
        const auto ticket = channel == "chat" ? center.chat("site", "visitor-1") : center.call("pbx");
        const auto before = agent.take();
        close_browser(agent);
        EXPECT_EQ(returned(admin)["cause"], "its agent lost the connection");
        const auto after = admin.ticket(ticket);
        EXPECT_EQ(after["state"], "waiting");
        EXPECT_EQ(after["owner"], nullptr);
        EXPECT_EQ(after["enqueue_at"], before["enqueue_at"]);
        EXPECT_EQ(load_of(agent), 0);
    }
}

TEST_F(absence, what_can_wait_is_put_aside_for_the_agent_and_taken_up_when_he_is_back) {
    auto grace = center.agent("grace", {queue});
    is_there(grace);
    grace.ready();
    const auto call = center.call("pbx");
    grace.take();
    center.sql("UPDATE contact SET duration_s = 61"); // it is over, and to be written down
    auto admin = center.sign_in("admin");
    const auto changed = [&](const std::string& how) {
        return admin.live
            .until([&](const json& f) { return f["type"] == "ticket.changed" && f["data"]["change"] == how; })
            .at("data");
    };
    close_browser(grace);
    EXPECT_EQ(changed("put_aside")["ticket"]["state"], "parked") << "nothing is active with nobody";
    EXPECT_EQ(admin.ticket(call)["owner"]["id"], grace.id);
    EXPECT_EQ(load_of(grace), 0);
    auto back = center.sign_in("grace");
    EXPECT_EQ(changed("unparked")["ticket"]["state"], "active");
    EXPECT_GT(load_of(back), 0);
}

TEST_F(absence, of_somebody_who_is_switched_off_everything_comes_back) {
    for (const std::string channel : {"email", "chat"}) {
        auto leaves = center.agent("leaves-" + channel, {queue}), edsger = center.agent("has-" + channel, {queue});
        leaves.ready({channel});
        const auto ticket = channel == "email" ? center.mail("mail") : center.chat("site", "visitor-1");
        leaves.take();
        edsger.ready({channel});
        EXPECT_EQ(center.admin.patch("/api/v1/users/" + std::to_string(leaves.id), {{"active", false}}).status, 200);
        EXPECT_EQ(returned(edsger)["cause"], "its agent was switched off");
        EXPECT_EQ(edsger.offered()["ticket"]["id"], ticket);
        EXPECT_EQ(load_of(leaves), 0);
    }
}

TEST_F(absence, what_is_on_hold_stays_with_who_goes_offline_and_not_with_who_is_switched_off) {
    auto grace = center.agent("grace", {queue}), edsger = center.agent("edsger", {queue});
    grace.ready({"email"});
    const auto held = center.mail("mail");
    grace.take();
    ASSERT_EQ(grace.act(held, "hold", {{"until", to_rfc3339(now() + std::chrono::hours{1})}}).status, 200);
    const auto aside = center.mail("mail", "bob@example.com");
    grace.take();
    grace.presence({{"state", "offline"}});
    eventually([&] { return edsger.ticket(aside)["state"] == "parked"; }, "her work was looked at");
    EXPECT_EQ(edsger.ticket(held)["owner"]["id"], grace.id);
    ASSERT_EQ(center.admin.patch("/api/v1/users/" + std::to_string(grace.id), {{"active", false}}).status, 200);
    EXPECT_EQ(returned(edsger)["ticket"]["id"], held);
    EXPECT_EQ(returned(edsger)["ticket"]["id"], aside);
    EXPECT_EQ(edsger.ticket(held)["owner"], nullptr);
    EXPECT_EQ(edsger.ticket(held)["state"], "held");
}

TEST_F(absence, a_mail_comes_back_when_the_customer_writes_again) {
    auto grace = center.agent("grace", {queue}), edsger = center.agent("edsger", {queue});
    grace.ready({"email"});
    const auto mail = center.mail("mail");
    grace.take();
    edsger.ready({"email"});
    grace.presence({{"state", "offline"}});
    is_shown_as("offline", grace);
    EXPECT_EQ(edsger.ticket(mail)["owner"]["id"], grace.id) << "it can wait";
    center.mail("mail", "ada@example.com", fmt::format("Re: Help [#{}]", mail),
                {{"In-Reply-To", "<in-1@example.com>"}});
    EXPECT_EQ(returned(edsger)["cause"], "its agent is not there and the customer wrote again");
    EXPECT_EQ(edsger.offered()["ticket"]["id"], mail);
    EXPECT_EQ(load_of(grace), 0);
}

TEST_F(absence, a_mail_comes_back_when_its_target_is_near) {
    auto grace = center.agent("grace", {queue}), edsger = center.agent("edsger", {queue});
    grace.ready({"email"});
    const auto mail = center.mail("mail");
    grace.take();
    edsger.ready({"email"});
    grace.presence({{"state", "offline"}});
    center.sql("UPDATE ticket SET due_at = now() + interval '5 minutes'");
    EXPECT_EQ(edsger.offered()["ticket"]["id"], mail);
}

class short_absence : public absence {
protected:
    short_absence() : absence(600) {}
};

TEST_F(short_absence, back_within_the_grace_is_what_one_was_with_all_that_one_had) {
    auto grace = center.agent("grace", {queue});
    is_there(grace);
    grace.ready();
    const auto chat = center.chat("site", "visitor-1");
    grace.take();
    const auto since = grace.work()["presence"]["since"];
    close_browser(grace);
    is_shown_as("offline", grace);
    auto back = center.sign_in("grace");
    is_shown_as("ready", back);
    EXPECT_EQ(back.work()["presence"]["since"], since);
    EXPECT_EQ(back.ticket(chat)["state"], "active");
    const auto another = center.chat("site", "visitor-2");
    EXPECT_EQ(back.offered()["ticket"]["id"], another);
}

TEST_F(short_absence, back_after_the_grace_is_not_ready_and_has_what_he_had_until_the_queue_takes_it_back) {
    auto grace = center.agent("grace", {queue});
    is_there(grace);
    grace.ready();
    const auto chat = center.chat("site", "visitor-1");
    grace.take();
    close_browser(grace);
    is_shown_as("offline", grace);
    passes("2 minutes");
    eventually(
        [&] {
            return center.sql(fmt::format("SELECT reason FROM presence WHERE agent_id = {}", grace.id)) ==
                   "connection lost";
        },
        "he is not ready any more");
    auto back = center.sign_in("grace");
    is_shown_as("not_ready", back);
    EXPECT_EQ(back.ticket(chat)["state"], "active");
    close_browser(back);
    is_shown_as("offline", back);
    auto admin = center.sign_in("admin");
    passes("10 minutes");
    EXPECT_EQ(returned(admin)["ticket"]["id"], chat);
}

class patience : public absence {
protected:
    patience() : absence(0, 600) {}
};

TEST_F(patience, a_socket_that_is_lost_for_a_moment_changes_nothing) {
    auto grace = center.agent("grace", {queue});
    is_there(grace);
    grace.ready();
    const auto chat = center.chat("site", "visitor-1");
    grace.take();
    close_browser(grace);
    eventually([&] { return center.number("SELECT count(*) FROM presence WHERE absent_since IS NOT NULL") > 0; },
               "the socket is known to be gone");
    auto back = center.sign_in("grace");
    eventually(
        [&] {
            return center.sql(fmt::format("SELECT absent_since IS NULL FROM presence WHERE agent_id = {}", grace.id)) ==
                   "t";
        },
        "another is known");
    EXPECT_EQ(back.ticket(chat)["state"], "active");
    EXPECT_EQ(center.number("SELECT count(*) FROM event WHERE type = 'presence.changed'"), 1);
}

TEST_F(patience, who_loses_his_node_goes_on_at_another_and_keeps_everything) {
    running_server second{[](config& c) {
                              c.routing_absent_s = 600;
                              c.server_shutdown_grace = 1; // this side does not read its goodbye
                          },
                          center.server};
    auto grace = center.agent("grace", {queue});
    is_there(grace);
    grace.ready();
    const auto chat = center.chat("site", "visitor-1");
    grace.take();
    const auto connect_to = [&](const running_server& node) {
        grace.live = websocket_client{node.port(), "/api/v1/live", grace.http.identity};
        grace.live.send({{"type", "hello"}, {"after", nullptr}});
        grace.live.until("welcome");
    };
    const auto absent = [&] {
        return center.sql(fmt::format("SELECT absent_since IS NOT NULL FROM presence WHERE agent_id = {}", grace.id));
    };
    connect_to(second);
    eventually(
        [&] {
            return center.number("SELECT count(*) FROM live_node JOIN live_session ON node = id") == 1 &&
                   absent() == "f";
        },
        "the other node has the only socket");
    second.stop();
    EXPECT_EQ(absent(), "t");
    EXPECT_EQ(center.number("SELECT count(*) FROM live_session"), 0);
    connect_to(center.server);
    eventually([&] { return absent() == "f"; }, "the socket is known");
    EXPECT_EQ(grace.ticket(chat)["state"], "active");
    EXPECT_EQ(grace.work()["presence"]["state"], "ready");
    EXPECT_EQ(center.number("SELECT count(*) FROM event WHERE type = 'presence.changed'"), 1);
}

TEST_F(patience, the_sockets_of_a_node_that_was_killed_are_lost) {
    auto grace = center.agent("grace", {queue});
    center.sql(
        fmt::format("INSERT INTO live_node VALUES ('dead', now() - interval '1 minute'); INSERT INTO live_session "
                    "VALUES ('dead', 7, (SELECT id FROM users WHERE login = 'agent'))"));
    eventually(
        [&] {
            return center.sql("SELECT absent_since IS NOT NULL FROM presence JOIN users ON id = agent_id WHERE "
                              "login = 'agent'") == "t";
        },
        "nobody heard of it");
    EXPECT_EQ(center.sql("SELECT count(*) FROM live_node WHERE id = 'dead'"), "0");
    EXPECT_EQ(center.sql(fmt::format("SELECT absent_since IS NULL FROM presence WHERE agent_id = {}", grace.id)), "t");
}

} // namespace
} // namespace switchboard::test
