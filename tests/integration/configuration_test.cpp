// What an admin sets up is refused by name where it cannot be meant, and shown as it is.
#include "support/contact_center.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace switchboard::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class configuration : public testing::Test {
protected:
    /// "422 conditions": the status and the first field.
    static std::string refused(const http_answer& answer) {
        const auto errors = answer.json().value("errors", json::array());
        return std::to_string(answer.status) + " " + (errors.empty() ? "" : errors[0]["field"].get<std::string>());
    }
    http_answer add(const std::string& noun, const json& terms) const {
        return center.admin.post("/api/v1/" + noun, terms);
    }
    static std::string path(const std::string& noun, std::int64_t id, const std::string& more = "") {
        return "/api/v1/" + noun + "/" + std::to_string(id) + more;
    }

    contact_center center;
    std::int64_t queue = center.queue("Support");
};

TEST_F(configuration, a_rule_says_when_it_holds) {
    const json then{{"priority", 7}};
    EXPECT_EQ(refused(add("rules", {{"name", "a"}, {"actions", then}})), "422 conditions");
    EXPECT_EQ(refused(add("rules", {{"name", "a"}, {"conditions", json::object()}, {"actions", then}})),
              "422 conditions");
    EXPECT_EQ(refused(add("rules", {{"name", "a"}, {"conditions", {{"words", json::array()}}}})), "422 conditions");
    EXPECT_EQ(refused(add("rules", {{"name", "a"}, {"conditions", {{"always", false}}}})), "422 conditions");
    EXPECT_EQ(refused(add("rules", {{"name", "a"}, {"conditions", {{"always", true}, {"words", {"iron"}}}}})),
              "422 conditions.always");
    const auto made = add("rules", {{"name", "a"}, {"conditions", {{"always", true}}}, {"actions", then}});
    ASSERT_EQ(made.status, 201) << made.body;
    const auto rule = path("rules", made.json()["id"]);
    EXPECT_EQ(refused(center.admin.patch(rule, {{"conditions", json::object()}})), "422 conditions");
    EXPECT_EQ(center.admin.patch(rule, {{"name", "b"}}).status, 200) << "the conditions stay";

    center.gateway("mail", "email", queue);
    const auto ticket = center.mail("mail");
    EXPECT_EQ(center.number("SELECT priority FROM ticket WHERE id = " + std::to_string(ticket)), 7);
}

TEST_F(configuration, agents_are_away_for_the_reasons_of_the_center) {
    const auto listed = [&] {
        std::vector<std::string> names;
        for (const auto& reason : center.admin.get("/api/v1/absence-reasons").json()["items"])
            if (reason["enabled"].get<bool>()) names.push_back(reason["name"]);
        return names;
    };
    ASSERT_THAT(listed(), testing::ElementsAre("Break", "Lunch", "Meeting", "Training", "Back office"));
    const auto coaching = add("absence-reasons", {{"name", "Coaching"}});
    ASSERT_EQ(coaching.status, 201) << coaching.body;
    EXPECT_EQ(add("absence-reasons", {{"name", "coaching "}}).status, 409) << "it is there";
    EXPECT_EQ(add("absence-reasons", {{"name", "Doctor"}, {"position", 15}}).status, 201);
    EXPECT_THAT(listed(),
                testing::ElementsAre("Break", "Doctor", "Lunch", "Meeting", "Training", "Back office", "Coaching"));

    auto ana = center.agent("ana", {queue});
    const auto away = [&](const std::string& why) {
        return ana.http.put("/api/v1/me/presence", {{"state", "not_ready"}, {"reason", why}});
    };
    EXPECT_EQ(away("COACHING").json()["reason"], "Coaching");
    EXPECT_EQ(away("back_office").json()["reason"], "Back office") << "as clients have said it so far";
    EXPECT_EQ(refused(away("a nap")), "422 reason");
    EXPECT_EQ(away("").json()["reason"], "");

    ASSERT_EQ(away("Coaching").status, 200);
    const auto gone = path("absence-reasons", coaching.json()["id"]);
    ASSERT_EQ(center.admin.patch(gone, {{"enabled", false}}).status, 200);
    EXPECT_EQ(away("Coaching").status, 200) << "who is away for it may stay so";
    ASSERT_EQ(away("Break").status, 200);
    EXPECT_EQ(refused(away("Coaching")), "422 reason");
}

TEST_F(configuration, what_a_rule_or_a_step_names_cannot_be_deleted) {
    const auto named = add("queues", {{"name", "Billing"}}).json()["id"].get<std::int64_t>();
    const auto rule =
        add("rules", {{"name", "a"}, {"conditions", {{"always", true}}}, {"actions", {{"queue_id", named}}}});
    ASSERT_EQ(rule.status, 201) << rule.body;
    const auto kept = center.admin.remove(path("queues", named));
    EXPECT_EQ(kept.status, 409);
    EXPECT_EQ(kept.json()["detail"], "a rule refers to it");
    EXPECT_EQ(center.admin.remove(path("rules", rule.json()["id"])).status, 204);

    const json step{{"after_s", 60}, {"changes", {{{"what", "add_queue"}, {"queue_id", named}}}}};
    ASSERT_EQ(center.admin.patch(path("queues", queue), {{"steps", {step}}}).status, 200);
    EXPECT_EQ(center.admin.remove(path("queues", named)).json()["detail"], "a queue refers to it");
    ASSERT_EQ(center.admin.patch(path("queues", queue), {{"steps", json::array()}}).status, 200);
    EXPECT_EQ(center.admin.remove(path("queues", named)).status, 204);
}

TEST_F(configuration, a_rule_that_cannot_be_read_is_left_out_alone) {
    add("rules",
        {{"name", "spoilt"}, {"conditions", {{"always", true}}}, {"actions", {{"priority", 1}, {"stop", true}}}});
    center.number(R"(WITH spoilt AS (UPDATE rule SET actions = '{"priority": "one", "stop": true}' RETURNING id)
                     SELECT count(*) FROM spoilt)");
    add("rules", {{"name", "good"}, {"conditions", {{"always", true}}}, {"actions", {{"priority", 7}}}});
    center.gateway("mail", "email", queue);
    EXPECT_EQ(center.number("SELECT priority FROM ticket WHERE id = " + std::to_string(center.mail("mail"))), 7);
}

TEST_F(configuration, a_list_in_an_order_of_its_own_is_read_page_by_page) {
    std::vector<std::string> read;
    for (const auto& [name, position] : {std::pair{"c", 30}, {"a", 10}, {"d", 40}, {"b", 20}, {"b2", 20}})
        ASSERT_EQ(add("rules", {{"name", name}, {"position", position}, {"conditions", {{"always", true}}}}).status,
                  201);
    std::string after;
    do {
        const auto part = center.admin.get("/api/v1/rules?limit=2" + after).json();
        for (const auto& rule : part["items"]) read.push_back(rule["name"]);
        after = part["next"].is_null() ? "" : "&after=" + part["next"].get<std::string>();
    } while (!after.empty());
    EXPECT_THAT(read, testing::ElementsAre("a", "b", "b2", "c", "d"));
}

TEST_F(configuration, names_that_look_alike_are_one_name) {
    for (const std::string noun : {"skills", "licences", "queues", "calendars"}) {
        json terms{{"name", "Billing EU"}};
        if (noun == "calendars") terms["timezone"] = "UTC";
        const auto made = add(noun, terms);
        ASSERT_EQ(made.status, 201) << made.body;
        for (const auto* like : {"billing eu", "Billing  EU", "BILLING\u00A0EU", " Billing EU "}) {
            terms["name"] = like;
            const auto answer = add(noun, terms);
            EXPECT_EQ(refused(answer), "409 name") << noun << " " << like;
            EXPECT_THAT(answer.body, HasSubstr("Billing EU"));
        }
        terms["name"] = "Billing UK";
        const auto other = add(noun, terms);
        ASSERT_EQ(other.status, 201) << other.body;
        EXPECT_EQ(refused(center.admin.patch(path(noun, other.json()["id"]), {{"name", "billing eu"}})), "409 name");
        EXPECT_EQ(center.admin.patch(path(noun, other.json()["id"]), {{"name", "BILLING UK"}}).status, 200)
            << "its own name in another case";
    }
}

TEST_F(configuration, a_gateway_takes_the_settings_of_its_kind_alone) {
    const auto kinds = center.admin.get("/api/v1/gateway_kinds").json()["items"];
    ASSERT_GE(kinds.size(), 11u);
    const auto tried = [&](const std::string& kind, const json& settings) {
        return add("gateways", {{"name", "tried"}, {"kind", kind}, {"queue_id", queue}, {"settings", settings}});
    };
    for (const auto& kind : kinds) {
        std::set<std::string> own;
        for (const auto& setting : kind["settings"]) {
            const std::string name = setting["name"];
            own.insert(name.substr(0, name.find('.')));
            EXPECT_NE(setting["label"], "") << name;
            EXPECT_NE(setting["help"], "") << name;
        }
        for (const auto* name : {"own_addresses", "own_numbers", "topics", "columns", "imap", "dial_url"}) {
            if (own.contains(name)) continue;
            const auto answer = tried(kind["name"], {{name, name == std::string{"imap"} ? json::object() : json("x")}});
            EXPECT_EQ(refused(answer), "422 settings") << kind["name"] << " " << name;
            EXPECT_THAT(answer.body, HasSubstr(std::string{name} + ": is no setting of the kind"));
        }
        EXPECT_THAT(tried(kind["name"], {{"colour", "red"}}).body, HasSubstr("colour: unknown field"));
    }
    const auto fax = center.gateway("fax", "fax", queue);
    EXPECT_EQ(refused(center.admin.patch(path("gateways", fax), {{"settings", {{"topics", json::array()}}}})),
              "422 settings");
}

TEST_F(configuration, a_test_contact_goes_the_way_of_everybodys) {
    const auto kinds = center.admin.get("/api/v1/gateway_kinds").json()["items"];
    int taken = 0;
    std::set<std::int64_t> tickets;
    auto agent = center.agent("grace", {queue});
    agent.ready();
    for (const auto& kind : kinds) {
        const std::string name = kind["name"];
        const auto id = center.gateway(name, name, queue);
        const auto answer = center.admin.post(path("gateways", id, "/test"));
        if (kind["door"] == "") {
            EXPECT_EQ(answer.status, 409) << name;
            continue;
        }
        ASSERT_EQ(answer.status, 200) << name << answer.body;
        EXPECT_EQ(answer.json()["outcome"], "ticketed") << name << answer.body;
        ASSERT_TRUE(answer.json()["ticket_id"].is_number()) << name;
        const auto contact = center.admin.get(path("contacts", answer.json()["contact_id"])).json();
        EXPECT_THAT(contact["flags"], testing::Contains("test")) << name;
        EXPECT_EQ(contact["channel"], kind["channel"]);
        const auto ticket = center.admin.get(path("tickets", answer.json()["ticket_id"])).json();
        EXPECT_EQ(ticket["state"], "solved") << name << ": nobody is offered it";
        EXPECT_TRUE(tickets.insert(ticket["id"].get<std::int64_t>()).second) << name << ": it joins no other ticket";
        const auto again = center.admin.post(path("gateways", id, "/test")).json();
        EXPECT_NE(again["contact_id"], answer.json()["contact_id"]) << name << ": each is a new one";
        EXPECT_TRUE(center.admin.get(path("gateways", id)).json()["last_contact_at"].is_string());
        ++taken;
    }
    EXPECT_EQ(taken, 10);
    EXPECT_EQ(center.sql("SELECT count(*) FROM offer"), "0");
}

TEST_F(configuration, a_test_contact_needs_no_proof_and_a_gateway_that_is_on) {
    const auto id = center.gateway("hook", "postmark", queue, {{"settings", {{"secret", "user:pass"}}}});
    EXPECT_EQ(center.admin.post(path("gateways", id, "/test")).json()["outcome"], "ticketed");
    ASSERT_EQ(center.admin.patch(path("gateways", id), {{"enabled", false}}).status, 200);
    EXPECT_EQ(center.admin.post(path("gateways", id, "/test")).status, 409);
    EXPECT_EQ(center.admin.post("/api/v1/gateways/999999/test").status, 404);
    const auto lines = center.gateway("lines", "asterisk", queue,
                                      {{"settings", {{"columns", {"start", "src", "dst", "duration", "uniqueid"}}}}});
    EXPECT_EQ(center.admin.post(path("gateways", lines, "/test")).json()["outcome"], "ticketed")
        << "in the columns of this gateway";
}

TEST_F(configuration, a_gateway_says_what_came_last_and_what_could_not_be_read) {
    const auto id = center.gateway("pbx", "asterisk", queue);
    auto seen = center.admin.get(path("gateways", id)).json();
    EXPECT_EQ(seen["last_contact_at"], nullptr);
    EXPECT_EQ(seen["last_trouble"], nullptr);
    const auto bad =
        center.intake.send("POST", "/api/v1/intake/pbx", "no,call,at,all\n", {{"Content-Type", "text/csv"}}).json();
    ASSERT_EQ(bad["outcome"], "quarantined");
    seen = center.admin.get("/api/v1/gateways").json()["items"].back();
    EXPECT_EQ(seen, center.admin.get(path("gateways", id)).json());
    EXPECT_TRUE(seen["last_contact_at"].is_string());
    EXPECT_EQ(seen["last_trouble"]["contact_id"], bad["contact_id"]);
    EXPECT_THAT(seen["last_trouble"]["reason"].get<std::string>(), HasSubstr("not a CDR line"));
}

TEST_F(configuration, an_admin_ends_the_sessions_of_somebody) {
    const auto ana = center.agent("ana", {queue});
    const auto elsewhere = center.server.person("ana");
    const auto sessions = path("users", ana.id, "/sessions");
    EXPECT_EQ(center.admin.get(sessions).json()["items"].size(), 2u);
    EXPECT_EQ(ana.http.get(sessions).status, 403);
    EXPECT_EQ(center.admin.get("/api/v1/users/999999/sessions").status, 404);
    ASSERT_EQ(center.admin.remove(sessions).status, 204);
    EXPECT_EQ(elsewhere.get("/api/v1/me").status, 401);
    EXPECT_EQ(center.number("SELECT count(*) FROM audit_entry WHERE what = 'session_ended' AND user_id = " +
                            std::to_string(ana.id) + " AND details->>'why' = 'by an admin'"),
              2);
    const auto me = center.admin.get("/api/v1/me").json()["id"].get<std::int64_t>();
    ASSERT_EQ(center.admin.remove(path("users", me, "/sessions")).status, 204);
    EXPECT_EQ(center.admin.get("/api/v1/me").status, 200) << "not where one is";
}

class dispositions : public configuration {
protected:
    dispositions() {
        center.gateway("mail", "email", queue);
        agent.ready();
    }
    std::int64_t in_hand() {
        const auto ticket = center.mail("mail", "c" + std::to_string(++n_) + "@example.com");
        agent.take();
        return ticket;
    }
    http_answer set(const json& all) const {
        return center.admin.patch(path("queues", queue), {{"dispositions", all}});
    }

    seat agent = center.agent("ana", {queue});

private:
    int n_ = 0;
};

TEST_F(dispositions, are_a_list_of_the_queue) {
    EXPECT_EQ(center.admin.get(path("queues", queue)).json()["dispositions"],
              json::parse(R"([{"id":"resolved","name":"Resolved","retired":false},
                              {"id":"follow_up","name":"Needs follow-up","retired":false}])"));
    const auto done = set({{{"name", "Refund paid"}}, {{"id", "resolved"}, {"name", "Explained"}, {"retired", true}}});
    ASSERT_EQ(done.status, 200) << done.body;
    EXPECT_EQ(done.json()["dispositions"], json::parse(R"([{"id":"refund_paid","name":"Refund paid","retired":false},
                                                           {"id":"resolved","name":"Explained","retired":true}])"));
    const auto ticket = in_hand();
    for (const auto* none : {"follow_up", "resolved", "nonsense"}) {
        const auto refusal = agent.act(ticket, "solve", {{"disposition", none}});
        EXPECT_EQ(refused(refusal), "422 disposition") << none;
        EXPECT_THAT(refusal.body, HasSubstr("refund_paid"));
    }
    EXPECT_EQ(refused(agent.act(ticket, "replies", {{"text", "Hello"}, {"solve", "resolved"}})), "422 solve");
    EXPECT_EQ(center.number("SELECT count(*) FROM contact WHERE direction = 'out'"), 0) << "nothing was sent";
    const auto solved = agent.act(ticket, "solve", {{"disposition", "refund_paid"}}).json();
    EXPECT_EQ(solved["disposition"], "refund_paid");
    EXPECT_EQ(solved["disposition_name"], "Refund paid");
}

TEST_F(dispositions, of_solved_tickets_keep_their_words) {
    const auto ticket = in_hand();
    ASSERT_EQ(agent.act(ticket, "solve", {{"disposition", "resolved"}}).status, 200);
    ASSERT_EQ(set({{{"id", "resolved"}, {"name", "Done with"}}}).status, 200);
    EXPECT_EQ(agent.ticket(ticket)["disposition_name"], "Resolved");
    EXPECT_EQ(center.sql("SELECT data->'ticket'->>'disposition_name' FROM event WHERE data->>'change' = 'solved'"),
              "Resolved");
    ASSERT_EQ(agent.act(ticket, "reopen").status, 200);
    EXPECT_EQ(agent.ticket(ticket)["disposition_name"], nullptr);
}

TEST_F(dispositions, cannot_be_none_or_two_of_a_name) {
    EXPECT_EQ(refused(set(json::array())), "422 dispositions");
    EXPECT_EQ(refused(set({{{"name", "A"}, {"retired", true}}})), "422 dispositions");
    EXPECT_EQ(refused(set({{{"name", "Paid"}}, {{"name", "paid "}}})), "422 dispositions[1].name");
    EXPECT_EQ(refused(set({{{"id", "a"}, {"name", "A"}}, {{"id", "a"}, {"name", "B"}}})), "422 dispositions[1].id");
    EXPECT_EQ(refused(set({{{"name", " "}}})), "422 dispositions[0].name");
}

TEST_F(dispositions, can_be_chosen_in_wrap_up) {
    center.gateway("push", "chat", queue);
    const auto chat = center.chat("push", "s1");
    agent.take();
    ASSERT_EQ(agent.act(chat, "solve", {{"disposition", "resolved"}}).status, 200);
    EXPECT_EQ(refused(agent.act(chat, "wrapup-done", {{"disposition", "nonsense"}})), "422 disposition");
    const auto done = agent.act(chat, "wrapup-done", {{"disposition", "follow_up"}});
    EXPECT_EQ(center.sql("SELECT data->>'disposition_was' FROM event WHERE data->>'change' = 'wrapup_done'"),
              "Resolved")
        << "the history says that it was changed";
    ASSERT_EQ(done.status, 200) << done.body;
    EXPECT_EQ(done.json()["disposition"], "follow_up");
    EXPECT_EQ(done.json()["disposition_name"], "Needs follow-up");
    EXPECT_EQ(agent.work()["wrapup"], json::array());
}

TEST_F(configuration, a_queue_that_takes_no_more_tickets_serves_those_it_has_and_nothing_leads_to_it) {
    center.gateway("mail", "email", queue);
    auto agent = center.agent("grace", {queue});
    const auto ticket = center.mail("mail");
    const auto close = [&] { return center.admin.patch(path("queues", queue), {{"active", false}}); };
    EXPECT_EQ(refused(close()), "409 active");
    EXPECT_THAT(close().json()["detail"].get<std::string>(), HasSubstr("gateway mail"));
    const auto other = center.queue("Other", {{"overflow_queue_id", queue}});
    const auto gateway = center.number("SELECT id FROM gateway WHERE name = 'mail'");
    ASSERT_EQ(center.admin.patch(path("gateways", gateway), {{"queue_id", other}}).status, 200);
    EXPECT_THAT(close().json()["detail"].get<std::string>(), HasSubstr("queue Other"));
    ASSERT_EQ(center.admin.patch(path("queues", other), {{"overflow_queue_id", nullptr}}).status, 200);
    ASSERT_EQ(close().status, 200);

    EXPECT_EQ(refused(center.admin.patch(path("gateways", gateway), {{"queue_id", queue}})), "422 queue_id");
    EXPECT_EQ(refused(center.admin.patch(path("queues", other), {{"overflow_queue_id", queue}})),
              "422 overflow_queue_id");
    const auto seen = center.admin.get("/api/v1/queues/overview").json()["items"].dump();
    EXPECT_THAT(seen, HasSubstr("Support")) << "as long as something waits there";
    agent.ready();
    EXPECT_EQ(agent.take()["id"], ticket);

    center.sql("UPDATE gateway SET queue_id = " + std::to_string(queue) + " WHERE name = 'mail'");
    EXPECT_EQ(center.admin.patch(path("queues", queue), {{"ring_s", 33}}).status, 200) << "as it was left before";
    EXPECT_EQ(center.admin.patch(path("gateways", gateway), {{"from_name", "Us"}}).status, 200);
}

TEST_F(configuration, a_queue_overflows_to_another_than_itself) {
    EXPECT_EQ(refused(center.admin.patch(path("queues", queue), {{"overflow_queue_id", queue}})),
              "422 overflow_queue_id");
}

TEST_F(configuration, a_name_can_be_seen_and_is_what_it_seems) {
    for (const auto* noun : {"skills", "licences", "absence-reasons", "queues"}) {
        for (const auto* unseen : {"\u200b", "\u00ad\u200d", " \u2060 "})
            EXPECT_EQ(refused(add(noun, {{"name", unseen}})), "422 name") << noun;
        const auto made = add(noun, {{"name", "\u202egnp.\nexe"}});
        EXPECT_EQ(made.status, 201) << made.body;
        EXPECT_EQ(made.json()["name"], "gnp. exe") << noun;
    }
    EXPECT_EQ(
        refused(add("rules", {{"name", "a"}, {"conditions", {{"words", {"\u200b"}}}}, {"actions", {{"priority", 1}}}})),
        "422 conditions.words[0]");
}

TEST_F(configuration, a_refusal_names_the_field_in_its_sentence_too) {
    ASSERT_EQ(add("skills", {{"name", "Spanish"}}).status, 201);
    EXPECT_THAT(add("skills", {{"name", "spanish"}}).json()["detail"].get<std::string>(),
                testing::StartsWith("name is taken already"));
}

TEST_F(configuration, goes_only_in_the_version_that_whoever_deletes_it_has_seen) {
    const auto id = add("skills", {{"name", "Spanish"}}).json()["id"].get<std::int64_t>();
    ASSERT_EQ(center.admin.patch(path("skills", id), {{"name", "Castilian"}}).status, 200);
    EXPECT_EQ(center.admin.send("DELETE", path("skills", id), "", {{"If-Match", "\"1\""}}).status, 412);
    EXPECT_EQ(center.admin.send("DELETE", path("skills", id), "", {{"If-Match", "\"2\""}}).status, 204);
}

TEST_F(configuration, is_listed_whole_though_the_last_row_of_a_part_moves_or_goes) {
    std::vector<std::int64_t> reasons;
    for (const auto& r : center.admin.get("/api/v1/absence-reasons?limit=200").json()["items"])
        reasons.push_back(r["id"].get<std::int64_t>());
    ASSERT_EQ(reasons.size(), 5u);
    const auto part = [&](const std::string& after) {
        return center.admin.get("/api/v1/absence-reasons?limit=2" + (after.empty() ? "" : "&after=" + after)).json();
    };
    const auto first = part("");
    const auto next = first["next"].get<std::string>();
    ASSERT_EQ(center.admin.patch(path("absence-reasons", reasons[1]), {{"position", 1'000'000}}).status, 200);
    EXPECT_EQ(part(next)["items"][0]["id"], reasons[2]) << "it has moved to the end";
    ASSERT_EQ(center.admin.send("DELETE", path("absence-reasons", reasons[1])).status, 204);
    EXPECT_EQ(part(next)["items"][0]["id"], reasons[2]) << "it is gone";
}

TEST_F(configuration, gives_no_position_that_it_would_refuse) {
    ASSERT_EQ(add("absence-reasons", {{"name", "Last"}, {"position", 1'000'000}}).status, 201);
    const auto made = add("absence-reasons", {{"name", "Later"}}).json();
    EXPECT_EQ(made["position"], 1'000'000);
    EXPECT_EQ(
        center.admin.patch(path("absence-reasons", made["id"].get<std::int64_t>()), {{"position", made["position"]}})
            .status,
        200);
}

TEST_F(configuration, of_a_user_has_an_address_that_mail_can_reach) {
    const json ada{{"login", "ada"}, {"name", "Ada"}, {"roles", an_agent}, {"email", "nonsense"}};
    EXPECT_EQ(refused(add("users", ada)), "422 email");
    auto good = ada;
    good["email"] = "ada@example.com";
    const auto id = add("users", good).json()["id"].get<std::int64_t>();
    EXPECT_EQ(refused(center.admin.patch(path("users", id), {{"email", "nonsense"}})), "422 email");
    center.sql("UPDATE users SET email = 'from before' WHERE id = " + std::to_string(id));
    EXPECT_EQ(center.admin.patch(path("users", id), {{"active", false}}).status, 200) << "who has another from before";
}

} // namespace
} // namespace switchboard::test
