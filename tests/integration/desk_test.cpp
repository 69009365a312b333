#include "support/contact_center.hpp"

#include <switchboard/util/time.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

/// Two queues with a mailbox, a telephone and a chat each; one agent in each; a supervisor.
class desk : public testing::Test {
protected:
    desk() {
        support = center.queue("Support", {{"ring_s", 300}, {"cool_s", 0}, {"wrapup_s", 60}});
        billing = center.queue("Billing", {{"ring_s", 300}});
        center.gateway("mail", "email", support, {{"from_address", "help@shop.example"}, {"from_name", "Shop"}});
        center.gateway("pbx", "phone", support);
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
    std::string state_of(std::int64_t ticket) const { return of_ticket("state", ticket); }
    std::string of_ticket(const std::string& column, std::int64_t ticket) const {
        return center.sql("SELECT " + column + " FROM ticket WHERE id = " + std::to_string(ticket));
    }
    std::int64_t used(const seat& s, const std::string& channel) const {
        return center.number("SELECT used FROM agent_load WHERE channel = '" + channel +
                             "' AND agent_id = " + std::to_string(s.id));
    }

    contact_center center;
    std::int64_t support = 0, billing = 0;
};

using offers = desk;
using answers = desk;
using moves = desk;
using rights = desk;

TEST_F(offers, accepted_makes_the_agent_the_owner_and_twice_is_once) {
    auto agent = center.agent("grace", {support});
    agent.ready();
    const auto ticket = center.mail("mail");
    const auto offer = agent.offered();
    EXPECT_EQ(used(agent, "email"), 1) << "an offer takes room from its creation";
    const auto first = agent.accept(offer);
    ASSERT_EQ(first.status, 200) << first.body;
    EXPECT_EQ(first.json()["ticket"]["owner"]["id"], agent.id);
    EXPECT_EQ(first.json()["ticket"]["state"], "active");
    const auto again = agent.accept(offer);
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(again.json(), first.json());
    EXPECT_EQ(agent.live.until("offer.accepted")["data"]["ticket_id"], ticket);
    EXPECT_EQ(center.number("SELECT count(*) FROM event WHERE type = 'offer.accepted'"), 1);
    EXPECT_EQ(used(agent, "email"), 1);
    const auto work = agent.work();
    EXPECT_EQ(work["offers"], json::array());
    EXPECT_EQ(work["tickets"][0]["id"], ticket);
}

TEST_F(offers, are_nobody_elses) {
    auto agent = center.agent("grace", {support});
    auto colleague = center.agent("edsger", {support});
    agent.ready();
    center.mail("mail");
    const auto offer = agent.offered();
    EXPECT_EQ(colleague.accept(offer).status, 404);
    EXPECT_EQ(colleague.decline(offer).status, 404);
    EXPECT_EQ(center.sign_in("supervisor").accept(offer).status, 404);
    EXPECT_EQ(agent.accept(offer).status, 200);
}

TEST_F(offers, declined_leave_the_ticket_at_its_old_place) {
    auto agent =
        center.agent("grace", {support}, {{"channels", {{{"channel", "email"}, {"capacity", 1}, {"weight", 1}}}}});
    agent.ready();
    const auto older = center.mail("mail", "older@example.com");
    const auto offer = agent.offered();
    const auto newer = center.mail("mail", "newer@example.com");
    agent.presence({{"state", "not_ready"}, {"reason", "lunch"}}); // so that the order is looked at with both waiting
    agent.live.until("offer.rescinded");
    agent.ready();
    const auto once_more = agent.offered();
    EXPECT_EQ(once_more["ticket"]["id"], older);
    EXPECT_EQ(once_more["ticket"]["enqueue_at"], offer["ticket"]["enqueue_at"]);
    auto second =
        center.agent("edsger", {support}, {{"channels", {{{"channel", "email"}, {"capacity", 1}, {"weight", 1}}}}});
    const auto refused = agent.decline(once_more);
    ASSERT_EQ(refused.status, 200) << refused.body;
    EXPECT_EQ(refused.json()["offer"]["state"], "declined");
    EXPECT_EQ(agent.live.until("offer.declined")["data"]["reason"], "lunch");
    EXPECT_EQ(agent.accept(once_more).status, 409);
    second.ready();
    EXPECT_THAT((std::vector<std::int64_t>{older, newer}), testing::Contains(second.take()["id"].get<std::int64_t>()));
    EXPECT_EQ(of_ticket("enqueue_at = opened_at", older), "t");
}

TEST_F(offers, need_the_licence_still_when_they_are_accepted) {
    const auto insurance = center.licence("Insurance");
    const auto claims = center.queue(
        "Claims",
        {{"ring_s", 300}, {"cool_s", 0}, {"licences", {{{"licence_id", insurance}, {"jurisdiction", "NY"}}}}});
    center.gateway("claims", "email", claims);
    const json licensed{{"licences",
                         {{{"licence_id", insurance},
                           {"jurisdictions", {"NY"}},
                           {"valid_from", "2020-01-01T00:00:00Z"},
                           {"valid_until", "2099-01-01T00:00:00Z"}}}}};
    auto holder = center.agent("holder", {claims}, licensed);
    auto elsewhere = center.agent("elsewhere", {claims},
                                  {{"licences",
                                    {{{"licence_id", insurance},
                                      {"jurisdictions", {"TX"}},
                                      {"valid_from", "2020-01-01T00:00:00Z"},
                                      {"valid_until", "2099-01-01T00:00:00Z"}}}}});
    auto without = center.agent("without", {claims});
    elsewhere.ready();
    without.ready();
    holder.ready();
    const auto ticket = center.mail("claims");
    const auto offer = holder.offered();
    // Another system revokes it: routing has not heard of it, the row alone knows.
    center.sql("UPDATE agent_licence SET state = 'revoked' WHERE agent_id = " + std::to_string(holder.id));
    const auto refused = holder.accept(offer);
    EXPECT_EQ(refused.status, 409);
    EXPECT_THAT(refused.json()["detail"].get<std::string>(), testing::StartsWith("licence"));
    EXPECT_EQ(of_ticket("owner_id", ticket), "");

    // The interface says it too: routing takes the offer back and finds nobody.
    const auto put = center.admin.put("/api/v1/agents/" + std::to_string(holder.id), {{"licences", json::array()}});
    ASSERT_EQ(put.status, 200) << put.body;
    EXPECT_EQ(holder.live.until("offer.rescinded")["data"]["offer_id"], offer["id"]);
    EXPECT_EQ(state_of(ticket), "waiting");
    EXPECT_EQ(center.number("SELECT count(*) FROM offer WHERE agent_id <> " + std::to_string(holder.id)), 0);
    ASSERT_EQ(center.admin.put("/api/v1/agents/" + std::to_string(holder.id), licensed).status, 200);
    EXPECT_EQ(holder.take()["id"], ticket) << "who holds it again is asked at once";
}

TEST_F(answers, by_mail_are_committed_with_the_thread_that_they_belong_to) {
    auto agent = center.agent("grace", {support});
    agent.ready();
    const auto ticket =
        center.mail("mail", "ada@example.com", "Kettle", {{"References", "<a@example.com> <b@example.com>"}});
    agent.take();
    const auto message_id = center.sql("SELECT message_id FROM contact");
    const auto answer = agent.act(ticket, "replies", {{"text", "Is it plugged in?"}});
    ASSERT_EQ(answer.status, 201) << answer.body;
    const auto contact = answer.json()["contact"];
    EXPECT_EQ(contact["direction"], "out");
    EXPECT_EQ(contact["delivery"], "queued");
    EXPECT_EQ(contact["to"][0]["value"], "ada@example.com");
    EXPECT_EQ(contact["author"]["id"], agent.id);
    EXPECT_THAT(contact["subject"].get<std::string>(),
                testing::AllOf(HasSubstr("Kettle"), HasSubstr("[#" + std::to_string(ticket) + "]")));
    EXPECT_EQ(center.number("SELECT count(*) FROM outbox WHERE state = 'queued' AND next_at > now()"), 1);
    const auto details = json::parse(center.sql("SELECT details FROM contact WHERE outcome = 'sent'"));
    EXPECT_EQ(details["in_reply_to"], message_id);
    EXPECT_EQ(details["references"], (json{"a@example.com", "b@example.com", message_id}));
    const auto told = agent.live.until("contact.sent");
    EXPECT_EQ(told["data"]["contact"]["id"], contact["id"]);
    EXPECT_EQ(told["data"]["ticket"]["id"], ticket);
    EXPECT_EQ(of_ticket("first_reply_at IS NOT NULL", ticket), "t");
}

TEST_F(answers, can_be_taken_back_with_the_solving_that_came_with_them_until_they_leave) {
    auto agent = center.agent("grace", {support});
    const auto ticket = owned_by(agent);
    const auto sent = agent.act(ticket, "replies", {{"text", "Bye."}, {"solve", "resolved"}}).json();
    EXPECT_EQ(sent["ticket"]["state"], "solved");
    const auto undo = "/api/v1/contacts/" + std::to_string(sent["contact"]["id"].get<std::int64_t>()) + "/undo";
    EXPECT_EQ(center.sign_in("supervisor").http.post(undo).status, 404) << "only who wrote it";
    const auto undone = agent.http.post(undo);
    ASSERT_EQ(undone.status, 200) << undone.body;
    EXPECT_EQ(undone.json()["contact"]["delivery"], "cancelled");
    EXPECT_EQ(center.number("SELECT count(*) FROM outbox WHERE state = 'queued'"), 0);
    EXPECT_EQ(undone.json()["ticket"]["state"], "active") << "it is the writer's again";
    EXPECT_EQ(undone.json()["ticket"]["owner"]["id"], agent.id);
    EXPECT_EQ(agent.http.post(undo).status, 409) << "once";

    const auto second =
        agent.act(ticket, "replies", {{"text", "Hello again."}}).json()["contact"]["id"].get<std::int64_t>();
    center.sql("UPDATE outbox SET claimed_until = now() + interval '1 min', attempts = 1 WHERE contact_id = " +
               std::to_string(second));
    EXPECT_EQ(agent.http.post("/api/v1/contacts/" + std::to_string(second) + "/undo").status, 409)
        << "it is on its way";
}

TEST_F(answers, on_the_phone_are_for_the_record) {
    auto agent = center.agent("grace", {support});
    agent.ready();
    const auto ticket = center.call("pbx");
    agent.take();
    const auto answer = agent.act(ticket, "replies", {{"text", "Told her to plug it in."}});
    ASSERT_EQ(answer.status, 201) << answer.body;
    EXPECT_EQ(answer.json()["contact"]["channel"], "phone");
    EXPECT_EQ(answer.json()["contact"]["delivery"], nullptr);
    EXPECT_EQ(center.number("SELECT count(*) FROM outbox"), 0);
}

TEST_F(answers, notes_are_for_colleagues) {
    auto agent = center.agent("grace", {support});
    const auto ticket = owned_by(agent);
    const auto made = agent.act(ticket, "notes", {{"text", "A regular customer."}});
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(agent.live.until("note.added")["data"]["note"], made.json());
    const auto timeline = agent.http.get("/api/v1/tickets/" + std::to_string(ticket) + "/timeline").json()["items"];
    EXPECT_EQ(timeline.back()["note"]["text"], "A regular customer.");
    EXPECT_EQ(center.number("SELECT count(*) FROM contact WHERE direction = 'out'"), 0);
}

TEST_F(moves, a_transfer_keeps_the_place_swaps_skills_and_only_adds_licences) {
    const auto german = center.skill("German"), numbers = center.skill("Numbers"), patience = center.skill("Patience");
    const auto gas = center.licence("Gas"), money = center.licence("Money");
    const auto from = center.queue("From", {{"ring_s", 300},
                                            {"skills", {{{"skill_id", german}, {"min", 3}}}},
                                            {"licences", {{{"licence_id", gas}, {"jurisdiction", "DE"}}}}});
    const auto to = center.queue("To", {{"skills", {{{"skill_id", numbers}, {"min", 7}}}},
                                        {"licences", {{{"licence_id", money}, {"jurisdiction", "DE"}}}}});
    const auto gateway = center.gateway("from", "email", from);
    center.rule({{"gateway_ids", {gateway}}}, {{"skills", {{{"skill_id", patience}, {"min", 2}}}}});
    const auto held = [](std::int64_t id) {
        return json{{"licence_id", id},
                    {"jurisdictions", {"*"}},
                    {"valid_from", "2020-01-01T00:00:00Z"},
                    {"valid_until", "2099-01-01T00:00:00Z"}};
    };
    const auto able = [](std::int64_t id) { return json{{"skill_id", id}, {"level", 9}}; };
    auto first = center.agent("first", {from}, {{"skills", {able(german), able(patience)}}, {"licences", {held(gas)}}});
    auto skilled =
        center.agent("skilled", {to}, {{"skills", {able(numbers), able(patience)}}, {"licences", {held(money)}}});
    auto both = center.agent("both", {to},
                             {{"skills", {able(numbers), able(patience)}}, {"licences", {held(gas), held(money)}}});
    first.ready();
    const auto ticket = center.mail("from");
    first.take();
    const auto enqueued = of_ticket("enqueue_at", ticket);
    skilled.ready();

    const auto moved = first.act(ticket, "transfer", {{"queue_id", to}, {"note", "It is about money."}});
    ASSERT_EQ(moved.status, 200) << moved.body;
    EXPECT_EQ(of_ticket("enqueue_at", ticket), enqueued);
    const auto now = center.sign_in("supervisor").ticket(ticket);
    EXPECT_EQ(now["queue"]["id"], to);
    EXPECT_EQ(now["owner"], nullptr);
    std::vector<std::string> skills, licences;
    for (const auto& s : now["skills"]) skills.push_back(s["name"]);
    for (const auto& l : now["licences"]) licences.push_back(l["name"]);
    EXPECT_THAT(skills, testing::UnorderedElementsAre("Numbers", "Patience"));
    EXPECT_THAT(licences, testing::UnorderedElementsAre("Gas", "Money"));
    EXPECT_EQ(used(first, "email"), 0);
    EXPECT_EQ(first.live.until("ticket.changed")["data"]["change"], "transferred");
    EXPECT_EQ(first.http.get("/api/v1/tickets/" + std::to_string(ticket)).status, 404) << "it is another queue's now";

    both.ready();
    EXPECT_EQ(both.take()["id"], ticket);
    EXPECT_EQ(center.number("SELECT count(*) FROM offer WHERE agent_id = " + std::to_string(skilled.id)), 0)
        << "nobody without the old licence is asked";
}

TEST_F(moves, escalation_goes_to_the_queues_own_place_for_it) {
    const auto chiefs = center.queue("Chiefs");
    auto agent = center.agent("grace", {support});
    const auto ticket = owned_by(agent);
    const auto alone = agent.act(ticket, "escalate", {{"reason", "He shouts."}});
    EXPECT_EQ(alone.status, 409) << alone.body;
    ASSERT_EQ(center.admin.patch("/api/v1/queues/" + std::to_string(support), {{"escalation_queue_id", chiefs}}).status,
              200);
    auto chief = center.agent("chief", {chiefs});
    chief.ready();
    ASSERT_EQ(agent.act(ticket, "escalate", {{"reason", "He shouts."}}).status, 200);
    const auto offer = chief.offered();
    EXPECT_EQ(offer["ticket"]["id"], ticket);
    EXPECT_EQ(offer["ticket"]["escalated"], true);
    EXPECT_EQ(offer["ticket"]["priority"], 8);
    EXPECT_EQ(center.sql("SELECT text FROM note"), "Escalated: He shouts.");
}

TEST_F(moves, what_is_on_hold_is_its_owners_again_at_its_time) {
    auto owner = center.agent("owner", {support});
    auto idle = center.agent("idle", {support});
    idle.ready(); // idle for longer, and so the one to ask otherwise
    idle.presence({{"state", "not_ready"}, {"reason", "lunch"}});
    const auto ticket = owned_by(owner);
    EXPECT_EQ(owner.act(ticket, "hold", {{"until", "2020-01-01T00:00:00Z"}}).status, 422);
    const auto held = owner.act(ticket, "hold", {{"until", to_rfc3339(now() + std::chrono::hours{1})}});
    ASSERT_EQ(held.status, 200) << held.body;
    EXPECT_EQ(held.json()["state"], "held");
    EXPECT_EQ(held.json()["owner"]["id"], owner.id);
    EXPECT_EQ(used(owner, "email"), 0);
    idle.ready();
    center.sql("UPDATE ticket SET held_until = now() - interval '1 s' WHERE id = " +
               std::to_string(ticket)); // an hour later
    owner.live.until([](const json& f) { return f["type"] == "ticket.changed" && f["data"]["change"] == "resumed"; });
    EXPECT_EQ(owner.ticket(ticket)["state"], "active");
    EXPECT_EQ(used(owner, "email"), 1);
    ASSERT_EQ(owner.act(ticket, "hold", {{"until", to_rfc3339(now() + std::chrono::hours{1})}}).status, 200);
    const auto resumed = owner.act(ticket, "resume");
    ASSERT_EQ(resumed.status, 200) << resumed.body;
    EXPECT_EQ(resumed.json()["state"], "active") << "asked for before the time, and his at once";
    EXPECT_EQ(owner.act(ticket, "resume").status, 409) << "it is not on hold";
    EXPECT_EQ(center.number("SELECT count(*) FROM offer WHERE agent_id = " + std::to_string(idle.id)), 0);
}

TEST_F(moves, a_solved_chat_keeps_its_agent_busy_until_wrap_up_ends) {
    auto agent =
        center.agent("grace", {support}, {{"channels", {{{"channel", "chat"}, {"capacity", 1}, {"weight", 30}}}}});
    agent.ready();
    const auto first = center.chat("push", "session-1");
    agent.take();
    const auto solved = agent.act(first, "solve", {{"disposition", "follow_up"}, {"note", "Calls back."}});
    ASSERT_EQ(solved.status, 200) << solved.body;
    EXPECT_EQ(solved.json()["state"], "solved");
    EXPECT_EQ(solved.json()["disposition"], "follow_up");
    EXPECT_NE(solved.json()["wrapup_until"], nullptr);
    const auto second = center.chat("push", "session-2");
    EXPECT_EQ(agent.work()["wrapup"][0]["id"], first);
    EXPECT_EQ(agent.work()["wrapup"][0]["wrapup_until"], solved.json()["wrapup_until"]);
    EXPECT_EQ(used(agent, "chat"), 1);
    ASSERT_EQ(agent.act(first, "wrapup-done").status, 200);
    EXPECT_EQ(agent.offered()["ticket"]["id"], second);
    EXPECT_EQ(agent.act(first, "wrapup-done").status, 409);

    // The other end of it: the time is over.
    const auto offer = agent.work()["offers"][0];
    ASSERT_EQ(agent.accept(offer).status, 200);
    ASSERT_EQ(agent.act(second, "solve", {{"disposition", "resolved"}}).status, 200);
    const auto third = center.chat("push", "session-3");
    center.sql("UPDATE offer SET expires_at = now() WHERE state = 'wrapup'");
    EXPECT_EQ(agent.take()["id"], third);
}

TEST_F(moves, a_customer_who_writes_again_reopens_for_the_last_agent) {
    auto last = center.agent("last", {support});
    const auto ticket = owned_by(last);
    const auto message_id = center.sql("SELECT message_id FROM contact");
    ASSERT_EQ(last.act(ticket, "solve", {{"disposition", "resolved"}}).status, 200);
    EXPECT_EQ(used(last, "email"), 0) << "mail has no wrap-up";
    auto other = center.agent("other", {support});
    other.ready();
    EXPECT_EQ(center.mail("mail", "ada@example.com", "Re: Help", {{"In-Reply-To", "<" + message_id + ">"}}), ticket);
    EXPECT_EQ(last.take()["id"], ticket);
    EXPECT_EQ(center.sql("SELECT data->>'reopened' FROM event WHERE type = 'contact.received' ORDER BY id DESC"),
              "true");
    EXPECT_EQ(of_ticket("solved_at", ticket), "");

    ASSERT_EQ(last.act(ticket, "solve", {{"disposition", "resolved"}}).status, 200);
    EXPECT_EQ(last.act(ticket, "solve", {{"disposition", "resolved"}}).status, 409);
    ASSERT_EQ(other.act(ticket, "reopen").status, 200) << "a colleague may";
    EXPECT_EQ(last.take()["id"], ticket);
}

TEST_F(rights, other_queues_do_not_exist) {
    auto stranger = center.agent("stranger", {billing});
    auto owner = center.agent("owner", {support});
    const auto ticket = owned_by(owner);
    const auto path = "/api/v1/tickets/" + std::to_string(ticket);
    EXPECT_EQ(stranger.http.get(path).status, 404);
    EXPECT_EQ(stranger.http.get(path + "/timeline").status, 404);
    EXPECT_EQ(stranger.http.get("/api/v1/tickets").json()["items"], json::array());
    const auto contact = center.sql("SELECT id FROM contact");
    for (const std::string part : {"", "/raw", "/html"})
        EXPECT_EQ(stranger.http.get("/api/v1/contacts/" + contact + part).status, 404) << part;
    const std::vector<std::pair<std::string, json>> acts{{"notes", {{"text", "x"}}},
                                                         {"replies", {{"text", "x"}}},
                                                         {"transfer", {{"queue_id", billing}}},
                                                         {"escalate", {{"reason", "x"}}},
                                                         {"hold", {{"until", "2099-01-01T00:00:00Z"}}},
                                                         {"resume", json::object()},
                                                         {"solve", {{"disposition", "resolved"}}},
                                                         {"wrapup-done", json::object()},
                                                         {"reopen", json::object()}};
    const auto before = center.sql("SELECT count(*) || ' ' || max(id) FROM event");
    for (const auto& [what, body] : acts) EXPECT_EQ(stranger.act(ticket, what, body).status, 404) << what;
    EXPECT_EQ(stranger.http.patch(path, {{"subject", "Mine"}}).status, 404);
    EXPECT_EQ(center.sql("SELECT count(*) || ' ' || max(id) FROM event"), before);
    EXPECT_EQ(state_of(ticket), "active");
}

TEST_F(rights, a_colleague_may_look_and_note_and_no_more) {
    auto owner = center.agent("owner", {support});
    auto colleague = center.agent("colleague", {support});
    const auto ticket = owned_by(owner);
    EXPECT_EQ(colleague.ticket(ticket)["owner"]["id"], owner.id);
    EXPECT_EQ(colleague.act(ticket, "notes", {{"text", "I know him."}}).status, 201);
    EXPECT_EQ(colleague.act(ticket, "replies", {{"text", "x"}}).status, 403);
    EXPECT_EQ(colleague.act(ticket, "solve", {{"disposition", "resolved"}}).status, 403);
    EXPECT_EQ(colleague.act(ticket, "transfer", {{"queue_id", billing}}).status, 403);
    EXPECT_EQ(state_of(ticket), "active");
}

TEST_F(rights, a_supervisor_acts_in_the_owners_place_and_it_is_told) {
    auto owner = center.agent("owner", {support});
    auto chief = center.sign_in("supervisor");
    const auto ticket = owned_by(owner);
    ASSERT_EQ(chief.act(ticket, "solve", {{"disposition", "resolved"}}).status, 200);
    const auto told = owner.live.until("ticket.changed")["data"];
    EXPECT_EQ(told["change"], "solved");
    EXPECT_EQ(told["by"], chief.id);
    EXPECT_EQ(told["in_place_of"], owner.id);
    EXPECT_EQ(center.number("SELECT actor_id FROM event WHERE type = 'ticket.changed'"), chief.id);
    EXPECT_EQ(used(owner, "email"), 0) << "the owner is free for the next";
    const auto next = center.mail("mail", "bob@example.com");
    EXPECT_EQ(owner.take()["id"], next);
}

} // namespace
} // namespace switchboard::test
