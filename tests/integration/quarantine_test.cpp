// What could not be understood is kept, shown, and read again after a fix.
#include "support/contact_center.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard::test {
namespace {

using nlohmann::json;

/// A telephone system whose lines are in an order of its own, before anybody has said which.
class quarantine : public testing::Test {
protected:
    quarantine() {
        queue = center.queue("Support");
        calls = center.gateway("pbx", "asterisk", queue);
    }
    http_answer post(const std::string& lines) { return post("pbx", lines, "text/csv"); }
    http_answer post(const std::string& gateway, const std::string& bytes, const std::string& type) {
        return center.intake.send("POST", "/api/v1/intake/" + gateway, bytes, {{"Content-Type", type}});
    }
    /// An answer of an agent to a customer's mail: its contact.
    std::int64_t answered(seat& agent) {
        center.gateway("help", "email", queue, {{"from_address", "help@shop.example"}});
        agent.ready();
        const auto ticket = center.mail("help", "ada@example.com");
        agent.take();
        return agent.act(ticket, "replies", {{"text", "Is it plugged in?"}}).json()["contact"]["id"];
    }
    /// What a fix of ours does to an input that it was written for: another reader sees it.
    void read_as(const std::string& gateway, const std::string& kind) {
        center.sql("UPDATE gateway SET kind = '" + kind + "' WHERE name = '" + gateway + "'");
    }
    json replay() { return supervisor.http.post("/api/v1/contacts/replay").json(); }
    void say_which_columns() {
        const auto done = center.admin.patch(
            "/api/v1/gateways/" + std::to_string(calls),
            {{"settings",
              {{"columns", {"start", "src", "dst", "duration", "billsec", "disposition", "uniqueid"}},
               {"default_country", "DE"}}}});
        ASSERT_EQ(done.status, 200) << done.body;
        ASSERT_EQ(supervisor.http.post("/api/v1/contacts/999/replay").status, 404) << "which reads the settings anew";
    }
    json listed() { return supervisor.http.get("/api/v1/contacts?outcome=quarantined").json()["items"]; }
    std::int64_t count(const std::string& outcome) {
        return center.number("SELECT count(*) FROM contact WHERE outcome = '" + outcome + "'");
    }

    contact_center center;
    std::int64_t queue = 0, calls = 0;
    seat supervisor = center.sign_in("supervisor");
};

constexpr const char* three_calls = "2026-11-20 09:00:00,030111111,100,61,55,ANSWERED,1700000001.1\n"
                                    "2026-11-20 09:05:00,030222222,100,20,0,NO ANSWER,1700000001.2\n"
                                    "2026-11-20 09:10:00,030333333,100,40,31,ANSWERED,1700000001.3\n";

TEST_F(quarantine, shows_what_it_is_why_and_its_bytes) {
    ASSERT_EQ(post(three_calls).status, 201);
    const auto items = listed();
    ASSERT_EQ(items.size(), 3u);
    for (const auto& item : items) {
        EXPECT_FALSE(item["quarantine"].get<std::string>().empty());
        EXPECT_EQ(item["gateway"], "pbx");
        const auto raw =
            supervisor.http.get("/api/v1/contacts/" + std::to_string(item["id"].get<std::int64_t>()) + "/raw");
        EXPECT_EQ(raw.status, 200);
        EXPECT_EQ(raw.body, three_calls);
    }
}

TEST_F(quarantine, fills_the_same_contacts_after_a_fix_and_counts_nothing_twice) {
    ASSERT_EQ(post(three_calls).status, 201);
    const auto ids = listed();
    say_which_columns();
    const auto done = supervisor.http.post("/api/v1/contacts/replay");
    ASSERT_EQ(done.status, 200) << done.body;
    EXPECT_EQ(done.json(), (json{{"tried", 3}, {"understood", 3}, {"next", nullptr}}));
    EXPECT_TRUE(listed().empty());
    EXPECT_EQ(center.number("SELECT count(*) FROM contact"), 3);
    EXPECT_EQ(count("ticketed"), 3);
    for (const auto& before : ids) {
        const auto now =
            supervisor.http.get("/api/v1/contacts/" + std::to_string(before["id"].get<std::int64_t>())).json();
        EXPECT_EQ(now["outcome"], "ticketed");
        EXPECT_TRUE(now["quarantine"].is_null());
        EXPECT_TRUE(now["ticket_id"].is_number());
        EXPECT_EQ(now["received_at"], before["received_at"]);
    }
    EXPECT_EQ(center.number("SELECT count(DISTINCT from_value) FROM contact WHERE from_kind = 'tel'"), 3);

    EXPECT_EQ(supervisor.http.post("/api/v1/contacts/replay").json()["tried"], 0);
    EXPECT_EQ(
        supervisor.http.post("/api/v1/contacts/" + std::to_string(ids[0]["id"].get<std::int64_t>()) + "/replay").status,
        404)
        << "it is in quarantine no more";
    const auto again = post(three_calls);
    EXPECT_EQ(again.status, 200) << "the telephone system repeats its file";
    EXPECT_TRUE(again.json()["duplicate"]);
    EXPECT_EQ(center.number("SELECT count(*) FROM contact"), 3);
}

TEST_F(quarantine, is_not_left_by_what_is_still_not_understood) {
    ASSERT_EQ(post("this is no call\n").status, 201);
    const auto id = listed()[0]["id"].get<std::int64_t>();
    const auto tried = supervisor.http.post("/api/v1/contacts/" + std::to_string(id) + "/replay");
    ASSERT_EQ(tried.status, 200) << tried.body;
    EXPECT_EQ(tried.json(), (json{{"tried", 1}, {"understood", 0}, {"next", nullptr}}));
    EXPECT_EQ(listed().size(), 1u);
}

TEST_F(quarantine, ends_as_a_repeat_when_the_sender_was_understood_meanwhile) {
    ASSERT_EQ(post("2026-11-20 09:00:00,030111111,100,61,55,ANSWERED,1700000001.1\n").status, 201);
    const auto id = listed()[0]["id"].get<std::int64_t>();
    say_which_columns();
    // Quoted it is another line, and the same call.
    ASSERT_EQ(post("\"2026-11-20 09:00:00\",030111111,100,61,55,ANSWERED,1700000001.1\n").status, 201);
    ASSERT_EQ(count("ticketed"), 1);
    const auto done = supervisor.http.post("/api/v1/contacts/" + std::to_string(id) + "/replay");
    ASSERT_EQ(done.status, 200) << done.body;
    EXPECT_EQ(done.json()["understood"], 1);
    EXPECT_EQ(count("ticketed"), 1) << "one call is one contact";
    EXPECT_EQ(count("repeat"), 1);
    EXPECT_TRUE(listed().empty());
}

TEST_F(quarantine, is_left_by_a_bounce_as_an_event_on_the_mail_that_came_back) {
    auto agent = center.agent("grace", {queue});
    const auto ours = answered(agent);
    const auto message_id = center.sql("SELECT message_id FROM contact WHERE direction = 'out'");
    const auto report =
        "From: MAILER-DAEMON@mx.example\r\nTo: help@shop.example\r\nSubject: Undelivered\r\n"
        "Message-ID: <bounce@mx.example>\r\nDate: Mon, 2 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\n\r\nYour mail could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        "Final-Recipient: rfc822; ada@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <" +
        message_id + ">\r\nSubject: Help\r\n\r\nIs it plugged in?\r\n--b--\r\n";
    center.gateway("returns", "fax", queue);
    ASSERT_EQ(post("returns", report, "message/rfc822").json()["outcome"], "quarantined");
    const auto id = listed()[0]["id"].get<std::int64_t>();
    const auto contacts = center.number("SELECT count(*) FROM contact");

    read_as("returns", "email");
    EXPECT_EQ(replay(), (json{{"tried", 1}, {"understood", 1}, {"next", nullptr}}));
    EXPECT_TRUE(listed().empty());
    EXPECT_EQ(center.number("SELECT count(*) FROM contact"), contacts);
    EXPECT_EQ(center.number("SELECT count(*) FROM ticket"), 1) << "it is no ticket";
    EXPECT_EQ(center.sql("SELECT string_agg(type || ' of ' || external_id, ', ') FROM contact_event"),
              "bounce of " + message_id);
    EXPECT_EQ(center.sql("SELECT delivery FROM contact WHERE id = " + std::to_string(ours)), "failed");
    EXPECT_EQ(center.sql("SELECT value FROM customer_identity WHERE bounced_at IS NOT NULL"), "ada@example.com");
    const auto told = agent.live.until("contact.delivery")["data"];
    EXPECT_EQ(told["contact_id"], ours);
    const auto now = supervisor.http.get("/api/v1/contacts/" + std::to_string(id)).json();
    EXPECT_EQ(now["outcome"], "repeat");
    EXPECT_EQ(now["details"], (json{{"event", "bounce"}, {"event_of", ours}}));
    EXPECT_EQ(supervisor.http.get("/api/v1/contacts/" + std::to_string(id) + "/raw").body, report) << "it is kept";

    EXPECT_EQ(replay()["tried"], 0);
    EXPECT_EQ(post("returns", report, "message/rfc822").json()["duplicate"], true) << "the relay repeats it";
    EXPECT_EQ(center.number("SELECT count(*) FROM contact_event"), 1);
    EXPECT_EQ(center.number("SELECT count(*) FROM contact"), contacts);
}

TEST_F(quarantine, is_left_by_a_bounce_of_what_was_never_ours_as_a_contact) {
    center.gateway("returns", "fax", queue);
    const std::string report = "From: MAILER-DAEMON@mx.example\r\nTo: help@shop.example\r\nSubject: failure notice\r\n"
                               "Message-ID: <bounce@mx.example>\r\n\r\nI was unable to deliver your message.\r\n"
                               "<ada@example.com>:\r\nSorry, no mailbox here by that name.\r\n\r\n"
                               "--- Below this line is a copy of the message.\r\n\r\n"
                               "Message-ID: <never@ours.example>\r\nSubject: Spam\r\n\r\nBuy this\r\n";
    ASSERT_EQ(post("returns", report, "message/rfc822").json()["outcome"], "quarantined");
    read_as("returns", "email");
    EXPECT_EQ(replay()["understood"], 1);
    EXPECT_EQ(count("bounce"), 1);
    EXPECT_EQ(center.number("SELECT count(*) FROM contact"), 1);
    EXPECT_EQ(center.number("SELECT count(*) FROM contact_event"), 0);
}

TEST_F(quarantine, is_left_by_a_notification_of_several_events_as_all_of_them) {
    center.gateway("provider", "postmark", queue);
    json events = json::array();
    for (const auto* kind : {"processed", "delivered", "open"})
        events.push_back({{"event", kind}, {"email", "ada@example.com"}, {"smtp-id", "<x@shop.example>"}});
    ASSERT_EQ(post("provider", events.dump(), "application/json").json()["outcome"], "quarantined");
    read_as("provider", "sendgrid");
    EXPECT_EQ(replay(), (json{{"tried", 1}, {"understood", 1}, {"next", nullptr}}));
    EXPECT_EQ(center.sql("SELECT string_agg(type, ' ' ORDER BY id) FROM contact_event"), "sent delivered read");
    EXPECT_EQ(count("quarantined"), 0);
    EXPECT_EQ(center.sql("SELECT details FROM contact"), R"({"event":"sent","event_of":null})");
    EXPECT_EQ(post("provider", events.dump(), "application/json").json()["duplicate"], true);
    EXPECT_EQ(center.number("SELECT count(*) FROM contact_event"), 3);
}

TEST_F(quarantine, is_left_by_a_file_of_several_calls_as_all_of_them) {
    calls = center.gateway("calls", "fax", queue);
    ASSERT_EQ(post("calls", three_calls, "text/csv").json()["outcome"], "quarantined");
    read_as("calls", "asterisk");
    say_which_columns();
    EXPECT_EQ(replay(), (json{{"tried", 1}, {"understood", 1}, {"next", nullptr}}));
    EXPECT_EQ(count("ticketed"), 3);
    EXPECT_EQ(count("quarantined"), 0);
    EXPECT_EQ(post("calls", three_calls, "text/csv").status, 200) << "all of it is known";
    EXPECT_EQ(center.number("SELECT count(*) FROM contact"), 3);
}

TEST_F(quarantine, is_for_supervisors) {
    ASSERT_EQ(post(three_calls).status, 201);
    const auto id = std::to_string(listed()[0]["id"].get<std::int64_t>());
    auto agent = center.agent("grace", {queue});
    EXPECT_EQ(agent.http.get("/api/v1/contacts?outcome=quarantined").status, 403);
    EXPECT_EQ(agent.http.post("/api/v1/contacts/" + id + "/replay").status, 403);
    EXPECT_EQ(agent.http.post("/api/v1/contacts/replay").status, 403);
    EXPECT_EQ(supervisor.http.post("/api/v1/contacts/replay", json{{"gateway", 7}}).status, 422);
}

} // namespace
} // namespace switchboard::test
