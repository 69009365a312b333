#include "integration/chat_visitor.hpp"

#include <switchboard/util/time.hpp>

#include <gmock/gmock.h>

/// What the two ends of a chat know of each other: who has gone, who waits for whom, and what has arrived.
namespace switchboard::test {
namespace {

using testing::Contains;
using testing::HasSubstr;

class chat_life : public testing::Test {
protected:
    chat_life() {
        center.gateway("site", "widget", queue);
        eventually([&] { return center.server.stranger().get("/api/v1/chat/site").status == 200; }, "the chat is open");
    }
    std::int64_t take_from(visitor& v, seat& agent) {
        v.open();
        v.say(1, "Hello?");
        return agent.take()["id"];
    }
    json told(seat& agent, const std::string& change) {
        return agent.live.until(
            [&](const json& e) { return e["type"] == "ticket.changed" && e["data"]["change"] == change; })["data"];
    }
    std::vector<std::string> changes(const seat& agent, std::int64_t ticket) {
        std::vector<std::string> out;
        for (const auto& e : agent.http.get("/api/v1/tickets/" + std::to_string(ticket) + "/timeline").json()["items"])
            if (e["kind"] == "event" && e["event"]["type"] == "ticket.changed")
                out.push_back(e["event"]["data"]["change"]);
        return out;
    }

    contact_center center{[](config& c) { c.chat_away_s = 0; }};
    std::int64_t queue = center.queue("Sales", {{"ring_s", 300}, {"wrapup_s", 0}});
};

TEST_F(chat_life, the_agent_is_told_that_the_visitors_window_is_closed_and_when_he_is_back) {
    auto agent = center.agent("grace", {queue});
    agent.ready();
    visitor ada{center};
    const auto ticket = take_from(ada, agent);
    EXPECT_EQ(agent.ticket(ticket)["visitor"]["away_since"], nullptr);
    ada.socket.reset();
    told(agent, "visitor_away");
    EXPECT_NE(agent.ticket(ticket)["visitor"]["away_since"], nullptr);

    ada.open();
    told(agent, "visitor_back");
    EXPECT_EQ(agent.ticket(ticket)["visitor"]["away_since"], nullptr);
    EXPECT_THAT(changes(agent, ticket), testing::IsSupersetOf({"visitor_away", "visitor_back"}));
}

TEST_F(chat_life, a_visitor_with_a_second_window_is_not_away) {
    auto agent = center.agent("grace", {queue});
    agent.ready();
    visitor ada{center};
    const auto ticket = take_from(ada, agent);
    auto first = std::move(ada.socket);
    ada.open(1);
    first.reset();
    ada.say(2, "In the other window");
    ada.socket->until("ack");
    EXPECT_EQ(agent.ticket(ticket)["visitor"]["away_since"], nullptr);
}

TEST_F(chat_life, the_agent_is_told_that_the_visitor_has_ended_the_chat_until_he_writes_again) {
    auto agent = center.agent("grace", {queue});
    agent.ready();
    visitor ada{center};
    const auto ticket = take_from(ada, agent);
    ada.socket->send({{"type", "close"}});
    EXPECT_EQ(told(agent, "customer_left")["cause"], "the visitor closed the chat");
    EXPECT_NE(agent.ticket(ticket)["visitor"]["ended_at"], nullptr);
    ada.say(2, "One more thing");
    ada.socket->until([](const json& f) { return f["type"] == "ack" && f["client_msg_id"] == uuid(2); });
    EXPECT_EQ(agent.ticket(ticket)["visitor"]["ended_at"], nullptr);
}

TEST_F(chat_life, what_the_agent_has_written_is_delivered_and_read_as_the_visitors_browser_tells) {
    auto agent = center.agent("grace", {queue});
    agent.ready();
    visitor ada{center};
    const auto ticket = take_from(ada, agent);
    const auto sent = agent.act(ticket, "replies", {{"text", "Good day"}}).json()["contact"];
    EXPECT_EQ(sent["delivery"], "sent");
    const auto seq = ada.until_text("Good day")["seq"];
    const auto delivery = [&](const std::string& became) {
        return agent.live.until([&](const json& e) {
            return e["type"] == "contact.delivery" && e["data"]["delivery"] == became;
        })["data"]["contact_id"];
    };
    ada.socket->send({{"type", "received"}, {"seq", seq}});
    EXPECT_EQ(delivery("delivered"), sent["id"]);
    ada.socket->send({{"type", "read"}, {"seq", seq}});
    EXPECT_EQ(delivery("read"), sent["id"]);

    ada.socket->send({{"type", "read"}, {"seq", seq}});
    ada.socket->send({{"type", "read"}, {"seq", 4'000'000}});
    ada.socket->send({{"type", "read"}});
    EXPECT_EQ(ada.socket->until("error")["field"], "seq");
    EXPECT_EQ(center.number("SELECT count(*) FROM event WHERE type = 'contact.delivery'"), 2) << "each once";
    const auto later = agent.act(ticket, "replies", {{"text", "Are you there?"}}).json()["contact"];
    ada.until_text("Are you there?");
    EXPECT_EQ(center.sql("SELECT delivery FROM contact WHERE id = " + later["id"].dump()), "sent")
        << "what was not sent yet was not read";
}

TEST_F(chat_life, a_visitor_is_told_of_a_hold_and_of_its_end) {
    auto agent = center.agent("grace", {queue});
    agent.ready();
    visitor ada{center};
    const auto ticket = take_from(ada, agent);
    ada.until_state("active");
    const auto until = to_rfc3339(now() + std::chrono::hours{1});
    ASSERT_EQ(agent.act(ticket, "hold", {{"until", until}}).status, 200);
    const auto held = ada.until_state("on_hold");
    EXPECT_EQ(held["agent"]["name"], "grace");
    EXPECT_NE(held["until"], nullptr);
    ASSERT_EQ(agent.act(ticket, "resume").status, 200);
    ada.socket->until([&](const json& f) { return f["type"] == "status" && f["state"] == "active"; });
}

TEST_F(chat_life, a_visitor_is_told_that_nobody_is_there_until_somebody_is) {
    auto agent =
        center.agent("grace", {queue}, {{"channels", {{{"channel", "chat"}, {"capacity", 1}, {"weight", 9}}}}});
    auto elsewhere = center.agent("edsger", {center.queue("Other")});
    elsewhere.ready();
    visitor ada{center};
    ada.open();
    ada.say(1, "Hello?");
    ada.until_status([](const json& s) { return s["state"] == "waiting" && s["staffed"] == false; });
    agent.presence({{"state", "not_ready"}, {"reason", "lunch"}});
    ada.until_status([](const json& s) { return s["staffed"] == true; });
    agent.presence({{"state", "offline"}});
    ada.until_status([](const json& s) { return s["staffed"] == false; });
    agent.ready();
    agent.take();
    EXPECT_EQ(ada.until_state("active")["staffed"], nullptr);
}

} // namespace
} // namespace switchboard::test
