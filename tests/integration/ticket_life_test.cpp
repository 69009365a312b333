#include "support/contact_center.hpp"

#include <switchboard/util/time.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

/// What rests and is taken up again, who may take what, and what is said of what is not for somebody.
namespace switchboard::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

const json one_mail{{"channels", {{{"channel", "email"}, {"capacity", 1}, {"weight", 1}}}}};

class ticket_life : public testing::Test {
protected:
    ticket_life() {
        center.gateway("mail", "email", support, {{"from_address", "help@shop.example"}, {"from_name", "Shop"}});
        center.gateway("push", "chat", support);
        center.gateway("bills", "email", billing);
    }

    /// An agent of Support with one ticket accepted.
    std::int64_t owned_by(seat& s, const std::string& from = "ada@example.com") {
        s.ready();
        const auto ticket = center.mail("mail", from);
        EXPECT_EQ(s.take()["id"], ticket);
        return ticket;
    }
    std::int64_t on_hold(seat& s) {
        const auto ticket = owned_by(s);
        EXPECT_EQ(s.act(ticket, "hold", {{"until", to_rfc3339(now() + std::chrono::hours{1})}}).status, 200);
        return ticket;
    }
    seat one_place() { return center.agent("owner", {support}, one_mail); }
    /// The newest change of this name that the agent hears of.
    static json told_of(seat& s, const std::string& change) {
        return s.live.until(
            [&](const json& f) { return f["type"] == "ticket.changed" && f["data"]["change"] == change; });
    }
    std::string of_ticket(const std::string& column, std::int64_t ticket) const {
        return center.sql("SELECT " + column + " FROM ticket WHERE id = " + std::to_string(ticket));
    }
    std::string state_of(std::int64_t ticket) const { return of_ticket("state", ticket); }
    std::int64_t used(const seat& s, const std::string& channel) const {
        return center.number("SELECT used FROM agent_load WHERE channel = '" + channel +
                             "' AND agent_id = " + std::to_string(s.id));
    }

    contact_center center;
    std::int64_t support = center.queue("Support", {{"ring_s", 300}, {"cool_s", 0}, {"wrapup_s", 60}}),
                 billing = center.queue("Billing", {{"ring_s", 300}});
};

TEST_F(ticket_life, ones_own_is_taken_up_at_once_and_nobody_else_is_asked) {
    auto owner = center.agent("owner", {support});
    auto idle = center.agent("idle", {support});
    const auto held = on_hold(owner);
    idle.ready();
    owner.presence({{"state", "not_ready"}, {"reason", "lunch"}}); // routing would ask him for nothing
    auto back = owner.act(held, "resume");
    ASSERT_EQ(back.status, 200) << back.body;
    EXPECT_EQ(back.json()["state"], "active");
    EXPECT_EQ(back.json()["owner"]["id"], owner.id);
    EXPECT_EQ(used(owner, "email"), 1);

    ASSERT_EQ(owner.act(held, "solve", {{"disposition", "resolved"}}).status, 200);
    back = owner.act(held, "reopen");
    ASSERT_EQ(back.status, 200) << back.body;
    EXPECT_EQ(back.json()["state"], "active");
    EXPECT_EQ(back.json()["disposition"], nullptr);
    EXPECT_EQ(of_ticket("solved_at", held), "");
    EXPECT_EQ(used(owner, "email"), 1);
    EXPECT_EQ(center.number("SELECT count(*) FROM offer WHERE agent_id = " + std::to_string(idle.id)), 0);
    ASSERT_EQ(owner.act(held, "solve", {{"disposition", "resolved"}}).status, 200)
        << "and routing knows that he has it";
    EXPECT_EQ(used(owner, "email"), 0);
}

TEST_F(ticket_life, ones_own_stays_where_it_is_when_its_owner_is_full_and_he_is_told_why) {
    auto owner = one_place();
    const auto held = on_hold(owner);
    const auto other = owned_by(owner, "bob@example.com");
    auto refused = owner.act(held, "resume");
    EXPECT_EQ(refused.status, 409);
    EXPECT_THAT(refused.body, HasSubstr("you are full: 1 of 1"));
    EXPECT_EQ(state_of(held), "held");

    ASSERT_EQ(owner.act(other, "solve", {{"disposition", "resolved"}}).status, 200);
    owned_by(owner, "eve@example.com");
    refused = owner.act(other, "reopen");
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(state_of(other), "solved");
    EXPECT_EQ(used(owner, "email"), 1);
}

TEST_F(ticket_life, ones_own_goes_to_who_may_when_its_owner_may_no_more) {
    auto owner = center.agent("owner", {support});
    const auto held = on_hold(owner);
    auto other = center.agent("other", {support});
    other.ready();
    center.sql("UPDATE agent_channel SET capacity = 0 WHERE channel = 'email' AND agent_id = " +
               std::to_string(owner.id));
    const auto resumed = owner.act(held, "resume");
    ASSERT_EQ(resumed.status, 200) << resumed.body;
    EXPECT_EQ(resumed.json()["owner"], nullptr);
}

TEST_F(ticket_life, what_rests_comes_back_to_its_owner_when_the_customer_writes) {
    auto owner = center.agent("owner", {support});
    auto idle = center.agent("idle", {support});
    owner.ready();
    const auto chat = center.chat("push", "session-1");
    owner.take();
    ASSERT_EQ(owner.act(chat, "hold", {{"until", to_rfc3339(now() + std::chrono::hours{1})}}).status, 200);
    idle.ready();
    ASSERT_EQ(center.chat("push", "session-1"), chat);
    const auto back = told_of(owner, "resumed");
    EXPECT_EQ(back["data"]["ticket"]["state"], "active");
    EXPECT_EQ(back["data"]["ticket"]["owner"]["id"], owner.id);
    EXPECT_EQ(back["data"]["cause"], "the customer wrote");
    EXPECT_EQ(used(owner, "chat"), 1);
    EXPECT_EQ(center.number("SELECT count(*) FROM offer WHERE agent_id = " + std::to_string(idle.id)), 0);
}

TEST_F(ticket_life, what_a_stranger_to_the_queue_was_given_comes_back_to_him) {
    auto stranger = center.agent("stranger", {billing});
    auto idle = center.agent("idle", {support});
    stranger.ready();
    const auto chat = center.chat("push", "session-1");
    ASSERT_EQ(center.admin
                  .post("/api/v1/tickets/" + std::to_string(chat) + "/assign",
                        {{"agent_id", stranger.id}, {"reason", "knows her"}})
                  .status,
              200);
    for (const bool by_hand : {true, false}) {
        ASSERT_EQ(stranger.act(chat, "hold", {{"until", to_rfc3339(now() + std::chrono::hours{1})}}).status, 200);
        if (by_hand)
            ASSERT_EQ(stranger.act(chat, "resume").json()["state"], "active");
        else
            ASSERT_EQ(center.chat("push", "session-1"), chat);
        EXPECT_EQ(told_of(stranger, "resumed")["data"]["ticket"]["owner"]["id"], stranger.id);
    }
    idle.ready();
    EXPECT_EQ(of_ticket("owner_id", chat), std::to_string(stranger.id));
}

TEST_F(ticket_life, what_rests_comes_back_at_its_time_too) {
    auto owner = center.agent("owner", {support});
    const auto held = on_hold(owner);
    center.sql("UPDATE ticket SET held_until = now() - interval '1 second', last_contact_at = now() - interval '1 "
               "minute' WHERE id = " +
               std::to_string(held));
    const auto back = told_of(owner, "resumed");
    EXPECT_EQ(back["data"]["ticket"]["state"], "active");
    EXPECT_EQ(back["data"]["cause"], "its time has come");
}

TEST_F(ticket_life, what_its_owner_cannot_have_back_goes_to_the_queue_and_says_why) {
    auto owner = one_place();
    const auto held = on_hold(owner);
    const auto other = owned_by(owner, "bob@example.com");
    const auto answer_to_held = [&] {
        const auto first =
            of_ticket("(SELECT message_id FROM contact WHERE ticket_id = ticket.id ORDER BY id LIMIT 1)", held);
        EXPECT_EQ(center.mail("mail", "ada@example.com", "Re: Help", {{"In-Reply-To", "<" + first + ">"}}), held);
    };
    answer_to_held();
    auto back = told_of(owner, "resumed");
    EXPECT_EQ(back["data"]["ticket"]["owner"], nullptr);
    EXPECT_EQ(back["data"]["cause"], "the customer wrote; owner has no room for it, so it waits in the queue");

    ASSERT_EQ(owner.act(other, "solve", {{"disposition", "resolved"}}).status, 200);
    EXPECT_EQ(owner.take()["id"], held);
    ASSERT_EQ(owner.act(held, "hold", {{"until", to_rfc3339(now() + std::chrono::hours{1})}}).status, 200);
    owner.presence({{"state", "not_ready"}, {"reason", "lunch"}});
    answer_to_held();
    back = told_of(owner, "resumed");
    EXPECT_EQ(back["data"]["cause"], "the customer wrote; owner is not ready for it, so it waits in the queue");
}

TEST_F(ticket_life, a_resume_is_one_line_of_the_history) {
    auto owner = center.agent("owner", {support});
    const auto held = on_hold(owner);
    ASSERT_EQ(owner.act(held, "resume").status, 200);
    std::vector<std::string> lines;
    for (const auto& e : owner.http.get("/api/v1/tickets/" + std::to_string(held) + "/timeline").json()["items"])
        if (e["kind"] == "event" && e["event"]["type"] == "ticket.changed")
            lines.push_back(e["event"]["data"]["change"]);
        else if (e["kind"] == "event")
            lines.push_back(e["event"]["type"]);
    EXPECT_THAT(lines, testing::ElementsAre("offer.created", "offer.accepted", "held", "resumed"));
}

/// With a reply that solved it: the free place rang at once.
TEST_F(ticket_life, what_is_taken_back_is_its_owners_again_though_his_place_is_filled) {
    auto owner = one_place();
    const auto ticket = owned_by(owner);
    const auto next = center.mail("mail", "bob@example.com");
    const auto sent = owner.act(ticket, "replies",
                                {{"text", "Done."}, {"to", {{{"value", "ada@example.com"}}}}, {"solve", "resolved"}});
    ASSERT_EQ(sent.status, 201) << sent.body;
    EXPECT_EQ(owner.take()["id"], next);
    const auto undone = owner.http.post("/api/v1/contacts/" + sent.json()["contact"]["id"].dump() + "/undo");
    ASSERT_EQ(undone.status, 200) << undone.body;
    EXPECT_EQ(undone.json()["ticket"]["state"], "active");
    EXPECT_EQ(undone.json()["ticket"]["owner"]["id"], owner.id);
    EXPECT_EQ(told_of(owner, "reopened")["data"]["past_capacity"], true);
    EXPECT_EQ(used(owner, "email"), 2);
    ASSERT_EQ(owner.act(ticket, "solve", {{"disposition", "resolved"}}).status, 200);
    ASSERT_EQ(owner.act(next, "solve", {{"disposition", "resolved"}}).status, 200);
    EXPECT_EQ(used(owner, "email"), 0);
}

TEST_F(ticket_life, what_a_supervisor_takes_back_is_its_owners_again) {
    auto owner = center.agent("owner", {support});
    const auto ticket = owned_by(owner);
    const auto path = "/api/v1/tickets/" + std::to_string(ticket);
    const auto sent = center.admin.post(
        path + "/replies", {{"text", "Done."}, {"to", {{{"value", "ada@example.com"}}}}, {"solve", "resolved"}});
    ASSERT_EQ(sent.status, 201) << sent.body;
    const auto undone = center.admin.post("/api/v1/contacts/" + sent.json()["contact"]["id"].dump() + "/undo");
    ASSERT_EQ(undone.status, 200) << undone.body;
    EXPECT_EQ(undone.json()["ticket"]["owner"]["id"], owner.id);
    EXPECT_EQ(used(owner, "email"), 1);
}

TEST_F(ticket_life, what_a_supervisor_resumes_is_offered_to_its_owner_first) {
    auto owner = center.agent("owner", {support});
    const auto held = on_hold(owner);
    ASSERT_EQ(center.admin.post("/api/v1/tickets/" + std::to_string(held) + "/resume").status, 200);
    EXPECT_EQ(owner.take()["id"], held);
}

TEST_F(ticket_life, a_chat_that_is_reopened_ends_its_wrap_up) {
    auto agent =
        center.agent("grace", {support}, {{"channels", {{{"channel", "chat"}, {"capacity", 1}, {"weight", 30}}}}});
    agent.ready();
    const auto chat = center.chat("push", "session-1");
    agent.take();
    ASSERT_EQ(agent.act(chat, "solve", {{"disposition", "resolved"}}).status, 200);
    const auto back = agent.act(chat, "reopen");
    ASSERT_EQ(back.status, 200) << back.body;
    EXPECT_EQ(back.json()["state"], "active");
    EXPECT_EQ(agent.work()["wrapup"], json::array());
    EXPECT_EQ(used(agent, "chat"), 1);
    const auto next = center.chat("push", "session-2");
    ASSERT_EQ(agent.act(chat, "solve", {{"disposition", "resolved"}}).status, 200);
    ASSERT_EQ(agent.act(chat, "wrapup-done").status, 200);
    EXPECT_EQ(agent.take()["id"], next) << "routing has counted the same";
}

/// With nothing that fills his hands: only the wrap-up is between him and the mail.
TEST_F(ticket_life, a_mail_does_not_ring_over_a_wrap_up) {
    auto agent = center.agent("grace", {support});
    agent.ready();
    const auto chat = center.chat("push", "session-1");
    agent.take();
    ASSERT_EQ(agent.act(chat, "solve", {{"disposition", "resolved"}}).status, 200);
    const auto mail = center.mail("mail");
    const auto other = center.chat("push", "session-2");
    EXPECT_EQ(agent.take()["id"], other) << "a chat goes beside it, and came after the mail";
    EXPECT_EQ(agent.work()["wrapup"][0]["id"], chat);
    EXPECT_EQ(center.number("SELECT count(*) FROM offer WHERE ticket_id = " + std::to_string(mail)), 0);
    ASSERT_EQ(agent.act(other, "solve", {{"disposition", "resolved"}}).status, 200);
    ASSERT_EQ(agent.act(other, "wrapup-done").status, 200);
    ASSERT_EQ(agent.act(chat, "wrapup-done").status, 200);
    EXPECT_EQ(agent.take()["id"], mail);
}

TEST_F(ticket_life, who_cannot_take_a_ticket_reads_why) {
    const auto spanish = center.skill("Spanish");
    auto able = one_place();
    auto lacking = center.agent("lacking", {support});
    const auto why = [&](seat& s, std::int64_t ticket) { return s.ticket(ticket)["cannot_take"]; };
    const auto first = center.mail("mail", "ada@example.com");
    EXPECT_EQ(why(able, first), nullptr);
    center.sql("UPDATE ticket SET skills = '[{\"skill_id\": " + std::to_string(spanish) + ", \"min\": 3}]'");
    EXPECT_EQ(why(lacking, first), "you cannot take this ticket: skill Spanish");
    EXPECT_EQ(lacking.act(first, "claim").status, 409);
    center.sql("UPDATE ticket SET skills = '[]'");
    ASSERT_EQ(able.act(first, "claim").status, 200);
    const auto second = center.mail("mail", "bob@example.com");
    EXPECT_EQ(why(able, second), "you are full: 1 of 1 on the channel email");
    EXPECT_EQ(able.act(second, "claim").json()["detail"], why(able, second)) << "the same words";
    EXPECT_EQ(center.sign_in("supervisor").ticket(second)["cannot_take"], nullptr) << "he assigns";
    EXPECT_EQ(why(able, first), nullptr) << "it is not there to be taken";
}

TEST_F(ticket_life, an_agent_knows_whose_tickets_he_sees_and_what_he_does) {
    auto agent = center.agent("grace", {support}, one_mail);
    const auto work = agent.work();
    EXPECT_EQ(work["queues"], json::array({support}));
    EXPECT_EQ(work["channels"], json::array({"email"}));
    agent.ready();
    center.mail("mail");
    agent.take();
    EXPECT_EQ(agent.work()["tickets"][0]["live"], false);
}

TEST_F(ticket_life, earlier_tickets_that_one_may_not_see_are_counted_and_no_more) {
    auto agent = center.agent("grace", {support});
    const auto seen = center.mail("mail", "ada@example.com");
    const auto other = center.mail("bills", "ada@example.com", "My bill");
    center.mail("bills", "ada@example.com", "Another bill");
    ASSERT_EQ(
        center.admin.post("/api/v1/tickets/" + std::to_string(other) + "/solve", {{"disposition", "resolved"}}).status,
        200);
    const auto path = "/api/v1/customers/" + of_ticket("customer_id", seen) + "/tickets";
    const auto of = [&](const client& who, const std::string& state) { return who.get(path + state).json(); };
    EXPECT_EQ(of(agent.http, "")["hidden"], 2);
    EXPECT_EQ(of(agent.http, "?state=open")["hidden"], 1);
    EXPECT_EQ(of(agent.http, "?state=solved")["hidden"], 1);
    EXPECT_EQ(of(agent.http, "?state=solved")["items"], json::array());
    EXPECT_EQ(of(center.admin, "")["hidden"], 0);
    EXPECT_EQ(of(center.admin, "")["items"].size(), 3u);
}

TEST_F(ticket_life, a_mail_that_cannot_leave_says_so) {
    auto agent = center.agent("grace", {support});
    const auto ticket = owned_by(agent);
    const auto sent = agent.act(ticket, "replies", {{"text", "Hello"}}).json()["contact"];
    EXPECT_EQ(sent["delivery_detail"], "");
    center.sql("UPDATE outbox SET next_at = now()"); // eight seconds to take it back have gone by
    center.sql("INSERT INTO event (type, data) VALUES ('contact.sent', '{}')");
    const auto told = agent.live.until("contact.delivery")["data"];
    EXPECT_EQ(told["delivery"], "queued");
    EXPECT_THAT(told["detail"].get<std::string>(), HasSubstr("sending is not set up"));
    const auto shown = agent.http.get("/api/v1/tickets/" + std::to_string(ticket) + "/timeline").json()["items"];
    const auto is_ours = [&](const json& e) { return e["kind"] == "contact" && e["contact"]["id"] == sent["id"]; };
    EXPECT_EQ(std::ranges::find_if(shown, is_ours)->at("contact")["delivery_detail"], told["detail"]);
}

TEST_F(ticket_life, a_recipient_to_whom_mail_came_back_is_marked) {
    auto agent = center.agent("grace", {support});
    const auto ticket = owned_by(agent);
    EXPECT_EQ(agent.ticket(ticket)["reply"]["bounced"], json::array());
    center.sql("UPDATE customer_identity SET bounced_at = now(), bounce_reason = 'mailbox full'");
    EXPECT_EQ(agent.ticket(ticket)["reply"]["bounced"], json::array({"ada@example.com"}));
}

TEST_F(ticket_life, an_answer_is_shown_under_the_name_under_which_it_leaves) {
    auto agent = center.agent("grace", {support});
    const auto ticket = owned_by(agent);
    EXPECT_EQ(agent.ticket(ticket)["reply"]["from"], (json{{"name", "Shop"}, {"address", "help@shop.example"}}));
    ASSERT_EQ(center.admin.patch("/api/v1/queues/" + std::to_string(support), {{"sender_name", "Shop Care"}}).status,
              200);
    EXPECT_EQ(agent.ticket(ticket)["reply"]["from"]["name"], "Shop Care");
    const auto sent = agent.act(ticket, "replies", {{"text", "Hello"}}).json()["contact"];
    EXPECT_EQ(sent["from"]["name"], "Shop Care");
}

} // namespace
} // namespace switchboard::test
