#include "integration/chat_visitor.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

namespace switchboard::test {
namespace {

class chat : public testing::Test {
protected:
    chat() {
        queue = center.queue("Sales", {{"ring_s", 300}});
        center.gateway("site", "widget", queue);
        eventually([&] { return center.server.stranger().post("/api/v1/chat/site/sessions").status == 201; },
                   "the chat is open");
    }

    contact_center center;
    std::int64_t queue = 0;
};

TEST_F(chat, acknowledges_what_is_committed_and_a_repeat_the_same) {
    visitor ada{center};
    const auto welcome = ada.open();
    EXPECT_EQ(welcome["seq"], 0);
    EXPECT_EQ(welcome["agent"], nullptr);
    ada.say(1, "Is anybody there?");
    EXPECT_EQ(ada.socket->until("ack")["seq"], 1);
    EXPECT_EQ(center.sql("SELECT text FROM contact WHERE thread_seq = 1 AND channel = 'chat'"), "Is anybody there?");
    ada.say(1, "Is anybody there?"); // the ack was lost
    const auto again = ada.socket->until("ack");
    EXPECT_EQ(again["client_msg_id"], uuid(1));
    EXPECT_EQ(again["seq"], 1);
    ada.say(2, "Hello?");
    EXPECT_EQ(ada.socket->until("ack")["seq"], 2);
    EXPECT_EQ(center.number("SELECT count(*) FROM contact"), 2);
    EXPECT_EQ(center.number("SELECT count(*) FROM ticket"), 1) << "one conversation";
}

TEST_F(chat, brings_the_agents_words_live_and_replays_exactly_what_was_missed) {
    auto agent = center.agent("grace", {queue});
    agent.ready();
    visitor ada{center};
    ada.open();
    ada.say(1, "Hello?");
    const auto ticket = agent.take()["id"].get<std::int64_t>();
    const auto reply = agent.act(ticket, "replies", {{"text", "Hello Ada!"}});
    ASSERT_EQ(reply.status, 201) << reply.body;
    EXPECT_EQ(reply.json()["contact"]["channel"], "chat");
    const auto live = ada.until_text("Hello Ada!");
    EXPECT_EQ(live["from"], "agent");
    EXPECT_EQ(live["name"], "grace");
    EXPECT_EQ(live["seq"], 2);

    ada.socket.reset(); // the train enters a tunnel
    for (const char* text : {"Are you", "still", "there?"})
        ASSERT_EQ(agent.act(ticket, "replies", {{"text", text}}).status, 201);
    const auto back = ada.open(2);
    EXPECT_EQ(back["seq"], 5);
    EXPECT_EQ(back["agent"]["name"], "grace");
    ada.until_text("there?");
    EXPECT_THAT(ada.received(), testing::ElementsAre(3, 4, 5)) << "what was missed, once, in order";
    ada.say(2, "Yes");
    EXPECT_EQ(ada.socket->until("ack")["seq"], 6);

    visitor* const same = &ada; // a second tab of the same visitor, from the beginning
    same->socket.reset();
    same->open(0);
    same->until_text("Yes");
    EXPECT_THAT(same->received(), testing::ElementsAre(1, 2, 3, 4, 5, 6));
    EXPECT_EQ(same->socket->seen.back()["client_msg_id"], uuid(2)) << "by which the page knows its own words";
}

TEST_F(chat, shows_who_types_to_the_other) {
    auto agent = center.agent("grace", {queue});
    auto colleague = center.agent("edsger", {});
    agent.ready();
    visitor ada{center};
    ada.open();
    ada.say(1, "Hello?");
    const auto ticket = agent.take()["id"].get<std::int64_t>();
    ASSERT_EQ(agent.act(ticket, "replies", {{"text", "Hello!"}}).status, 201);
    ada.until_text("Hello!");

    ada.socket->send({{"type", "typing"}});
    const auto seen = agent.live.until("typing");
    EXPECT_EQ(seen["data"], (json{{"ticket_id", ticket}, {"from", "customer"}, {"name", "Ada"}}));
    EXPECT_FALSE(seen.contains("cursor")) << "it is in no log";

    colleague.live.send({{"type", "typing"}, {"ticket_id", ticket}}); // not his conversation
    agent.live.send({{"type", "typing"}, {"ticket_id", ticket}});
    const auto shown = ada.socket->until("typing");
    EXPECT_EQ(shown["from"], "agent");
    EXPECT_EQ(shown["name"], "grace");
}

TEST_F(chat, lets_nobody_into_anothers_conversation) {
    visitor ada{center}, mallory{center};
    ada.open();
    ada.say(1, "My card number is 4111");
    ada.socket->until("ack");
    const auto port = center.server.port();
    const std::vector<json> keys{{{"session", ada.session()["session"]}, {"token", "guessed"}},
                                 {{"session", ada.session()["session"]}, {"token", mallory.session()["token"]}},
                                 {{"session", "no such"}, {"token", ada.session()["token"]}}};
    for (auto key : keys) {
        websocket_client thief{port, "/api/v1/chat/site/live"};
        key.update({{"type", "hello"}, {"last_seq", 0}});
        thief.send(key);
        EXPECT_EQ(thief.until("error")["detail"], "there is no such session");
        EXPECT_EQ(thief.next(), std::nullopt);
        EXPECT_EQ(thief.close_code(), 1008);
    }
    websocket_client hasty{port, "/api/v1/chat/site/live"};
    hasty.send({{"type", "message"}, {"client_msg_id", uuid(1)}, {"text", "x"}});
    EXPECT_EQ(hasty.until("error")["detail"], "say hello first");
    EXPECT_EQ(center.number("SELECT count(*) FROM contact"), 1);
    EXPECT_EQ(upgrade_answer(port, "/api/v1/chat/nowhere/live"), 404);
}

TEST_F(chat, slows_down_who_sends_too_much_and_loses_nothing_that_it_took) {
    visitor eager{center};
    eager.open();
    for (int i = 0; i < 15; ++i) eager.say(i, "message " + std::to_string(i));
    std::vector<std::string> taken, refused;
    while (taken.size() + refused.size() < 15) {
        const auto f =
            eager.socket->until([](const json& frame) { return frame["type"] == "ack" || frame["type"] == "error"; });
        (f["type"] == "ack" ? taken : refused).push_back(f["client_msg_id"]);
        if (f["type"] == "error") {
            EXPECT_GE(f["retry_after_s"], 1);
        }
    }
    EXPECT_GE(taken.size(), 10u); // and one more for each second that this took
    EXPECT_FALSE(refused.empty());
    std::string said;
    for (const auto& id : taken) said += fmt::format("{}message {}", said.empty() ? "" : ",", std::stoi(id.substr(24)));
    EXPECT_EQ(center.sql("SELECT string_agg(text, ',' ORDER BY thread_seq) FROM contact"), said)
        << "in the order in which they were said";
}

TEST_F(chat, answers_bad_frames_without_losing_the_conversation) {
    visitor ada{center};
    ada.open();
    ada.socket->send(json::array());
    EXPECT_EQ(ada.socket->until("error")["detail"],
              "frames are hello, message, typing, received, read, about, transcript and close");
    ada.socket->send({{"type", "message"}, {"client_msg_id", uuid(1)}}); // no text
    EXPECT_EQ(ada.socket->until("error")["client_msg_id"], uuid(1));
    ada.socket->send({{"type", "message"}, {"client_msg_id", "not made up well"}, {"text", "x"}});
    EXPECT_EQ(ada.socket->until("error")["detail"], "must be a UUID");
    ada.socket->send({{"type", "message"}, {"client_msg_id", 7}, {"text", "x"}});
    ada.socket->until("error");
    ada.say(2, "Still here");
    EXPECT_EQ(ada.socket->until("ack")["seq"], 1);
}

TEST_F(chat, may_stand_in_any_page_or_in_those_that_the_gateway_names) {
    const auto ask = [&](const std::string& gateway, const std::string& origin) {
        return center.server.stranger().post("/api/v1/chat/" + gateway + "/sessions", json::object(),
                                             {{"Origin", origin}});
    };
    const auto preflight = center.server.stranger().send("OPTIONS", "/api/v1/chat/site/sessions", "",
                                                         {{"Origin", "https://shop.example"},
                                                          {"Access-Control-Request-Method", "POST"},
                                                          {"Access-Control-Request-Headers", "content-type"}});
    EXPECT_EQ(preflight.status, 204);
    EXPECT_EQ(preflight.header("access-control-allow-origin"), "*");
    EXPECT_EQ(preflight.header("access-control-allow-methods"), "GET, POST");
    EXPECT_EQ(preflight.header("access-control-allow-headers"), "Content-Type, Chat-Token");
    EXPECT_EQ(ask("site", "https://shop.example").header("access-control-allow-origin"), "*");
    EXPECT_EQ(ask("nowhere", "https://shop.example").status, 404);

    center.gateway("choosy", "widget", queue, {{"settings", {{"own_addresses", {"https://shop.example"}}}}});
    eventually([&] { return ask("choosy", "https://shop.example").status == 201; }, "the new chat is open");
    EXPECT_EQ(ask("choosy", "https://evil.example").status, 403);
    const auto port = center.server.port();
    EXPECT_EQ(upgrade_answer(port, "/api/v1/chat/choosy/live", {{"Origin", "https://evil.example"}}), 403);
    EXPECT_EQ(center.server.stranger()
                  .send("OPTIONS", "/api/v1/tickets", "", {{"Origin", "https://evil.example"}})
                  .header("access-control-allow-origin"),
              "")
        << "nothing else is open to other pages";
}

} // namespace
} // namespace switchboard::test
