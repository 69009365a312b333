#include "support/running_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <set>

namespace switchboard::test {
namespace {

using nlohmann::json;

class rest : public testing::Test {
protected:
    static void SetUpTestSuite() {
        server = std::make_unique<running_server>();
        admin = std::make_unique<client>(server->person("admin"));
    }
    static void TearDownTestSuite() {
        admin.reset();
        server.reset();
    }

    static json make(const std::string& path, const json& body) {
        const auto answer = admin->post(path, body);
        EXPECT_EQ(answer.status, 201) << path << ' ' << answer.body;
        return answer.json();
    }
    static std::string at(const std::string& path, const json& thing) {
        return path + "/" + std::to_string(thing["id"].get<std::int64_t>());
    }
    static std::vector<std::string> fields_of(const http_answer& answer) {
        std::vector<std::string> out;
        for (const auto& e : answer.json()["errors"]) out.push_back(e["field"]);
        return out;
    }

    static inline std::unique_ptr<running_server> server;
    static inline std::unique_ptr<client> admin;
};

TEST_F(rest, keeps_what_it_is_given) {
    const auto skill = make("/api/v1/skills", {{"name", "Spanish"}});
    const auto licence = make("/api/v1/licences", {{"name", "Insurance"}});
    const auto queue =
        make("/api/v1/queues", {{"name", "Claims"},
                                {"order_mode", "aging"},
                                {"ring_s", 30},
                                {"skills", {{{"skill_id", skill["id"]}, {"min", 4}}}},
                                {"licences", {{{"licence_id", licence["id"]}, {"jurisdiction", "DE-BY"}}}}});
    EXPECT_EQ(queue["cool_s"], 60) << "what is not given has its default";
    EXPECT_EQ(admin->get(at("/api/v1/queues", queue)).json(), queue);

    const auto changed =
        admin->patch(at("/api/v1/queues", queue), {{"ring_s", 45}, {"escalation_queue_id", queue["id"]}});
    EXPECT_EQ(changed.status, 200);
    EXPECT_EQ(changed.json()["ring_s"], 45);
    EXPECT_EQ(changed.json()["escalation_queue_id"], queue["id"]);
    EXPECT_EQ(changed.json()["skills"], queue["skills"]) << "what is not given stays";
    EXPECT_EQ(
        admin->patch(at("/api/v1/queues", queue), {{"escalation_queue_id", nullptr}}).json()["escalation_queue_id"],
        nullptr);
}

TEST_F(rest, sets_an_agents_profile_and_the_load_beside_it) {
    const auto skill = make("/api/v1/skills", {{"name", "Plumbing"}});
    const auto licence = make("/api/v1/licences", {{"name", "Gas"}});
    const auto queue = make("/api/v1/queues", {{"name", "Plumbers"}});
    const auto agent = make("/api/v1/users", {{"login", "mario"}, {"name", "Mario"}, {"roles", an_agent}});
    const json profile{{"skills", {{{"skill_id", skill["id"]}, {"level", 7}}}},
                       {"licences",
                        {{{"licence_id", licence["id"]},
                          {"jurisdictions", {"IT", "DE"}},
                          {"valid_from", "2026-01-01T00:00:00Z"},
                          {"valid_until", "2027-01-01T00:00:00Z"}}}},
                       {"queues", {{{"queue_id", queue["id"]}, {"rank", 1}}}},
                       {"channels", {{{"channel", "chat"}, {"capacity", 3}, {"weight", 30}}}},
                       {"units", 120}};
    const auto put = admin->put(at("/api/v1/agents", agent), profile);
    ASSERT_EQ(put.status, 200) << put.body;
    const auto seen = put.json();
    EXPECT_EQ(seen["skills"], profile["skills"]);
    EXPECT_EQ(seen["licences"][0]["jurisdictions"], (json{"IT", "DE"}));
    EXPECT_EQ(seen["licences"][0]["state"], "active");
    EXPECT_EQ(seen["presence"]["state"], "offline");
    EXPECT_THAT(seen["load"].dump(), testing::AllOf(testing::HasSubstr(R"("capacity":120,"channel":"*")"),
                                                    testing::HasSubstr(R"("capacity":3,"channel":"chat")")));
    EXPECT_EQ(admin->get(at("/api/v1/queues", queue) + "/members").json()["items"][0]["name"], "Mario");

    const auto fewer = admin->put(at("/api/v1/agents", agent), {{"channels", json::array()}}).json();
    EXPECT_EQ(fewer["skills"], profile["skills"]) << "a set that is not given stays";
    EXPECT_EQ(fewer["channels"], json::array());
    EXPECT_THAT(fewer["load"].dump(), testing::HasSubstr(R"("capacity":0,"channel":"chat")"));
}

TEST_F(rest, sets_an_agents_shift_on_either_side) {
    const auto agent = make("/api/v1/users", {{"login", "nora"}, {"name", "Nora"}, {"roles", an_agent}});
    const auto early = make("/api/v1/calendars", {{"name", "Early"}, {"timezone", "UTC"}});
    const auto late = make("/api/v1/calendars", {{"name", "Late"}, {"timezone", "UTC"}});
    const auto path = at("/api/v1/agents", agent);
    const auto whose = [&](const json& calendar) {
        return admin->get(at("/api/v1/calendars", calendar) + "/agents").json()["items"].size();
    };
    EXPECT_EQ(admin->get(path).json()["calendar_id"], nullptr);
    EXPECT_EQ(admin->put(path, {{"calendar_id", early["id"]}}).json()["calendar_id"], early["id"]);
    EXPECT_EQ(admin->put(path, {{"grade", 3}}).json()["calendar_id"], early["id"]) << "what is not given stays";
    EXPECT_EQ(whose(early), 1);
    const auto unknown = admin->put(path, {{"calendar_id", 999'999}});
    EXPECT_EQ(unknown.status, 422);
    EXPECT_EQ(unknown.json()["errors"][0]["field"], "calendar_id");

    const auto before = admin->get(path).json()["version"].get<int>();
    ASSERT_EQ(admin->put(at("/api/v1/calendars", late) + "/agents", {{"agent_ids", {agent["id"]}}}).status, 200);
    EXPECT_EQ(whose(early), 0) << "an agent works by one calendar";
    const auto moved = admin->get(path).json();
    EXPECT_EQ(moved["calendar_id"], late["id"]);
    EXPECT_EQ(moved["version"], before + 1) << "whoever read the agent before reads it again";
    EXPECT_EQ(admin->put(path, {{"calendar_id", nullptr}}).json()["calendar_id"], nullptr);
    EXPECT_EQ(whose(late), 0);
}

TEST_F(rest, sets_a_queues_members_as_they_were_read) {
    const auto queue = make("/api/v1/queues", {{"name", "Crew"}});
    const auto ida = make("/api/v1/users", {{"login", "ida"}, {"name", "Ida"}, {"roles", an_agent}});
    const auto path = at("/api/v1/queues", queue) + "/members";
    const json members{{{"agent_id", ida["id"]}, {"rank", 2}, {"delay_s", 30}}};
    const auto put = admin->put(path, {{"members", members}}, {{"If-Match", "\"1\""}});
    ASSERT_EQ(put.status, 200) << put.body;
    EXPECT_EQ(put.json()["items"],
              json::array({{{"agent_id", ida["id"]}, {"name", "Ida"}, {"rank", 2}, {"delay_s", 30}}}));
    EXPECT_EQ(admin->put(path, {{"members", json::array()}}, {{"If-Match", "\"1\""}}).status, 412);
    EXPECT_EQ(admin->get(path).json(), put.json()) << "nothing was lost";
    const auto wrong = admin->put(path, {{"members", {{{"agent_id", ida["id"]}, {"delay_s", 90'000}}}}});
    EXPECT_EQ(wrong.status, 422);
    EXPECT_EQ(wrong.json()["errors"][0]["field"], "members[0].delay_s");
}

TEST_F(rest, refuses_bad_input_and_names_the_field) {
    struct bad {
        const char* method;
        const char* path;
        const char* body;
        int status;
        std::vector<std::string> fields;
    };
    const auto queue = make("/api/v1/queues", {{"name", "Validated"}});
    const auto queue_path = at("/api/v1/queues", queue);
    const auto agent_path =
        at("/api/v1/agents", make("/api/v1/users", {{"login", "val"}, {"name", "V"}, {"roles", an_agent}}));
    const bad table[] = {
        {"POST", "/api/v1/skills", "{", 400, {}},
        {"POST", "/api/v1/skills", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", 400, {}},
        {"POST", "/api/v1/skills", "{\"name\":\"a\\u0000b\"}", 400, {}},
        {"POST", "/api/v1/skills", "{\"name\":\"\xff\"}", 400, {}},
        {"POST", "/api/v1/skills", "[]", 422, {""}},
        {"POST", "/api/v1/skills", "{}", 422, {"name"}},
        {"POST", "/api/v1/skills", R"({"name":"x","colour":"red"})", 422, {"colour"}},
        {"POST",
         "/api/v1/queues",
         R"({"name":"Q","ring_s":1,"skills":[{"skill_id":1,"min":11}]})",
         422,
         {"ring_s", "skills[0].min"}},
        {"POST",
         "/api/v1/queues",
         R"({"name":"Q","skills":[{"skill_id":999999,"min":1}]})",
         422,
         {"skills[0].skill_id"}},
        {"POST", "/api/v1/queues", R"({"order_mode":"fifo"})", 422, {"name"}},
        {"PATCH", queue_path.c_str(), R"({"escalation_queue_id":999999})", 422, {"escalation_queue_id"}},
        {"PATCH", queue_path.c_str(), R"({"name":null})", 422, {"name"}},
        {"POST", "/api/v1/gateways", R"({"name":"Bad Name","kind":"email","queue_id":1})", 422, {"name"}},
        {"POST", "/api/v1/gateways", R"({"name":"ok","kind":"pigeon","queue_id":1})", 422, {"kind"}},
        {"POST", "/api/v1/gateways", R"({"name":"ok","kind":"email","queue_id":999999})", 422, {"queue_id"}},
        {"POST",
         "/api/v1/gateways",
         R"({"name":"ok","kind":"email","queue_id":1,"settings":{"colour":1}})",
         422,
         {"settings"}},
        {"POST",
         "/api/v1/rules",
         R"({"name":"r","conditions":{"channels":["pigeon"]},"actions":{"priority":10}})",
         422,
         {"conditions.channels[0]", "actions.priority"}},
        {"POST",
         "/api/v1/rules",
         R"({"name":"r","conditions":{"always":true},"actions":{"queue_id":999999}})",
         422,
         {"actions.queue_id"}},
        {"POST", "/api/v1/tokens", R"({"name":"t","scopes":[]})", 422, {"scopes"}},
        {"POST",
         "/api/v1/tokens",
         R"({"name":"t","scopes":["intake"],"gateway_ids":[999999]})",
         422,
         {"gateway_ids[0]"}},
        {"POST", "/api/v1/tokens", R"({"name":"t","scopes":["read"],"gateway_ids":[]})", 422, {"gateway_ids"}},
        {"POST", "/api/v1/tokens", R"({"name":"t","scopes":["admin"],"gateway_ids":[]})", 422, {"gateway_ids"}},
        {"POST", "/api/v1/tokens", R"({"name":"t","scopes":["intake","read"],"gateway_ids":[]})", 422, {"gateway_ids"}},
        {"PUT",
         agent_path.c_str(),
         R"({"channels":[{"channel":"chat","capacity":1},{"channel":"chat","capacity":2}]})",
         422,
         {"channels"}},
        {"PUT", agent_path.c_str(), R"({"skills":[{"skill_id":999999,"level":1}]})", 422, {"skill_id"}},
        {"GET", "/api/v1/users?limit=0", "", 422, {"limit"}},
        {"GET", "/api/v1/users?after=x", "", 422, {"after"}},
        {"GET", "/api/v1/tickets?state=shut", "", 422, {"state"}},
    };
    for (const auto& b : table) {
        const auto answer = admin->send(b.method, b.path, b.body, {{"Content-Type", "application/json"}});
        EXPECT_EQ(answer.status, b.status) << b.path << ' ' << b.body << ' ' << answer.body;
        EXPECT_EQ(answer.header("content-type"), "application/problem+json");
        EXPECT_THAT(fields_of(answer), testing::ElementsAreArray(b.fields)) << b.body;
        EXPECT_EQ(answer.json()["request_id"], answer.header("x-request-id"));
    }
    EXPECT_EQ(admin->get(queue_path).json(), queue) << "nothing was changed";
}

TEST_F(rest, knows_its_routes_and_media_types) {
    EXPECT_EQ(admin->get("/api/v1/nothing").status, 404);
    EXPECT_EQ(admin->get("/api/v1/queues/x").status, 404);
    const auto wrong_method = admin->send("DELETE", "/api/v1/queues");
    EXPECT_EQ(wrong_method.status, 405);
    EXPECT_EQ(wrong_method.header("allow"), "GET, POST");
    EXPECT_EQ(
        admin->send("POST", "/api/v1/skills", "name=x", {{"Content-Type", "application/x-www-form-urlencoded"}}).status,
        415);
    EXPECT_EQ(admin->send("POST", "/api/v1/skills", std::string(2u << 20, ' '), {{"Content-Type", "application/json"}})
                  .status,
              413);
}

TEST_F(rest, tells_who_comes_late_that_it_was_changed) {
    const auto queue = make("/api/v1/queues", {{"name", "Contended"}});
    const auto path = at("/api/v1/queues", queue);
    const auto tag = admin->get(path).header("etag");
    EXPECT_EQ(tag, "\"1\"");
    EXPECT_EQ(admin->patch(path, {{"ring_s", 30}}, {{"If-Match", tag}}).status, 200);
    const auto late = admin->patch(path, {{"ring_s", 99}}, {{"If-Match", tag}});
    EXPECT_EQ(late.status, 412);
    EXPECT_EQ(late.json()["current"]["ring_s"], 30);
    EXPECT_EQ(late.json()["current"]["version"], 2);
    EXPECT_EQ(admin->get(path).json()["ring_s"], 30);
}

TEST_F(rest, refuses_names_that_are_taken_and_deletes_only_what_is_unused) {
    const auto skill = make("/api/v1/skills", {{"name", "Rare"}});
    const auto taken = admin->post("/api/v1/skills", {{"name", "Rare"}});
    EXPECT_EQ(taken.status, 409);
    EXPECT_THAT(fields_of(taken), testing::ElementsAre("name"));

    const auto queue =
        make("/api/v1/queues", {{"name", "Needs it"}, {"skills", {{{"skill_id", skill["id"]}, {"min", 1}}}}});
    EXPECT_EQ(admin->remove(at("/api/v1/skills", skill)).status, 409);
    EXPECT_EQ(admin->remove(at("/api/v1/queues", queue)).status, 204);
    EXPECT_EQ(admin->remove(at("/api/v1/skills", skill)).status, 204);
    EXPECT_EQ(admin->get(at("/api/v1/skills", skill)).status, 404);
}

TEST_F(rest, does_a_post_once_per_idempotency_key) {
    const headers key{{"Idempotency-Key", "order-1"}};
    const auto first = admin->post("/api/v1/skills", {{"name", "Once"}}, key);
    const auto again = admin->post("/api/v1/skills", {{"name", "Once"}}, key);
    EXPECT_EQ(first.status, 201);
    EXPECT_EQ(again.status, 201);
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(again.header("idempotent-replayed"), "true");
    EXPECT_EQ(admin->post("/api/v1/skills", {{"name", "Other"}}, key).status, 422) << "the key is another request's";
    EXPECT_EQ(server->person("admin").post("/api/v1/skills", {{"name", "Once"}}, key).status, 201)
        << "the same person in another session";

    const headers refused{{"Idempotency-Key", "order-2"}};
    EXPECT_EQ(admin->post("/api/v1/skills", {{"name", "Once"}}, refused).status, 409);
    EXPECT_EQ(admin->post("/api/v1/skills", {{"name", "Once"}}, refused).status, 409) << "a conflict is tried again";

    const headers secret{{"Idempotency-Key", "token-1"}};
    EXPECT_EQ(admin->post("/api/v1/tokens", {{"name", "once"}, {"scopes", {"read"}}}, secret).status, 201);
    EXPECT_EQ(admin->post("/api/v1/tokens", {{"name", "once"}, {"scopes", {"read"}}}, secret).status, 409)
        << "a secret is not kept";
}

TEST_F(rest, does_it_once_when_the_same_post_comes_many_times_at_once) {
    const json body{{"login", "eager"}, {"name", "E"}, {"roles", an_agent}, {"password", running_server::password}};
    std::vector<std::future<int>> posts;
    for (int i = 0; i < 8; ++i)
        posts.push_back(std::async(std::launch::async, [&body] {
            return admin->post("/api/v1/users", body, {{"Idempotency-Key", "eager-1"}}).status;
        }));
    std::multiset<int> seen;
    for (auto& post : posts) seen.insert(post.get());
    EXPECT_GE(seen.count(201), 1u);
    EXPECT_EQ(seen.count(201) + seen.count(409), 8u) << "answered, or told that the first is still at work";
    EXPECT_EQ(admin->get("/api/v1/users?q=eager").json()["items"].size(), 1u);
    EXPECT_EQ(admin->post("/api/v1/users", body, {{"Idempotency-Key", "eager-1"}}).status, 201);
}

TEST_F(rest, pages_through_lists) {
    for (int i = 0; i < 5; ++i) make("/api/v1/licences", {{"name", "Page " + std::to_string(i)}});
    std::vector<std::string> names;
    std::string after;
    for (int pages = 0; pages < 10; ++pages) {
        const auto part = admin->get("/api/v1/licences?limit=2" + after).json();
        EXPECT_LE(part["items"].size(), 2u);
        for (const auto& l : part["items"]) names.push_back(l["name"]);
        if (part["next"].is_null()) break;
        after = "&after=" + part["next"].get<std::string>();
    }
    EXPECT_THAT(names, testing::IsSupersetOf({"Page 0", "Page 1", "Page 2", "Page 3", "Page 4"}));
    EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size()) << "nothing twice";
}

TEST_F(rest, keeps_the_last_admin) {
    const auto me = admin->get("/api/v1/session").json()["user"]["id"].get<int>();
    EXPECT_EQ(admin->patch("/api/v1/users/" + std::to_string(me), {{"roles", an_agent}}).status, 409);
    EXPECT_EQ(admin->patch("/api/v1/users/" + std::to_string(me), {{"active", false}}).status, 409);
}

TEST_F(rest, takes_contacts_in_through_a_gateway) {
    const auto queue = make("/api/v1/queues", {{"name", "Post room"}});
    const auto gateway = make("/api/v1/gateways", {{"name", "mail-in"}, {"kind", "email"}, {"queue_id", queue["id"]}});
    const auto other = make("/api/v1/gateways", {{"name", "mail-else"}, {"kind", "email"}, {"queue_id", queue["id"]}});
    const auto machine = server->machine({{"name", "mx"}, {"scopes", {"intake"}}, {"gateway_ids", {gateway["id"]}}});
    const std::string mail =
        "From: Ann <ann@example.org>\r\nTo: help@example.com\r\nSubject: Broken lamp\r\n"
        "Message-ID: <rest-1@example.org>\r\nDate: Sat, 21 Nov 2026 10:00:00 +0000\r\n\r\nIt is dark.\r\n";
    const headers type{{"Content-Type", "message/rfc822"}};

    const auto first = machine.send("POST", "/api/v1/intake/mail-in", mail, type);
    ASSERT_EQ(first.status, 201) << first.body;
    EXPECT_EQ(first.json()["outcome"], "ticketed");
    EXPECT_EQ(first.json()["duplicate"], false);

    const auto again = machine.send("POST", "/api/v1/intake/mail-in", mail, type);
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(again.json()["duplicate"], true);
    EXPECT_EQ(again.json()["contact_id"], first.json()["contact_id"]);

    EXPECT_EQ(machine.send("POST", "/api/v1/intake/mail-else", mail, type).status, 403);
    EXPECT_EQ(machine.send("POST", "/api/v1/intake/nowhere", mail, type).status, 404);
    EXPECT_EQ(other["enabled"], true);

    const auto contact_path = "/api/v1/contacts/" + std::to_string(first.json()["contact_id"].get<int>());
    EXPECT_EQ(admin->get(contact_path).json()["subject"], "Broken lamp");
    const auto raw = admin->get(contact_path + "/raw");
    EXPECT_EQ(raw.body, mail);
    EXPECT_EQ(raw.header("x-original-content-type"), "message/rfc822");
    EXPECT_THAT(raw.header("content-disposition"), testing::StartsWith("attachment"));

    const auto ticket_path = "/api/v1/tickets/" + first.json()["ticket_number"].get<std::string>();
    const auto ticket = admin->get(ticket_path);
    EXPECT_EQ(ticket.json()["queue"]["name"], "Post room");
    EXPECT_FALSE(ticket.header("etag").empty());
    EXPECT_EQ(admin->get(ticket_path + "/timeline")
                  .json()["items"][0]["contact"]["text_reply"]
                  .get<std::string>()
                  .substr(0, 11),
              "It is dark.");
    EXPECT_EQ(server->person("agent").get(ticket_path).status, 404) << "not a member of the queue";
}

TEST_F(rest, says_how_it_is) {
    const auto operators = server->operators();
    EXPECT_EQ(operators.get("/healthz").status, 200);
    const auto ready = operators.get("/readyz");
    EXPECT_EQ(ready.status, 200);
    EXPECT_EQ(ready.json()["database"], "ok");
    EXPECT_EQ(ready.json()["migrations"], "ok");
    EXPECT_THAT(operators.get("/metrics").body,
                testing::AllOf(testing::HasSubstr("switchboard_requests_total"),
                               testing::HasSubstr("switchboard_queue_waiting"),
                               testing::HasSubstr("switchboard_bounds_hit_total{bound=\"stranger_sockets\"} 0")));
    EXPECT_EQ(operators.get("/api/v1/queues").status, 404);
}

TEST_F(rest, tells_the_public_only_whether_it_is_ready) {
    const auto stranger = server->stranger();
    EXPECT_EQ(stranger.get("/healthz").status, 200);
    EXPECT_EQ(stranger.get("/readyz").status, 200);
    EXPECT_EQ(stranger.get("/readyz").body, "ready\n");
    EXPECT_EQ(stranger.get("/metrics").status, 404);
}

} // namespace
} // namespace switchboard::test
