#include "integration/chat_visitor.hpp"
#include "support/smtp_sink.hpp"

#include <gmock/gmock.h>

#include <array>

/// What a website's visitor is told, leaves behind and takes home.
namespace switchboard::test {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string leak = "bGVhaw=="; // "leak"

class chat_visitors : public testing::Test {
protected:
    chat_visitors() {
        queue = center.queue("Sales", {{"ring_s", 300}, {"wrapup_s", 0}});
        center.gateway("site", "widget", queue);
        eventually([&] { return center.server.stranger().get("/api/v1/chat/site").status == 200; }, "the chat is open");
    }

    /// A mailbox of the queue, which the chat knows of.
    void with_mail() {
        center.gateway("mail", "email", queue, {{"from_address", "help@shop.example"}, {"from_name", "The Shop"}});
        eventually([&] { return center.server.stranger().get("/api/v1/chat/site").json()["mail"] == true; },
                   "the chat knows the mailbox");
    }
    std::int64_t take_from(visitor& v, seat& agent) {
        v.say(1, "Hello?");
        return agent.take()["id"];
    }
    void expect_typing_both_ways(visitor& v, seat& agent, std::int64_t ticket, const std::string& when) {
        SCOPED_TRACE(when);
        const auto before = agent.live.seen.size();
        v.socket->send({{"type", "typing"}});
        EXPECT_EQ(agent.live.until("typing")["data"]["ticket_id"], ticket);
        EXPECT_GT(agent.live.seen.size(), before);
        agent.live.send({{"type", "typing"}, {"ticket_id", ticket}});
        EXPECT_EQ(v.socket->until("typing")["from"], "agent");
    }
    http_answer upload(const visitor& v, int id, const json& files, const std::string& text = "") {
        return center.server.stranger().post(
            v.path("messages"),
            {{"type", "message"}, {"client_msg_id", uuid(id)}, {"text", text}, {"attachments", files}}, v.token());
    }

    smtp_sink mailbox;
    contact_center center{[this](config& c) { c.smtp_url = "smtp://127.0.0.1:" + std::to_string(mailbox.port()); }};
    std::int64_t queue = 0;
};

TEST_F(chat_visitors, case_18_chat_typing_after_reload) {
    auto agent = center.agent("grace", {queue});
    agent.ready();
    visitor ada{center};
    ada.open();
    const auto ticket = take_from(ada, agent);
    ada.until_state("active");
    expect_typing_both_ways(ada, agent, ticket, "right after accepting, before the first answer");
    ASSERT_EQ(agent.act(ticket, "replies", {{"text", "Hello!"}}).status, 201);
    ada.until_text("Hello!");

    EXPECT_EQ(ada.reload()["agent"]["name"], "grace");
    expect_typing_both_ways(ada, agent, ticket, "after the visitor's page was loaded anew, and nobody has written");
}

TEST_F(chat_visitors, case_18_also_when_it_was_taken_while_the_visitor_was_away) {
    auto agent = center.agent("grace", {queue});
    visitor ada{center};
    ada.open();
    ada.say(1, "Hello?");
    ada.socket->until("ack");
    ada.socket.reset();
    agent.ready();
    const auto ticket = agent.take()["id"].get<std::int64_t>();
    EXPECT_EQ(ada.open()["agent"]["name"], "grace");
    expect_typing_both_ways(ada, agent, ticket, "taken meanwhile");
}

TEST_F(chat_visitors, case_18_also_after_the_agents_own_reload) {
    auto agent = center.agent("grace", {queue});
    agent.ready();
    visitor ada{center};
    ada.open();
    const auto ticket = take_from(ada, agent);
    ada.until_state("active");
    agent = center.sign_in("grace");
    expect_typing_both_ways(ada, agent, ticket, "another socket of the agent");
}

TEST_F(chat_visitors, type_to_the_colleague_who_has_it_now) {
    const auto other = center.queue("Service", {{"ring_s", 300}});
    auto first = center.agent("grace", {queue}), second = center.agent("edsger", {other});
    first.ready();
    visitor ada{center};
    ada.open();
    const auto ticket = take_from(ada, first);
    ada.until_state("active");
    second.ready();
    ASSERT_EQ(first.act(ticket, "transfer", {{"queue_id", other}}).status, 200);
    EXPECT_EQ(second.take()["id"], ticket);
    ada.until_status([](const json& s) { return s["agent"] == json{{"name", "edsger"}}; });
    expect_typing_both_ways(ada, second, ticket, "after a transfer");
}

TEST_F(chat_visitors, case_20_chat_visitor_left_an_address) {
    with_mail();
    visitor ada{center, {{"name", "Ada"}, {"email", "ada@example.org"}, {"page_url", "https://shop.example/kettles"}}};
    ada.open();
    ada.say(1, "Is anybody there?");
    ada.socket->until("ack");
    ada.socket.reset();

    auto agent = center.agent("grace", {queue});
    agent.ready();
    const auto ticket = agent.take();
    const json claims{{"name", "Ada"},        {"email", "ada@example.org"},
                      {"phone", ""},          {"page_url", "https://shop.example/kettles"},
                      {"language", ""},       {"ended_at", nullptr},
                      {"away_since", nullptr}};
    EXPECT_EQ(ticket["visitor"], claims);
    const auto entries = agent.http.get("/api/v1/tickets/" + ticket["id"].dump() + "/timeline").json()["items"];
    EXPECT_EQ(entries[0]["contact"]["details"]["claimed_email"], "ada@example.org");
    EXPECT_EQ(entries[0]["contact"]["details"]["page_url"], "https://shop.example/kettles");
    EXPECT_EQ(center.number("SELECT count(*) FROM customer_identity WHERE kind = 'email'"), 0)
        << "nobody has confirmed it";
}

TEST_F(chat_visitors, who_have_gone_are_answered_by_mail) {
    with_mail();
    visitor ada{center, {{"name", "Ada"}, {"email", "Ada@example.org"}}};
    ada.open();
    ada.say(1, "Is anybody there?");
    ada.socket->until("ack");
    ada.socket.reset();
    auto agent = center.agent("grace", {queue});
    agent.ready();
    const auto ticket = agent.take();
    EXPECT_EQ(ticket["reply"]["kind"], "chat");
    EXPECT_EQ(ticket["reply"]["by_mail"], (json{{"kind", "email"}, {"value", "ada@example.org"}, {"name", "Ada"}}));
    const auto sent = agent.act(ticket["id"], "replies", {{"text", "We are now."}, {"channel", "email"}});
    ASSERT_EQ(sent.status, 201) << sent.body;
    EXPECT_EQ(sent.json()["contact"]["channel"], "email");
    EXPECT_EQ(sent.json()["contact"]["to"][0]["value"], "ada@example.org");
    center.sql("UPDATE outbox SET next_at = now()"); // eight seconds to take it back have gone by
    center.sql("INSERT INTO event (type, data) VALUES ('contact.sent', '{}')");
    const auto mail = mailbox.next();
    EXPECT_EQ(mail["to"], json::array({"ada@example.org"}));
    EXPECT_EQ(mail["from"], "help@shop.example");
    EXPECT_THAT(mail["message"].get<std::string>(), HasSubstr("We are now."));
}

TEST_F(chat_visitors, who_left_no_address_are_answered_in_the_chat_only) {
    with_mail();
    visitor ada{center, {{"email", "ada at example"}}};
    ada.open();
    auto agent = center.agent("grace", {queue});
    agent.ready();
    const auto ticket = take_from(ada, agent);
    EXPECT_EQ(agent.ticket(ticket)["reply"]["by_mail"], nullptr);
    const auto refused = agent.act(ticket, "replies", {{"text", "Hello"}, {"channel", "email"}});
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.json()["errors"][0]["field"], "channel");
}

TEST_F(chat_visitors, case_20_also_when_the_address_comes_later) {
    visitor ada{center, json::object()};
    ada.open();
    ada.say(1, "Is anybody there?");
    ada.until_state("waiting");
    ada.socket->send({{"type", "about"}, {"email", "not an address"}});
    EXPECT_EQ(ada.socket->until("error")["field"], "email");
    ada.socket->send({{"type", "about"}, {"name", "Ada"}, {"email", "ada@example.org"}});
    ada.until_status([](const json& s) { return s["email"] == "ada@example.org"; });
    ada.socket.reset();

    auto agent = center.agent("grace", {queue});
    agent.ready();
    const auto ticket = agent.take();
    EXPECT_EQ(ticket["visitor"]["email"], "ada@example.org");
    EXPECT_EQ(ticket["visitor"]["name"], "Ada");
}

TEST_F(chat_visitors, case_20_also_of_another_companys_chat) {
    center.gateway("partner", "chat", queue);
    const auto post = [&](const json& message) {
        EXPECT_EQ(center.intake.post("/api/v1/intake/partner", message).status, 201);
    };
    eventually([&] { return center.intake.get("/api/v1/chat/site").status == 200; }, "it is known");
    post({{"session_id", "s1"},
          {"message_id", "1"},
          {"text", "Bonjour"},
          {"from", {{"id", "v1"}, {"name", "Bruno"}, {"email", "bruno@example.org"}, {"phone", "+33612345678"}}}});
    post({{"session_id", "s1"}, {"message_id", "2"}, {"text", "Allô ?"}, {"from", {{"id", "v1"}, {"name", "Bruno"}}}});
    auto agent = center.agent("grace", {queue});
    agent.ready();
    const auto visitor = agent.take()["visitor"];
    EXPECT_EQ(visitor["email"], "bruno@example.org");
    EXPECT_EQ(visitor["phone"], "+33612345678");
}

TEST_F(chat_visitors, are_told_their_place_who_joins_and_that_it_is_solved_and_may_write_on) {
    auto agent = center.agent("grace", {queue});
    std::array visitors{visitor{center}, visitor{center}, visitor{center}};
    for (std::int64_t i = 0; auto& v : visitors) {
        v.open();
        EXPECT_EQ(v.until_state("new")["open"], true);
        v.say(1, "Hello?");
        const auto told = v.until_status([&](const json& s) { return s["ahead"] == i; });
        EXPECT_EQ(told["state"], "waiting");
        ++i;
    }
    agent.ready();
    const auto first = agent.take()["id"].get<std::int64_t>();
    const auto joined = visitors[0].until_state("active");
    EXPECT_EQ(joined["agent"]["name"], "grace");
    EXPECT_EQ(joined["ahead"], nullptr);
    visitors[2].until_status([](const json& s) { return s["ahead"] == 1; });

    ASSERT_EQ(agent.act(first, "solve", {{"disposition", "resolved"}}).status, 200);
    EXPECT_EQ(visitors[0].until_state("solved")["agent"], nullptr);
    visitors[0].say(2, "One more thing");
    visitors[0].until_status([](const json& s) { return s["state"] == "waiting" || s["state"] == "active"; });
}

TEST_F(chat_visitors, wait_behind_calls_but_not_behind_mail) {
    center.gateway("mail", "email", queue, {{"from_address", "help@shop.example"}});
    center.gateway("pbx", "phone", queue);
    center.mail("mail");
    center.call("pbx");
    visitor ada{center};
    ada.open();
    ada.say(1, "Hello?");
    ada.until_status([](const json& s) { return s["ahead"] == 1; });
}

TEST_F(chat_visitors, are_told_when_it_is_closed_and_when_it_opens) {
    const auto made =
        center.admin.post("/api/v1/calendars", {{"name", "Never"}, {"timezone", "UTC"}, {"hours", json::array()}});
    ASSERT_EQ(made.status, 201) << made.body;
    visitor ada{center};
    ada.open();
    EXPECT_EQ(ada.until_state("new")["open"], true);
    const auto version = center.admin.get("/api/v1/queues/" + std::to_string(queue)).json()["version"];
    const auto closed =
        center.admin.patch("/api/v1/queues/" + std::to_string(queue), {{"calendar_id", made.json()["id"]}});
    ASSERT_EQ(closed.status, 200) << closed.body;
    EXPECT_EQ(ada.until_status([](const json& s) { return s["open"] == false; })["opens_at"], nullptr);
    EXPECT_EQ(center.server.stranger().get("/api/v1/chat/site").json()["open"], false) << "before a chat begins";

    auto hours = json::array();
    for (const auto* day : {"mon", "tue", "wed", "thu", "fri", "sat", "sun"})
        hours.push_back({{"day", day}, {"from", "00:00"}, {"to", "00:01"}});
    const auto opens = center.admin.patch("/api/v1/calendars/" + made.json()["id"].dump(), {{"hours", hours}});
    ASSERT_EQ(opens.status, 200) << opens.body;
    const auto told = ada.until_status([](const json& s) { return s["opens_at"] != nullptr || s["open"] == true; });
    if (told["open"] == false) EXPECT_THAT(told["opens_at"].get<std::string>(), HasSubstr("T00:00:00"));
}

TEST_F(chat_visitors, send_files_that_the_agent_sees_and_get_his) {
    auto agent = center.agent("grace", {queue});
    agent.ready();
    visitor ada{center};
    ada.open();
    const auto ticket = take_from(ada, agent);
    const json photo{{"name", "leak.jpg"}, {"type", "image/jpeg"}, {"content", leak}};
    const auto sent = upload(ada, 2, json::array({photo}), "It leaks");
    ASSERT_EQ(sent.status, 201) << sent.body;
    EXPECT_EQ(sent.json()["seq"], 2);
    EXPECT_EQ(upload(ada, 2, json::array({photo}), "It leaks").json()["seq"], 2) << "sent twice, taken once";
    const auto echoed = ada.until_text("It leaks");
    EXPECT_EQ(echoed["attachments"][0]["name"], "leak.jpg");
    EXPECT_EQ(echoed["client_msg_id"], uuid(2));

    const auto path = "/api/v1/tickets/" + std::to_string(ticket);
    const auto shown = agent.http.get(path + "/timeline").json()["items"].back()["contact"]["attachments"][0];
    EXPECT_EQ(shown["name"], "leak.jpg");
    const auto bytes = agent.http.get("/api/v1/attachments/" + shown["id"].dump());
    EXPECT_EQ(bytes.body, "leak");
    EXPECT_EQ(bytes.header("x-content-type-options"), "nosniff");

    const json plan{{"name", "plan.html"}, {"type", "text/html"}, {"content", leak}};
    ASSERT_EQ(agent.act(ticket, "replies", {{"text", "See this"}, {"attachments", {plan}}}).status, 201);
    const auto got = ada.until_text("See this")["attachments"][0];
    EXPECT_EQ(got["name"], "plan.html");
    const auto file = center.server.stranger().get(ada.path("files/" + got["id"].dump()), ada.token());
    EXPECT_EQ(file.status, 200);
    EXPECT_EQ(file.body, "leak");
    EXPECT_EQ(file.header("content-type"), "application/octet-stream") << "nothing in it may run";
    EXPECT_THAT(file.header("content-disposition"), HasSubstr("attachment"));
}

TEST_F(chat_visitors, send_and_get_no_files_in_anothers_name) {
    visitor ada{center}, mallory{center};
    ada.open();
    const json photo{{"name", "leak.jpg"}, {"type", "image/jpeg"}, {"content", leak}};
    ASSERT_EQ(upload(ada, 1, json::array({photo})).status, 201);
    ada.socket->until("message");
    const auto id = center.sql("SELECT id FROM attachment");
    const auto stranger = center.server.stranger();
    EXPECT_EQ(stranger.get(ada.path("files/" + id)).status, 404);
    EXPECT_EQ(stranger.get(ada.path("files/" + id), mallory.token()).status, 404);
    EXPECT_EQ(stranger.get(mallory.path("files/" + id), mallory.token()).status, 404) << "not one of his";
    EXPECT_EQ(stranger.post(ada.path("messages"), json::object(), mallory.token()).status, 404);
    EXPECT_EQ(center.number("SELECT count(*) FROM contact"), 1);
}

TEST_F(chat_visitors, hear_what_is_wrong_with_their_files) {
    visitor ada{center};
    const json photo{{"name", "leak.jpg"}, {"type", "image/jpeg"}, {"content", leak}};
    json many = json::array();
    for (int i = 0; i < 21; ++i) many.push_back(photo);
    const auto refused = upload(ada, 1, many);
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.json()["errors"][0]["field"], "attachments");
    const auto broken = upload(ada, 2, json::array({{{"name", "a"}, {"type", "b"}, {"content", "%%%"}}}));
    EXPECT_EQ(broken.status, 422);
    EXPECT_EQ(broken.json()["errors"][0]["field"], "attachments[0].content");
    EXPECT_EQ(center.server.stranger()
                  .send("POST", ada.path("messages"), std::string(15u << 20, 'x'),
                        {{"Chat-Token", ada.session()["token"]}, {"Content-Type", "application/json"}})
                  .status,
              413);
    EXPECT_EQ(center.number("SELECT count(*) FROM contact"), 0);
}

TEST_F(chat_visitors, get_what_was_said_by_mail_once_in_some_minutes) {
    with_mail();
    center.sql("UPDATE queue SET sender_name = 'The Desk' WHERE id = " + std::to_string(queue));
    auto agent = center.agent("grace", {queue});
    agent.ready();
    visitor ada{center, {{"name", "Ada"}, {"email", "Ada@Example.org"}, {"language", "de-AT"}}};
    ada.open();
    const auto ticket = take_from(ada, agent);
    ada.socket->send({{"type", "transcript"}});
    EXPECT_EQ(ada.socket->until("error")["detail"], "there is nothing to send before somebody has answered");
    ASSERT_EQ(agent.act(ticket, "replies", {{"text", "Close the tap."}}).status, 201);
    ada.until_text("Close the tap.");

    ada.socket->send({{"type", "transcript"}});
    EXPECT_EQ(ada.socket->until("transcript")["to"], "Ada@Example.org");
    const auto mail = mailbox.next();
    EXPECT_EQ(mail["to"], json::array({"ada@example.org"}));
    const auto text = mail["message"].get<std::string>();
    EXPECT_THAT(text, HasSubstr("Close the tap."));
    EXPECT_THAT(text, HasSubstr("Ihr Chat mit uns [#" + std::to_string(ticket) + "]"));
    EXPECT_THAT(text, HasSubstr("The Desk <help@shop.example>"));
    EXPECT_THAT(text, HasSubstr("Auto-Submitted: auto-generated"));

    ada.socket->send({{"type", "transcript"}});
    const auto refused = ada.socket->until("error");
    EXPECT_EQ(refused["of"], "transcript");
    EXPECT_GT(refused["retry_after_s"], 0);
    EXPECT_TRUE(mailbox.is_quiet());
    EXPECT_EQ(center.number("SELECT count(*) FROM contact WHERE channel = 'email'"), 1)
        << "on the ticket, for the agent";
    EXPECT_EQ(center.sql("SELECT from_name FROM contact WHERE channel = 'email'"), "The Desk") << "as it left";
}

TEST_F(chat_visitors, get_no_mail_where_it_cannot_be_sent) {
    auto agent = center.agent("grace", {queue});
    agent.ready();
    visitor ada{center, json::object()};
    ada.open();
    const auto ticket = take_from(ada, agent);
    ASSERT_EQ(agent.act(ticket, "replies", {{"text", "Hello!"}}).status, 201);
    ada.socket->send({{"type", "transcript"}});
    const auto nowhere = ada.socket->until("error");
    EXPECT_EQ(nowhere["field"], "email");
    EXPECT_EQ(nowhere["detail"], "leave your e-mail address first");
    ada.socket->send({{"type", "about"}, {"email", "ada@example.org"}});
    ada.socket->send({{"type", "transcript"}});
    EXPECT_EQ(ada.socket->until("error")["detail"], "this chat cannot send mail");
    with_mail();
    ada.until_status([](const json& s) { return s["mail"] == true; });
    ada.socket->send({{"type", "transcript"}});
    EXPECT_EQ(ada.socket->until("transcript")["to"], "ada@example.org");
}

TEST_F(chat_visitors, get_no_mail_at_an_address_of_ours) {
    with_mail();
    auto agent = center.agent("grace", {queue});
    agent.ready();
    visitor ada{center, json::object()};
    ada.open();
    const auto ticket = take_from(ada, agent);
    ASSERT_EQ(agent.act(ticket, "replies", {{"text", "Hello!"}}).status, 201);
    for (const char* ours : {"help@shop.example", "Help@Shop.example", "help+anything@shop.example"}) {
        ada.socket->send({{"type", "about"}, {"email", ours}});
        ada.socket->send({{"type", "transcript"}});
        const auto refused = ada.socket->until("error");
        EXPECT_EQ(refused["field"], "email") << ours;
        EXPECT_THAT(refused["detail"].get<std::string>(), HasSubstr("address of ours")) << ours;
    }
    EXPECT_EQ(center.number("SELECT count(*) FROM outbox"), 0);
}

TEST_F(chat_visitors, get_no_more_mail_by_putting_tags_behind_an_address) {
    with_mail();
    auto agent = center.agent("grace", {queue});
    agent.ready();
    const auto ask = [&](int n) {
        visitor v{center, {{"email", fmt::format("ada+{}@example.org", n)}}};
        v.open();
        v.say(1, "Hello?");
        const auto ticket = agent.take()["id"].get<std::int64_t>();
        EXPECT_EQ(agent.act(ticket, "replies", {{"text", "Hello!"}}).status, 201);
        v.until_text("Hello!");
        v.socket->send({{"type", "transcript"}});
        const auto told =
            v.socket->until([](const json& f) { return f["type"] == "transcript" || f["type"] == "error"; });
        EXPECT_EQ(agent.act(ticket, "solve", {{"disposition", "resolved"}}).status, 200);
        return told;
    };
    for (int n = 0; n < 5; ++n) EXPECT_EQ(ask(n)["to"], fmt::format("ada+{}@example.org", n)) << "a tag is no fault";
    EXPECT_THAT(ask(5)["detail"].get<std::string>(), HasSubstr("enough mail"));
}

TEST_F(chat_visitors, have_names_without_control_characters_at_both_doors) {
    visitor ada{center, {{"name", "Ada\r\n\u202Eevil"}}};
    ada.open();
    EXPECT_EQ(center.sql("SELECT name FROM chat_session"), "Ada evil");
    ada.socket->send({{"type", "about"}, {"name", "\u2066Ada\u0007 L\u200F"}, {"email", "ada@example.org"}});
    eventually([&] { return center.sql("SELECT name FROM chat_session") == "Ada L"; }, "the name is clean");
}

TEST_F(chat_visitors, case_20_an_agent_keeps_the_address_that_one_gave) {
    auto agent = center.agent("grace", {queue});
    auto mate = center.agent("mate", {queue});
    agent.ready();
    visitor ada{center, {{"name", "Ada"}, {"email", "Ada@Example.org"}}};
    ada.open();
    const auto ticket = take_from(ada, agent);
    const auto keep = [&](const seat& by, const std::string& value, const char* kind = "email") {
        return by.http.post(fmt::format("/api/v1/tickets/{}/visitor", ticket), {{"kind", kind}, {"value", value}});
    };
    EXPECT_EQ(keep(mate, "Ada@Example.org").status, 403) << "it is not hers";
    EXPECT_EQ(keep(agent, "bob@example.org").status, 409) << "the visitor does not say so";
    const auto wrong = keep(agent, "Ada@Example.org", "tel");
    EXPECT_EQ(wrong.status, 422);
    EXPECT_EQ(wrong.json()["errors"][0]["field"], "value");

    ASSERT_EQ(keep(agent, "Ada@Example.org").status, 200);
    const auto changed = mate.live.until("customer.changed")["data"];
    EXPECT_EQ(changed["fields"], json::array({"identities"}));
    const auto customer = center.admin.get("/api/v1/customers/" + changed["customer_id"].dump()).json();
    EXPECT_THAT(customer["identities"].dump(), HasSubstr("ada@example.org"));
    EXPECT_EQ(customer["version"], changed["version"]);
    EXPECT_EQ(center.number("SELECT count(*) FROM event WHERE data->>'change' = 'identity_kept'"), 1);

    EXPECT_EQ(keep(agent, "Ada@Example.org").status, 200) << "twice is harmless";
    EXPECT_EQ(center.number("SELECT count(*) FROM event WHERE type = 'customer.changed'"), 1);

    visitor eve{center, {{"name", "Eve"}, {"email", "ada@example.org"}}};
    eve.open();
    eve.say(1, "I am Ada");
    const auto other = agent.take()["id"].get<std::int64_t>();
    const auto refused = agent.http.post(fmt::format("/api/v1/tickets/{}/visitor", other),
                                         {{"kind", "email"}, {"value", "ada@example.org"}});
    EXPECT_EQ(refused.status, 409);
    EXPECT_THAT(refused.json()["detail"].get<std::string>(), HasSubstr("another customer's"));
}

} // namespace
} // namespace switchboard::test
