#include "support/contact_center.hpp"

#include "store/customer_left.hpp"
#include "store/run.hpp"

#include <switchboard/desk/by_itself.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <optional>

namespace switchboard::test {
namespace {

using nlohmann::json;
using store::leaving;

/// A visitor of the website with an open chat.
class visitor {
public:
    explicit visitor(const contact_center& center)
        : session_{client{center.server.port()}.post("/api/v1/chat/site/sessions", json{{"name", "Ada"}}).json()},
          socket{center.server.port(), "/api/v1/chat/site/live", headers{{"Origin", "https://shop.example"}}} {
        socket.send(
            {{"type", "hello"}, {"session", session_["session"]}, {"token", session_["token"]}, {"last_seq", 0}});
        socket.until("welcome");
    }

    void say(const std::string& text) {
        socket.send({{"type", "message"},
                     {"client_msg_id", fmt::format("5a1f0c9e-3d41-4b7a-9c55-{:012}", ++said_)},
                     {"text", text}});
        socket.until("ack");
    }
    void close() {
        socket.send({{"type", "close"}});
        socket.until("closed");
    }

private:
    json session_;
    int said_ = 0;

public:
    websocket_client socket;
};

class customer_left : public testing::Test {
protected:
    std::int64_t queue_that(const std::string& left_action, json terms = json::object()) {
        terms["left_action"] = left_action;
        terms["ring_s"] = 300;
        const auto queue = center.queue("Sales", terms);
        center.gateway("pbx", "phone", queue);
        center.gateway("site", "widget", queue);
        eventually([&] { return center.server.stranger().post("/api/v1/chat/site/sessions").status == 201; },
                   "the chat is open");
        return queue;
    }
    void hangs_up(std::int64_t ticket) const {
        const auto c = store::connect(center.server.database_url());
        pqxx::work tx{*c};
        store::customers_left(tx, {{ticket, leaving::hung_up}}, desk::rules_of_customers());
        tx.commit();
    }
    static json rescinded(seat& agent) {
        return agent.live
            .until([&](const json& f) { return f["type"] == "offer.rescinded" && f["data"]["agent_id"] == agent.id; })
            .at("data");
    }
    static json left(seat& agent) {
        return agent.live
            .until(
                [](const json& f) { return f["type"] == "ticket.changed" && f["data"]["change"] == "customer_left"; })
            .at("data");
    }
    std::int64_t load_of(const seat& agent) const {
        return center.number(
            fmt::format("SELECT coalesce(sum(used), 0) FROM agent_load WHERE agent_id = {}", agent.id));
    }

    contact_center center;
};

TEST_F(customer_left, a_queue_says_what_becomes_of_it_and_by_itself_calls_back) {
    const auto queue = center.queue("Sales");
    const auto path = "/api/v1/queues/" + std::to_string(queue);
    EXPECT_EQ(center.admin.get(path).json()["left_action"], "call_back");
    EXPECT_EQ(center.admin.patch(path, {{"left_action", "close"}}).json()["left_action"], "close");
    const auto wrong = center.admin.patch(path, {{"left_action", "ring"}});
    EXPECT_EQ(wrong.status, 422);
    EXPECT_EQ(wrong.json()["errors"][0]["field"], "left_action") << wrong.body;
}

TEST_F(customer_left, a_call_that_rings_is_taken_back_and_is_to_be_called_back) {
    auto grace = center.agent("grace", {queue_that("call_back")});
    grace.ready();
    const auto ticket = center.call("pbx", "+4930123456");
    const auto offer = grace.offered();
    hangs_up(ticket);
    EXPECT_EQ(rescinded(grace)["reason"], "the caller hung up");
    EXPECT_EQ(grace.accept(offer).status, 409) << "nobody takes a dead call";
    const auto again = grace.offered();
    EXPECT_EQ(again["ticket"]["id"], ticket);
    EXPECT_EQ(again["why"]["work"], "callback") << "and not as a call";
    EXPECT_EQ(grace.ticket(ticket)["callback"]["phone"], "+4930123456");
    EXPECT_EQ(center.sql("SELECT 'missed' = ANY(flags) FROM contact"), "t");
}

TEST_F(customer_left, a_call_given_up_before_anybody_was_free_is_offered_as_work_that_can_wait) {
    const auto queue = queue_that("stay");
    const auto ticket = center.call("pbx");
    hangs_up(ticket);
    auto grace = center.agent("grace", {queue});
    grace.ready();
    const auto offer = grace.offered();
    EXPECT_EQ(offer["ticket"]["id"], ticket);
    EXPECT_EQ(offer["why"]["work"], "message");
    EXPECT_EQ(center.number("SELECT count(*) FROM callback"), 0);
}

TEST_F(customer_left, a_call_is_closed_where_the_queue_says_so_and_the_agent_is_free) {
    auto grace = center.agent("grace", {queue_that("close")});
    grace.ready();
    const auto ticket = center.call("pbx");
    grace.offered();
    EXPECT_GT(load_of(grace), 0);
    hangs_up(ticket);
    const auto told = left(grace);
    EXPECT_EQ(told["became"], "close");
    EXPECT_EQ(told["ticket"]["state"], "solved");
    EXPECT_EQ(load_of(grace), 0);
    center.call("pbx", "+4930999");
    grace.offered();
}

TEST_F(customer_left, a_hidden_caller_cannot_be_called_back_and_stays) {
    queue_that("call_back");
    const auto ticket = center.call("pbx");
    center.sql("UPDATE contact SET from_kind = '', from_value = ''");
    center.sql("DELETE FROM customer_identity");
    hangs_up(ticket);
    EXPECT_EQ(center.sql("SELECT state FROM ticket"), "waiting");
    EXPECT_EQ(center.number("SELECT count(*) FROM callback"), 0);
}

TEST_F(customer_left, everybody_who_was_asked_at_once_is_told) {
    const auto queue = queue_that("close", {{"fan_out", 2}});
    auto grace = center.agent("grace", {queue}), edsger = center.agent("edsger", {queue});
    grace.ready();
    edsger.ready();
    const auto ticket = center.call("pbx");
    grace.offered();
    edsger.offered();
    hangs_up(ticket);
    EXPECT_EQ(rescinded(grace)["reason"], "the caller hung up");
    EXPECT_EQ(rescinded(edsger)["reason"], "the caller hung up");
    EXPECT_EQ(load_of(grace) + load_of(edsger), 0);
}

TEST_F(customer_left, a_ticket_in_hand_stays_with_who_has_it) {
    auto grace = center.agent("grace", {queue_that("close")});
    grace.ready();
    const auto ticket = center.call("pbx");
    grace.take();
    hangs_up(ticket);
    EXPECT_EQ(left(grace)["became"], "stay");
    EXPECT_EQ(grace.ticket(ticket)["state"], "active") << "there is something to write down";
    EXPECT_EQ(grace.ticket(ticket)["owner"]["id"], grace.id);
    EXPECT_EQ(grace.act(ticket, "solve", {{"disposition", "resolved"}}).status, 200);
}

TEST_F(customer_left, a_visitor_who_closes_the_chat_and_not_one_who_loses_his_socket) {
    auto grace = center.agent("grace", {queue_that("close")});
    grace.ready();
    {
        visitor lost{center};
        lost.say("Hello?");
        grace.offered();
    }
    EXPECT_EQ(center.sql("SELECT state FROM ticket"), "offered");
    visitor ada{center};
    ada.say("Hello?");
    const auto offer = grace.offered();
    ada.close();
    EXPECT_EQ(rescinded(grace)["reason"], "the visitor closed the chat");
    const auto ticket = offer["ticket"]["id"].get<std::int64_t>();
    EXPECT_EQ(grace.ticket(ticket)["state"], "solved");

    ada.say("One more thing");
    EXPECT_EQ(grace.offered()["ticket"]["id"], ticket) << "it goes on where it was";
    EXPECT_EQ(center.number("SELECT count(*) FROM chat_session WHERE closed_at IS NOT NULL"), 0);
}

TEST_F(customer_left, an_offer_of_a_ticket_that_is_solved_elsewhere_says_so) {
    auto grace = center.agent("grace", {queue_that("stay")});
    grace.ready();
    const auto ticket = center.call("pbx");
    grace.offered();
    auto admin = center.sign_in("admin");
    EXPECT_EQ(admin.act(ticket, "solve", {{"disposition", "resolved"}}).status, 200);
    EXPECT_EQ(rescinded(grace)["reason"], "solved");
}

TEST_F(customer_left, a_ticket_that_is_moved_while_it_rings_is_offered_in_the_other_queue_at_once) {
    const auto other = center.queue("Billing", {{"ring_s", 300}});
    auto grace = center.agent("grace", {queue_that("stay")}), edsger = center.agent("edsger", {other});
    grace.ready();
    edsger.ready();
    const auto ticket = center.call("pbx");
    grace.offered();
    auto admin = center.sign_in("admin");
    EXPECT_EQ(admin.act(ticket, "transfer", {{"queue_id", other}, {"note", "theirs"}}).status, 200);
    EXPECT_EQ(edsger.offered()["ticket"]["id"], ticket);
}

} // namespace
} // namespace switchboard::test
