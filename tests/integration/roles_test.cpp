// Roles: what several permit together, how far, who may give them, and that what is taken is gone.
#include "support/contact_center.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace switchboard::test {
namespace {

using nlohmann::json;

class roles : public testing::Test {
protected:
    json role(const std::string& name, const json& grants) {
        const auto made = center.admin.post("/api/v1/roles", {{"name", name}, {"grants", grants}});
        EXPECT_EQ(made.status, 201) << made.body;
        return made.json();
    }
    static json whole(const std::vector<std::string>& permissions) {
        auto out = json::array();
        for (const auto& p : permissions) out.push_back({{"permission", p}});
        return out;
    }
    /// Somebody signed in who has these roles.
    client person(const std::string& login, const json& roles) {
        const auto made = center.admin.post(
            "/api/v1/users",
            {{"login", login}, {"name", login}, {"roles", roles}, {"password", running_server::password}});
        EXPECT_EQ(made.status, 201) << made.body;
        return center.server.person(login);
    }
    std::string admins_path() { return "/api/v1/users/" + center.sql("SELECT id FROM users WHERE login = 'admin'"); }

    contact_center center;
};

} // namespace

TEST_F(roles, count_together) {
    const auto watcher = role("Watcher", whole({"team.watch"}));
    const auto ana = person("ana", {2, watcher["id"]});
    EXPECT_EQ(ana.get("/api/v1/agents/overview").status, 200);
    EXPECT_EQ(ana.get("/api/v1/tickets").status, 200);
    EXPECT_EQ(ana.get("/api/v1/system").status, 403);
    const auto grants = ana.get("/api/v1/session").json()["grants"];
    EXPECT_THAT(grants, testing::Contains(json{{"permission", "team.watch"}, {"reach", "all"}}));
    EXPECT_THAT(grants, testing::Contains(json{{"permission", "ticket.reply"}, {"reach", "own"}}));
}

TEST_F(roles, are_gone_at_once_where_something_is_taken_from_them) {
    const auto watcher = role("Watcher", whole({"team.watch"}));
    const auto ana = person("ana", {2, watcher["id"]});
    ASSERT_EQ(ana.get("/api/v1/agents/overview").status, 200);
    const auto path = "/api/v1/roles/" + watcher["id"].dump();
    ASSERT_EQ(center.admin.patch(path, {{"grants", json::array()}}).status, 200);
    const auto refused = ana.get("/api/v1/agents/overview");
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(refused.json()["detail"], "this needs the permission team.watch, which none of your roles has");
}

TEST_F(roles, that_reach_own_tickets_show_no_others) {
    const auto support = center.queue("Support");
    center.gateway("mail", "email", support);
    const auto mail = center.mail("mail"), other = center.mail("mail", "bob@example.com");
    const auto reader = role("Trainee", json::array({{{"permission", "ticket.read"}, {"reach", "own"}},
                                                     {{"permission", "customer.read"}, {"reach", "own"}}}));
    const auto ben = center.agent("ben", {support});
    const auto user = "/api/v1/users/" + std::to_string(ben.id);
    ASSERT_EQ(center.admin.patch(user, {{"roles", {reader["id"]}}}).status, 200);
    EXPECT_EQ(ben.http.get("/api/v1/tickets").json()["items"], json::array()) << "a member of the queue, all the same";
    center.sql("UPDATE ticket SET owner_id = " + std::to_string(ben.id) +
               ", state = 'active' WHERE id = " + std::to_string(mail));
    const auto listed = ben.http.get("/api/v1/tickets").json()["items"];
    ASSERT_EQ(listed.size(), 1u);
    EXPECT_EQ(listed[0]["id"], mail);
    EXPECT_EQ(ben.http.get("/api/v1/tickets/" + std::to_string(mail)).status, 200);
    EXPECT_EQ(ben.http.get("/api/v1/tickets/" + std::to_string(other)).status, 404);
    EXPECT_EQ(ben.http.get("/api/v1/customers").json()["items"].size(), 1u);
    EXPECT_EQ(ben.act(mail, "notes", {{"text", "x"}}).status, 403) << "to read is not to write";
}

TEST_F(roles, are_not_given_by_who_has_less) {
    const auto people = role("People", whole({"config.people"}));
    const auto dora = person("dora", {2, people["id"]});
    const json form{{"login", "new"}, {"name", "New"}, {"roles", {2}}};
    EXPECT_EQ(dora.post("/api/v1/users", form).status, 201) << "an agent is what she is herself";
    const auto more = dora.post("/api/v1/users", {{"login", "more"}, {"name", "More"}, {"roles", {4}}});
    EXPECT_EQ(more.status, 403);
    EXPECT_EQ(more.json()["errors"][0]["field"], "roles");
    const auto herself = "/api/v1/users/" + center.sql("SELECT id FROM users WHERE login = 'dora'");
    EXPECT_EQ(dora.patch(herself, {{"roles", {6}}}).status, 403);
    EXPECT_EQ(dora.patch(admins_path(), {{"password", "a password of hers"}}).status, 403)
        << "who may more cannot be taken over";
    EXPECT_EQ(dora.patch(admins_path(), {{"roles", {2}}}).status, 403);
}

TEST_F(roles, and_tokens_are_not_made_by_who_has_less) {
    const auto maker = role("Maker", whole({"config.roles", "config.tokens"}));
    const auto eve = person("eve", json::array({maker["id"]}));
    EXPECT_EQ(eve.post("/api/v1/roles", {{"name", "Small"}, {"grants", whole({"config.roles"})}}).status, 201);
    EXPECT_EQ(eve.post("/api/v1/roles", {{"name", "Large"}, {"grants", whole({"config.people"})}}).status, 403);
    const auto own = "/api/v1/roles/" + maker["id"].dump();
    EXPECT_EQ(eve.patch(own, {{"grants", whole({"config.roles", "config.people"})}}).status, 403);
    EXPECT_EQ(eve.post("/api/v1/tokens", {{"name", "t"}, {"scopes", {"intake"}}}).status, 201);
    EXPECT_EQ(eve.post("/api/v1/tokens", {{"name", "t"}, {"scopes", {"admin"}}}).status, 403);
}

TEST_F(roles, leave_somebody_who_can_give_them) {
    const auto all = center.admin.get("/api/v1/roles/6").json()["grants"];
    auto less = json::array();
    for (const auto& one : all)
        if (one["permission"] != "config.people") less.push_back(one);
    EXPECT_EQ(center.admin.patch("/api/v1/roles/6", {{"grants", less}}).status, 409);
    const auto people = role("People", whole({"config.people"}));
    person("dora", json::array({people["id"]}));
    EXPECT_EQ(center.admin.patch("/api/v1/roles/6", {{"grants", less}}).status, 409)
        << "Dora could give nothing that she has not";
    const auto keys = role("Keys", whole({"config.people", "config.roles"}));
    ASSERT_EQ(
        center.admin.post("/api/v1/users", {{"login", "ghost"}, {"name", "Ghost"}, {"roles", {keys["id"]}}}).status,
        201);
    EXPECT_EQ(center.admin.patch("/api/v1/roles/6", {{"grants", less}}).status, 409) << "who cannot sign in is nobody";
    person("ruth", json::array({keys["id"]}));
    EXPECT_EQ(center.admin.patch("/api/v1/roles/6", {{"grants", less}}).status, 200) << "Ruth can";
}

TEST_F(roles, leave_somebody_who_can_change_them) {
    auto less = json::array();
    for (const auto& one : center.admin.get("/api/v1/roles/6").json()["grants"])
        if (one["permission"] != "config.roles") less.push_back(one);
    const auto refused = center.admin.patch("/api/v1/roles/6", {{"grants", less}});
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.json()["detail"], "grants must have config.roles: nobody else could change roles");
    const auto people = role("People", whole({"config.people"})), roles = role("Roles", whole({"config.roles"}));
    person("dora", json::array({people["id"]}));
    const auto machine = center.server.machine({{"name", "set-up"}, {"scopes", {"admin"}}});
    for (const json& change : {json{{"roles", {2}}}, json{{"active", false}}}) {
        const auto last = machine.patch(admins_path(), change);
        EXPECT_EQ(last.status, 409) << change;
        EXPECT_EQ(last.json()["detail"],
                  "somebody who can sign in must remain with both config.people and config.roles");
    }
    person("ruth", json::array({roles["id"]}));
    EXPECT_EQ(machine.patch(admins_path(), {{"roles", {2}}}).status, 409) << "neither could give the other's back";
    person("cora", json::array({people["id"], roles["id"]}));
    EXPECT_EQ(machine.patch(admins_path(), {{"roles", {2}}}).status, 200) << "Cora can both";
}

TEST_F(roles, that_may_more_are_not_changed_by_who_may_less) {
    const auto keeper = role("Keeper of roles", whole({"config.roles"}));
    const auto ana = person("ana", json::array({keeper["id"]}));
    const json own{{"grants", whole({"config.roles"})}};
    for (const auto* of_others : {"/api/v1/roles/6", "/api/v1/roles/2"}) {
        EXPECT_EQ(ana.patch(of_others, own).status, 403) << of_others;
        EXPECT_EQ(ana.patch(of_others, {{"name", "Nobody"}}).status, 403) << of_others;
        EXPECT_EQ(ana.remove(of_others, {{"If-Match", "\"1\""}}).status, 403) << of_others;
    }
    EXPECT_EQ(ana.patch("/api/v1/roles/" + keeper["id"].dump(), {{"name", "Keeper"}}).status, 200)
        << "no more than his";
}

TEST_F(roles, that_may_more_are_not_signed_out_or_set_up_by_who_may_less) {
    const auto personnel = role("Personnel", whole({"config.people", "user.read"}));
    const auto ana = person("ana", {2, personnel["id"]});
    const auto id = center.sql("SELECT id FROM users WHERE login = 'admin'");
    EXPECT_EQ(ana.get(admins_path() + "/sessions").status, 403);
    EXPECT_EQ(ana.remove(admins_path() + "/sessions").status, 403);
    EXPECT_EQ(ana.put("/api/v1/agents/" + id, {{"grade", 1}}).status, 403);
    EXPECT_EQ(center.admin.get("/api/v1/session").status, 200);
    const auto colleague = std::to_string(center.agent("ben", {}).id);
    EXPECT_EQ(ana.put("/api/v1/agents/" + colleague, {{"grade", 1}}).status, 200);
    EXPECT_EQ(ana.remove("/api/v1/users/" + colleague + "/sessions").status, 204);
}

TEST_F(roles, that_make_people_do_not_make_them_members_of_queues) {
    const auto personnel = role("Personnel", whole({"config.people", "user.read"}));
    const auto ana = person("ana", {2, personnel["id"]});
    const auto own = "/api/v1/agents/" + center.sql("SELECT id FROM users WHERE login = 'ana'");
    const auto refused = ana.put(own, {{"queues", {{{"queue_id", center.queue("Support")}}}}});
    EXPECT_EQ(refused.status, 403) << refused.body;
    EXPECT_EQ(refused.json()["errors"][0]["field"], "queues");
    EXPECT_EQ(center.sql("SELECT count(*) FROM queue_member"), "0");
}

TEST_F(roles, are_left_to_somebody_though_two_take_them_from_each_other) {
    const auto machine = center.server.machine({{"name", "set-up"}, {"scopes", {"admin"}}});
    const auto bob = person("bob", {6});
    const auto bobs = "/api/v1/users/" + center.sql("SELECT id FROM users WHERE login = 'bob'");
    for (int round = 0; round < 5; ++round) {
        int of_bob = 0, of_admin = 0;
        {
            const std::jthread one{[&] { of_bob = center.admin.patch(bobs, {{"roles", {2}}}).status; }};
            const std::jthread other{[&] { of_admin = bob.patch(admins_path(), {{"roles", {2}}}).status; }};
        }
        EXPECT_NE(center.sql("SELECT count(*) FROM users WHERE active AND roles @> '[6]'"), "0")
            << of_bob << ' ' << of_admin;
        for (const auto& whose : {bobs, admins_path()})
            ASSERT_EQ(machine.patch(whose, {{"roles", {6}}}).status, 200) << "both are admins again";
    }
}

TEST_F(roles, that_somebody_has_stay) {
    EXPECT_EQ(center.admin.remove("/api/v1/roles/2").status, 409);
    const auto none = role("Nobody's", json::array());
    EXPECT_EQ(center.admin.remove("/api/v1/roles/" + none["id"].dump()).status, 204);
}

TEST_F(roles, say_what_is_wrong_with_them) {
    const auto field = [&](const json& grants) {
        const auto refused = center.admin.post("/api/v1/roles", {{"name", "Wrong"}, {"grants", grants}});
        EXPECT_EQ(refused.status, 422) << refused.body;
        return refused.json()["errors"][0]["field"];
    };
    EXPECT_EQ(field(whole({"ticket.read", "ticket.read"})), "grants[1].permission");
    EXPECT_EQ(field(whole({"ticket.fly"})), "grants[0].permission");
    EXPECT_EQ(field(json::array({{{"permission", "config.people"}, {"reach", "own"}}})), "grants[0].reach");
    EXPECT_EQ(field(json::array({{{"permission", "ticket.read"}, {"reach", "moon"}}})), "grants[0].reach");
    const auto none = center.admin.post("/api/v1/users", {{"login", "x"}, {"name", "X"}, {"roles", json::array()}});
    EXPECT_EQ(none.status, 422);
    const auto twice = center.admin.post("/api/v1/users", {{"login", "y"}, {"name", "Y"}, {"roles", {2, 6, 2}}});
    EXPECT_EQ(twice.status, 201);
    EXPECT_EQ(twice.json()["roles"], json({2, 6})) << "what is named twice is taken once";
    const auto unknown = center.admin.post("/api/v1/users", {{"login", "x"}, {"name", "X"}, {"roles", {999}}});
    EXPECT_EQ(unknown.json()["errors"][0]["field"], "roles[0]");
}

TEST_F(roles, that_are_asked_when_a_ticket_is_escalated_need_not_be_called_supervisor) {
    const auto support = center.queue("Support"), second = center.queue("Second");
    ASSERT_EQ(center.admin
                  .patch("/api/v1/queues/" + std::to_string(second),
                         {{"steps", {{{"after_s", 0}, {"changes", {{{"what", "ask_supervisors"}}}}}}}})
                  .status,
              200);
    center.gateway("mail", "email", second);
    auto lea = center.agent("lea", {support});
    const auto taker = role("Taker", whole({"escalation.take"}));
    ASSERT_EQ(center.admin.patch("/api/v1/users/" + std::to_string(lea.id), {{"roles", {2, taker["id"]}}}).status, 200);
    lea.ready();
    const auto mail = center.mail("mail");
    EXPECT_EQ(lea.offered()["ticket"]["id"], mail) << "a member of neither";
}

} // namespace switchboard::test
