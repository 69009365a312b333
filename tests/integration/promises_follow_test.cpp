#include "integration/hours_fixture.hpp"

/// Promises that run follow what is promised now: other terms, another queue, another priority.
namespace switchboard::test {
namespace {

using testing::ElementsAre;

// New terms for what was promised already
// ---------------------------------------------------------------------------------------

class followed : public promises {
protected:
    void becomes(const std::string& what, std::int64_t ticket, const std::string& wanted, const char* why) {
        eventually([&] { return of_ticket(what, ticket) == wanted; }, why);
    }
    std::string target_path() {
        return "/api/v1/sla-targets/" + center.admin.get("/api/v1/sla-targets").json()["items"][0]["id"].dump();
    }
};

TEST_F(followed, by_a_changed_target_and_by_routing_that_serves_what_is_due_first) {
    const auto slow = queue_with({{"first_answer_s", 36'000}});
    const auto fast = center.queue("Fast");
    make("sla-targets", {{"queue_id", fast}, {"first_answer_s", 7'200}});
    center.gateway("fast", "email", fast);
    for (const auto queue : {slow, fast})
        ASSERT_EQ(center.admin.patch("/api/v1/queues/" + std::to_string(queue), {{"order_mode", "edf"}}).status, 200);
    auto ana = center.agent("ana", {slow, fast});
    const auto later = center.mail("mail"), sooner = center.mail("fast", "bob@example.com");
    const auto path = target_path();
    ASSERT_EQ(center.admin.patch(path, {{"first_answer_s", 3'600}}).status, 200);
    becomes("due_at = opened_at + interval '1 hour'", later, "t", "the promise follows");
    EXPECT_THAT(told(later), ElementsAre("first_answer started opened", "first_answer repriced policy changed"));
    const auto entries = ledger(later)["entries"];
    EXPECT_THAT(entries[0]["policy"].get<std::string>(), testing::EndsWith(" v1"));
    EXPECT_THAT(entries[1]["policy"].get<std::string>(), testing::EndsWith(" v2"));
    EXPECT_EQ(entries[1]["target_s"], 3'600);
    EXPECT_EQ(of_ticket("due_at = opened_at + interval '2 hours'", sooner), "t") << "the other queue's stays";
    const auto seen = [&] { // told by the event that moved it
        return center.number("SELECT count(*) FROM event WHERE data->>'change' = 'sla_repriced' AND ticket_id = " +
                             std::to_string(later));
    };
    EXPECT_EQ(seen(), 1);
    ana.ready();
    EXPECT_EQ(ana.take()["id"], later) << "it is due first now";
}

TEST_F(followed, by_hours_that_were_changed_and_by_a_queue_that_gets_or_loses_them) {
    const auto sign = calendar(never);
    const auto queue = queue_with({{"first_answer_s", 3600}}, sign);
    const auto ticket = center.mail("mail");
    EXPECT_EQ(of_ticket("due_at IS NULL", ticket), "t") << "it never opens";
    reopen(sign, always());
    becomes("due_at BETWEEN now() + interval '59 minutes' AND now() + interval '1 hour'", ticket, "t", "it opens");
    EXPECT_THAT(ledger(ticket)["policy"].get<std::string>(),
                testing::EndsWith(", calendar " + std::to_string(sign) + " v2"));
    const auto due = of_ticket("due_at", ticket);

    const auto closed = calendar(never, "Closed");
    const auto path = "/api/v1/queues/" + std::to_string(queue);
    ASSERT_EQ(center.admin.patch(path, {{"calendar_id", closed}}).status, 200);
    becomes("due_at IS NULL", ticket, "t", "it is closed for good");
    ASSERT_EQ(center.admin.patch(path, {{"calendar_id", nullptr}}).status, 200);
    becomes("due_at >= '" + due + "' AND due_at < '" + due + "'::timestamptz + interval '30 s'", ticket, "t",
            "what had run stays run, and it stood still for a moment only");
}

TEST_F(followed, only_where_it_is_still_open) {
    const auto queue = queue_with({{"first_answer_s", 3600}, {"solution_s", 7200}});
    auto ana = center.agent("ana", {queue});
    ana.ready();
    const auto answered = center.mail("mail");
    ASSERT_EQ(ana.take()["id"], answered);
    ASSERT_EQ(ana.act(answered, "replies", {{"text", "Yes."}}).status, 201);
    ASSERT_EQ(center.admin.patch(target_path(), {{"first_answer_s", 60}, {"solution_s", 14'400}}).status, 200);
    becomes("due_at = opened_at + interval '4 hours'", answered, "t", "the solution follows, the answer was given");
    EXPECT_THAT(told(answered), ElementsAre("first_answer started opened", "solution started opened",
                                            "first_answer met replied", "solution repriced policy changed"));
}

TEST_F(followed, by_tickets_that_are_older_than_promises) {
    const auto queue = queue_with({{"first_answer_s", 3600}});
    auto ana = center.agent("ana", {queue});
    ana.ready();
    const auto held = center.mail("mail", "a@example.com");
    ASSERT_EQ(ana.take()["id"], held);
    ASSERT_EQ(ana.act(held, "hold", {{"until", to_rfc3339(now() + 24h)}}).status, 200);
    ana.presence({{"state", "not_ready"}, {"reason", "break"}});
    const auto waiting = center.mail("mail", "b@example.com"), machine = center.mail("mail", "c@example.com");
    // As a database was before it had promises.
    center.sql("UPDATE contact SET flags = '{auto_reply}' WHERE ticket_id = " + std::to_string(machine));
    center.sql("UPDATE ticket SET sla = '', due_at = NULL, sla_check_at = NULL, enqueue_at = now() - interval '30 "
               "minutes'");
    center.sql("SELECT review_promises(ARRAY[" + std::to_string(queue) + "])");
    becomes("due_at = enqueue_at + interval '1 hour' AND sla_check_at = due_at", waiting, "t",
            "it is promised from the beginning of its wait");
    EXPECT_THAT(told(waiting), ElementsAre("first_answer started opened"));
    becomes("sla <> '' AND due_at IS NULL", held, "t", "it waits for the customer");
    EXPECT_THAT(told(held), ElementsAre("first_answer started opened", "first_answer paused customer",
                                        "first_answer started opened", "first_answer paused customer"))
        << "the first two lines are never rewritten, the others are made anew";
    eventually([&] { return center.number("SELECT count(*) FROM promise_review WHERE again") == 0; }, "all are done");
    EXPECT_EQ(of_ticket("sla = ''", machine), "t") << "nobody waits for an answer to a machine's";
}

TEST_F(followed, in_batches_however_many_there_are) {
    const auto queue = queue_with({{"first_answer_s", 3600}});
    const auto q = std::to_string(queue);
    center.sql("INSERT INTO ticket (queue_id, channel, state, solved_at) SELECT " + q +
               ", 'email', 'solved', now() FROM generate_series(1, 25000)"); // more than one look can pass over
    center.sql(
        "WITH made AS (INSERT INTO ticket (queue_id, channel) SELECT " + q +
        ", 'email' FROM generate_series(1, 210) RETURNING id), g AS (SELECT id FROM gateway LIMIT 1) INSERT INTO "
        "contact (gateway_id, external_id, ticket_id, channel, direction, outcome, occurred_at) SELECT g.id, 'old ' || "
        "made.id, made.id, 'email', 'in', 'ticketed', now() FROM made, g");
    ASSERT_EQ(center.admin.patch(target_path(), {{"first_answer_s", 1800}}).status, 200);
    eventually(
        [&] {
            return center.number("SELECT count(*) FROM ticket WHERE due_at = enqueue_at + interval '30 minutes'") ==
                   210;
        },
        "all of them follow");
    EXPECT_EQ(center.number("SELECT count(*) FROM ticket WHERE state = 'solved' AND sla <> ''"), 0);
}

TEST_F(followed, by_callers_who_are_called_back_when_it_opens) {
    const auto opens = now() + 6h;
    const auto sign = calendar(every_day(time_of_day(opens), time_of_day(opens + 1h)));
    const auto back = center.queue("Back", {{"calendar_id", sign}, {"closed_action", "callback"}});
    center.gateway("back", "phone", back);
    const auto wish = center.call("back", "+4930000001"), other = center.call("back", "+4930000002");
    for (const auto call : {wish, other}) becomes("state", call, "held", "the caller is called back");
    center.sql("UPDATE ticket SET held_until = held_until + interval '10 minutes' WHERE id = " + std::to_string(other));
    const auto earlier = now() + 3h;
    reopen(sign, every_day(time_of_day(earlier), time_of_day(earlier + 1h)));
    becomes("abs(extract(epoch from held_until - '" + to_rfc3339(std::chrono::floor<std::chrono::seconds>(earlier)) +
                "')) < 2",
            wish, "t", "when it opens now");
    auto ana = center.agent("ana", {back});
    ana.ready();
    reopen(sign, always());
    EXPECT_EQ(ana.take()["id"], wish) << "it is open: at once";
    EXPECT_EQ(of_ticket("held_until > now() + interval '6 hours'", other), "t") << "he waits for something else";
}

// A ticket that comes elsewhere
// ---------------------------------------------------------------------------------------

class moved_ticket : public promises {
protected:
    /// A queue that answers within four hours, in none by its calendar.
    std::int64_t slow_queue(const json& terms = json::object()) {
        const auto queue = center.queue("Slow", terms);
        slow_target = make("sla-targets", {{"queue_id", queue}, {"first_answer_s", 14'400}})["id"];
        return queue;
    }
    static std::string path(std::int64_t ticket) { return "/api/v1/tickets/" + std::to_string(ticket); }
    std::string policy(std::int64_t ticket) { return ledger(ticket)["policy"]; }
    /// The newest ticket.changed of it.
    json last_change(std::int64_t ticket) {
        return json::parse(center.sql("SELECT data FROM event WHERE type = 'ticket.changed' AND ticket_id = " +
                                      std::to_string(ticket) + " ORDER BY id DESC LIMIT 1"));
    }

    std::int64_t slow_target = 0;
};

TEST_F(moved_ticket, to_another_queue_is_promised_what_is_promised_there) {
    const auto queue = queue_with({{"first_answer_s", 3600}, {"solution_s", 7200}});
    const auto slow = slow_queue();
    const auto ticket = center.mail("mail");
    ASSERT_EQ(center.admin.post(path(ticket) + "/transfer", {{"queue_id", slow}}).status, 200);
    EXPECT_EQ(of_ticket("due_at = opened_at + interval '4 hours' AND sla_check_at = due_at", ticket), "t")
        << "what had run stays run";
    EXPECT_THAT(told(ticket), ElementsAre("first_answer started opened", "solution started opened",
                                          "first_answer repriced transferred", "solution withdrawn transferred"));
    EXPECT_EQ(policy(ticket), "target " + std::to_string(slow_target) + " v1");
    EXPECT_EQ(ledger(ticket)["entries"][2]["policy"], policy(ticket));
    EXPECT_EQ(last_change(ticket)["ticket"]["due_at"], ledger(ticket)["entries"][2]["due_at"]) << "told with the move";

    ASSERT_EQ(center.admin.post(path(ticket) + "/transfer", {{"queue_id", queue}}).status, 200);
    EXPECT_EQ(of_ticket("due_at = opened_at + interval '1 hour'", ticket), "t") << "nothing is gained by a detour";
    ASSERT_EQ(center.admin.patch("/api/v1/sla-targets/" + std::to_string(slow_target), {{"first_answer_s", 60}}).status,
              200);
    eventually([&] { return center.number("SELECT count(*) FROM promise_review WHERE NOT again") == 2; },
               "all queues were gone through");
    EXPECT_EQ(of_ticket("due_at = opened_at + interval '1 hour'", ticket), "t") << "it is not theirs any more";
}

TEST_F(moved_ticket, counts_by_the_hours_of_the_queue_that_it_came_to) {
    queue_with({{"first_answer_s", 3600}});
    const auto opens = now() + 6h;
    const auto shut = calendar(every_day(time_of_day(opens), time_of_day(opens + 1h)));
    const auto slow = slow_queue({{"calendar_id", shut}});
    auto ana = center.agent("ana", {slow});
    const auto ticket = center.mail("mail"), held = center.mail("mail", "bob@example.com");
    ASSERT_EQ(center.admin.post(path(held) + "/assign", {{"agent_id", ana.id}, {"reason", "knows him"}}).status, 200);
    ASSERT_EQ(ana.act(held, "hold", {{"until", to_rfc3339(now() + 24h)}}).status, 200);
    for (const auto id : {ticket, held})
        ASSERT_EQ(center.admin.post(path(id) + "/transfer", {{"queue_id", slow}}).status, 200);
    EXPECT_EQ(of_ticket("due_at > now() + interval '3 days 6 hours'", ticket), "t")
        << "on the fourth day that it opens";
    EXPECT_THAT(told(ticket), ElementsAre("first_answer started opened", "first_answer repriced transferred",
                                          "first_answer paused closed"));
    EXPECT_THAT(told(held), ElementsAre("first_answer started opened", "first_answer paused customer",
                                        "first_answer resumed customer", "first_answer repriced transferred",
                                        "first_answer paused closed"));
    EXPECT_EQ(policy(held), "target " + std::to_string(slow_target) + " v1, calendar " + std::to_string(shut) + " v1");
}

TEST_F(moved_ticket, that_escalates_is_promised_what_its_new_queue_promises_to_its_new_priority) {
    const auto chiefs = center.queue("Chiefs");
    make("sla-targets", {{"queue_id", chiefs}, {"priority", 8}, {"first_answer_s", 600}});
    const auto queue = queue_with({{"first_answer_s", 3600}});
    ASSERT_EQ(center.admin.patch("/api/v1/queues/" + std::to_string(queue), {{"escalation_queue_id", chiefs}}).status,
              200);
    const auto ticket = center.mail("mail");
    ASSERT_EQ(center.admin.post(path(ticket) + "/escalate", {{"reason", "angry"}}).status, 200);
    EXPECT_EQ(of_ticket("due_at = opened_at + interval '10 minutes'", ticket), "t");
    EXPECT_THAT(told(ticket), ElementsAre("first_answer started opened", "first_answer repriced escalated"));
}

TEST_F(moved_ticket, that_overflows_is_promised_what_is_promised_there) {
    const auto slow = slow_queue();
    const auto opens = now() + 6h;
    const auto queue =
        queue_with({{"first_answer_s", 3600}}, calendar(every_day(time_of_day(opens), time_of_day(opens + 1h))));
    ASSERT_EQ(center.admin
                  .patch("/api/v1/queues/" + std::to_string(queue),
                         {{"closed_action", "overflow"}, {"overflow_queue_id", slow}})
                  .status,
              200);
    const auto call = center.call("pbx");
    eventually([&] { return of_ticket("queue_id", call) == std::to_string(slow); }, "routing moves it");
    EXPECT_EQ(of_ticket("due_at > opened_at + interval '4 hours' AND due_at < now() + interval '4 hours'", call), "t")
        << "it stood still until it was moved";
    EXPECT_THAT(told(call), ElementsAre("first_answer started opened", "first_answer paused closed",
                                        "first_answer repriced overflowed", "first_answer resumed open"));
    EXPECT_FALSE(last_change(call)["ticket"]["due_at"].is_null()) << "told with the move";
}

TEST_F(moved_ticket, to_another_priority_is_promised_what_its_queue_promises_to_that) {
    const auto queue = queue_with({{"first_answer_s", 3600}});
    make("sla-targets", {{"queue_id", queue}, {"priority", 9}, {"first_answer_s", 300}});
    auto ana = center.agent("ana", {queue});
    const auto ticket = center.mail("mail");
    const auto version = center.admin.get(path(ticket)).json()["version"].dump();
    EXPECT_EQ(ana.http.patch(path(ticket), {{"priority", 9}}).status, 403) << "it is not hers";
    const auto changed = center.admin.patch(path(ticket), {{"priority", 9}}, {{"If-Match", "\"" + version + "\""}});
    ASSERT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(of_ticket("due_at = opened_at + interval '5 minutes'", ticket), "t");
    EXPECT_EQ(changed.json()["due_at"], last_change(ticket)["ticket"]["due_at"]);
    EXPECT_THAT(told(ticket), ElementsAre("first_answer started opened", "first_answer repriced priority changed"));
    EXPECT_EQ(center.admin.patch(path(ticket), {{"priority", 1}}, {{"If-Match", "\"" + version + "\""}}).status, 412);
    EXPECT_EQ(of_ticket("due_at = opened_at + interval '5 minutes'", ticket), "t");
    ASSERT_EQ(center.admin.patch(path(ticket), {{"tier", 0}}).status, 200);
    ASSERT_EQ(center.admin.patch(path(ticket), {{"priority", 1}}).status, 200);
    ASSERT_EQ(center.admin.patch(path(ticket), {{"priority", 2}}).status, 200);
    EXPECT_EQ(of_ticket("due_at = opened_at + interval '1 hour'", ticket), "t");
    EXPECT_EQ(told(ticket).size(), 3) << "the same is promised to 1 and 2, and a tier is promised nothing";
}

TEST_F(moved_ticket, that_is_solved_keeps_what_was_promised_until_it_is_reopened) {
    const auto queue = queue_with({{"first_answer_s", 3600}});
    make("sla-targets", {{"queue_id", queue}, {"priority", 9}, {"first_answer_s", 300}, {"solution_s", 600}});
    const auto ticket = center.mail("mail");
    ASSERT_EQ(center.admin.post(path(ticket) + "/solve", {{"disposition", "resolved"}}).status, 200);
    ASSERT_EQ(center.admin.patch(path(ticket), {{"priority", 9}}).status, 200);
    EXPECT_THAT(told(ticket), ElementsAre("first_answer started opened", "first_answer met solved"));
    ASSERT_EQ(center.admin.post(path(ticket) + "/reopen").status, 200);
    EXPECT_EQ(of_ticket("due_at = enqueue_at + interval '5 minutes'", ticket), "t");
}

TEST_F(moved_ticket, that_is_solved_by_an_answer_is_promised_anew_when_the_answer_is_taken_back) {
    const auto queue = queue_with({{"first_answer_s", 3600}});
    make("sla-targets", {{"queue_id", queue}, {"priority", 9}, {"first_answer_s", 300}});
    auto ana = center.agent("ana", {queue});
    ana.ready();
    const auto ticket = center.mail("mail");
    ASSERT_EQ(ana.take()["id"], ticket);
    const auto sent = ana.act(ticket, "replies", {{"text", "Oops"}, {"solve", "resolved"}});
    ASSERT_EQ(sent.status, 201) << sent.body;
    ASSERT_EQ(center.admin.patch(path(ticket), {{"priority", 9}}).status, 200);
    const auto undone = ana.http.post("/api/v1/contacts/" + sent.json()["contact"]["id"].dump() + "/undo");
    ASSERT_EQ(undone.status, 200) << undone.body;
    EXPECT_EQ(of_ticket("due_at = opened_at + interval '5 minutes'", ticket), "t");
    EXPECT_THAT(told(ticket),
                ElementsAre("first_answer started opened", "first_answer met replied",
                            "first_answer resumed answer taken back", "first_answer repriced answer taken back"));
}

TEST_F(moved_ticket, takes_its_new_place_at_once) {
    const auto queue = queue_with({{"first_answer_s", 3600}});
    ASSERT_EQ(center.admin.patch("/api/v1/queues/" + std::to_string(queue), {{"order_mode", "aging"}}).status, 200);
    auto ana = center.agent("ana", {queue}, {{"channels", json::array({{{"channel", "email"}, {"capacity", 1}}})}});
    ana.ready();
    const auto first = center.mail("mail", "a@example.com"), second = center.mail("mail", "b@example.com"),
               third = center.mail("mail", "c@example.com"), fourth = center.mail("mail", "d@example.com");
    EXPECT_EQ(ana.offered()["ticket"]["id"], first);
    ASSERT_EQ(center.admin.patch(path(fourth), {{"tier", 0}}).status, 200);
    ASSERT_EQ(center.admin.patch(path(third), {{"priority", 9}}).status, 200);
    const auto solve = [&](std::int64_t ticket) {
        ASSERT_EQ(center.admin.post(path(ticket) + "/solve", {{"disposition", "resolved"}}).status, 200);
    };
    solve(first);
    EXPECT_EQ(ana.offered()["ticket"]["id"], fourth) << "the first tier is served first";
    solve(fourth);
    EXPECT_EQ(ana.offered()["ticket"]["id"], third) << "in its tier, priority counts as age";
    solve(third);
    EXPECT_EQ(ana.offered()["ticket"]["id"], second);
}

TEST_F(moved_ticket, takes_its_new_place_when_an_offer_of_it_ends) {
    const auto queue = queue_with({{"first_answer_s", 3600}});
    auto ana = center.agent("ana", {queue}, {{"channels", json::array({{{"channel", "email"}, {"capacity", 1}}})}});
    ana.ready();
    const auto first = center.mail("mail", "a@example.com"), second = center.mail("mail", "b@example.com");
    const auto offer = ana.offered();
    ASSERT_EQ(offer["ticket"]["id"], first);
    ASSERT_EQ(center.admin.patch(path(first), {{"tier", 3}}).status, 200);
    EXPECT_EQ(of_ticket("state", first), "offered") << "the offer stands";
    ASSERT_EQ(ana.decline(offer).status, 200);
    EXPECT_EQ(ana.take()["id"], second);
    auto ben = center.agent("ben", {queue}, {{"channels", json::array({{{"channel", "email"}, {"capacity", 1}}})}});
    const auto third = center.mail("mail", "c@example.com");
    ben.ready();
    EXPECT_EQ(ben.offered()["ticket"]["id"], third) << "the first one came to the last tier";
}

TEST_F(moved_ticket, on_hold_goes_on_by_the_hours_that_it_was_promised_by) {
    const auto sign = calendar(always());
    const auto queue = queue_with({{"first_answer_s", 3600}}, sign);
    auto ana = center.agent("ana", {queue});
    const auto ticket = center.mail("mail");
    ASSERT_EQ(center.admin.post(path(ticket) + "/assign", {{"agent_id", ana.id}, {"reason", "hers"}}).status, 200);
    ASSERT_EQ(ana.act(ticket, "hold", {{"until", to_rfc3339(now() + 24h)}}).status, 200);
    // The moment after the hours were changed: intake reads them, and nobody has looked at the promise yet.
    center.sql("DROP TRIGGER calendar_reviewed ON calendar");
    center.sql("DELETE FROM promise_review"); // the second look at a new queue comes some seconds later
    reopen(sign, never);
    eventually([&] { return of_ticket("due_at IS NULL", center.mail("mail", "bob@example.com")) == "t"; },
               "what comes now is promised by the new hours");
    center.mail("mail", "ada@example.com", "Re: Help", {{"In-Reply-To", "<in-1@example.com>"}});
    EXPECT_EQ(of_ticket("due_at > opened_at + interval '1 hour' AND due_at < now() + interval '1 hour'", ticket), "t");
    EXPECT_THAT(told(ticket), ElementsAre("first_answer started opened", "first_answer paused customer",
                                          "first_answer resumed customer"));
}

} // namespace
} // namespace switchboard::test
