// Nobody sets up, signs out or takes away what may more than himself: by which door ever, whether the other is active
// or not, and whatever else happens at that moment.
#include "support/contact_center.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pqxx/pqxx>

#include <functional>
#include <future>
#include <set>

namespace switchboard::test {
namespace {

using nlohmann::json;

/// A request by which somebody, or what somebody has, is set up.
struct door {
    std::string route, path; // of the published document; of the one who may more
    json body;

    http_answer knock(const client& who) const {
        const std::string method = route.substr(0, route.find(' '));
        if (method == "post") return who.post(path, body);
        if (method == "put") return who.put(path, body);
        if (method == "patch") return who.patch(path, body);
        return who.remove(path);
    }
};

class who_may_more : public testing::Test {
protected:
    json role(const std::string& name, const std::vector<std::string>& permissions) {
        auto grants = json::array();
        for (const auto& p : permissions) grants.push_back({{"permission", p}});
        return center.admin.post("/api/v1/roles", {{"name", name}, {"grants", grants}}).json()["id"];
    }
    client person(const std::string& login, const json& roles) {
        const auto made = center.admin.post(
            "/api/v1/users",
            {{"login", login}, {"name", login}, {"roles", roles}, {"password", running_server::password}});
        EXPECT_EQ(made.status, 201) << made.body;
        return center.server.person(login);
    }
    /// May set up everything but roles.
    client lesser() {
        return person("ana", {2, role("Set-up", {"config.people", "config.queues", "config.hours", "config.tokens",
                                                 "config.read", "user.read"})});
    }
    std::string number_of(const std::string& login) {
        return center.sql(fmt::format("SELECT id FROM users WHERE login = '{}'", login));
    }
    std::int64_t calendar() {
        return center.admin.post("/api/v1/calendars", {{"name", "Shifts"}, {"timezone", "UTC"}})
            .json()
            .value("id", std::int64_t{0});
    }
    /// Every door to the user of this number.
    std::vector<door> doors_to(const std::string& user) {
        const auto id = std::stoll(user);
        const auto token = center.admin.post("/api/v1/tokens", {{"name", "all"}, {"scopes", {"admin"}}}).json();
        const auto queue = std::to_string(center.queue("Support of " + user));
        return {{"post /api/v1/users", "/api/v1/users", {{"login", "x"}, {"name", "X"}, {"roles", {6}}}},
                {"patch /api/v1/users/{id}", "/api/v1/users/" + user, {{"name", "Nobody"}}},
                {"delete /api/v1/users/{id}/sessions", "/api/v1/users/" + user + "/sessions", {}},
                {"put /api/v1/agents/{id}", "/api/v1/agents/" + user, {{"grade", 1}}},
                {"put /api/v1/queues/{id}/members",
                 "/api/v1/queues/" + queue + "/members",
                 {{"members", {{{"agent_id", id}}}}}},
                {"put /api/v1/calendars/{id}/agents",
                 fmt::format("/api/v1/calendars/{}/agents", shifts),
                 {{"agent_ids", {id}}}},
                {"post /api/v1/tokens", "/api/v1/tokens", {{"name", "t"}, {"scopes", {"admin"}}}},
                {"delete /api/v1/tokens/{id}", "/api/v1/tokens/" + token["id"].dump(), {}}};
    }
    /// Commits `change` as soon as what `act` does waits for it.
    void beside(const std::string& change, const std::function<void()>& act) {
        pqxx::connection c{center.server.database_url()};
        pqxx::work tx{c};
        tx.exec(change);
        auto done = std::async(std::launch::async, act);
        bool waits = false;
        while (!waits && done.wait_for(std::chrono::milliseconds{1}) == std::future_status::timeout)
            waits = center.sql("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM "
                               "pg_stat_activity WHERE datname = current_database())") != "0";
        tx.commit();
        done.get();
        EXPECT_TRUE(waits) << "it does not wait for what is changed";
    }

    contact_center center;
    std::int64_t shifts = calendar();
};

} // namespace

TEST_F(who_may_more, is_behind_every_door_closed_to_who_may_less) {
    const auto ana = lesser();
    const auto admin = number_of("admin");
    for (const auto& d : doors_to(admin)) {
        const auto refused = d.knock(ana);
        EXPECT_EQ(refused.status, 403) << d.route << refused.body;
        EXPECT_THAT(refused.body, testing::HasSubstr("your own roles")) << d.route;
    }
    EXPECT_EQ(ana.get("/api/v1/users/" + admin + "/sessions").status, 403);
    EXPECT_EQ(center.admin.get("/api/v1/session").status, 200);
    EXPECT_EQ(center.sql("SELECT count(*) FROM token WHERE revoked_at IS NOT NULL"), "0");
}

TEST_F(who_may_more, stays_as_he_is_when_he_is_switched_off) {
    const auto ana = lesser();
    person("ruth", json::array({6}));
    const auto ruth = number_of("ruth");
    ASSERT_EQ(center.admin.patch("/api/v1/users/" + ruth, {{"active", false}}).status, 200);
    for (const auto& d : doors_to(ruth)) EXPECT_EQ(d.knock(ana).status, 403) << d.route;
}

TEST_F(who_may_more, opens_every_door_to_who_may_as_much) {
    person("ruth", json::array({6}));
    for (const auto& d : doors_to(number_of("ruth"))) EXPECT_LT(d.knock(center.admin).status, 300) << d.route;
}

TEST_F(who_may_more, is_known_to_every_door_to_people) {
    const std::set<std::string> of_roles{"post /api/v1/roles", "patch /api/v1/roles/{id}", "delete /api/v1/roles/{id}"};
    const std::set<std::string> of_work{"post /api/v1/tickets/{id}/assign", "post /api/v1/simulations"};
    // How much somebody authorises is config.actions' to say, and changes nothing of what he may.
    const std::set<std::string> of_limits{"post /api/v1/action-limits", "patch /api/v1/action-limits/{id}"};
    std::set<std::string> known;
    for (const auto& d : doors_to(number_of("admin"))) known.insert(d.route);
    const auto document = center.server.stranger().get("/api/v1/openapi.json").json();
    std::set<std::string> there;
    for (const auto& [path, methods] : document["paths"].items())
        for (const auto& [method, about] : methods.items()) {
            if (method == "get") continue;
            auto names = path;
            if (about.contains("requestBody")) names += about["requestBody"].dump();
            for (const auto& [name, schema] : document["components"]["schemas"].items())
                if (names.find("schemas/" + name + '"') != std::string::npos) names += schema.dump();
            for (const auto* word : {"/users", "/agents", "/tokens", "/roles", "agent_id", "user_id"})
                if (names.find(word) != std::string::npos) there.insert(method + " " + path);
        }
    for (const auto* others : {&of_roles, &of_work, &of_limits}) known.insert(others->begin(), others->end());
    EXPECT_EQ(there, known) << "a new door to people asks store/guard.hpp";
}

TEST_F(who_may_more, may_be_named_where_he_stays_as_he_is) {
    const auto ana = lesser();
    const std::int64_t admin = std::stoll(number_of("admin")), colleague = center.agent("ben", {}).id;
    const auto members = fmt::format("/api/v1/queues/{}/members", center.queue("Support"));
    const auto agents = fmt::format("/api/v1/calendars/{}/agents", shifts);
    ASSERT_EQ(center.admin.put(members, {{"members", {{{"agent_id", admin}}}}}).status, 200);
    ASSERT_EQ(center.admin.put(agents, {{"agent_ids", {admin}}}).status, 200);
    EXPECT_EQ(ana.put(members, {{"members", {{{"agent_id", admin}}, {{"agent_id", colleague}}}}}).status, 200);
    EXPECT_EQ(ana.put(agents, {{"agent_ids", {admin, colleague}}}).status, 200);
    const auto refused = ana.put(members, {{"members", {{{"agent_id", admin}, {"rank", 2}}}}});
    EXPECT_EQ(refused.status, 403) << "on other terms";
    EXPECT_EQ(refused.json()["errors"][0]["field"], "members");
    EXPECT_EQ(ana.put(members, {{"members", {{{"agent_id", colleague}}}}}).status, 403) << "to remove him";
    EXPECT_EQ(ana.put(agents, {{"agent_ids", {colleague}}}).status, 403);
    EXPECT_EQ(center.sql("SELECT string_agg(agent_id || ':' || rank, ' ' ORDER BY agent_id) FROM queue_member"),
              fmt::format("{}:0 {}:0", admin, colleague));
}

TEST_F(who_may_more, is_asked_of_the_role_as_it_is_when_it_is_changed) {
    const auto ana = person("ana", json::array({role("Keeper of roles", {"config.roles"})}));
    const auto grown = role("Grown", {}).dump(), path = "/api/v1/roles/" + grown;
    const auto grows =
        fmt::format("UPDATE role SET grants = (SELECT grants FROM role WHERE id = 6) WHERE id = {}", grown);
    http_answer changed, removed;
    beside(grows, [&] { changed = ana.patch(path, {{"name", "Hers"}}); });
    EXPECT_EQ(changed.status, 403) << changed.body;
    ASSERT_EQ(center.sql(fmt::format("SELECT name FROM role WHERE id = {}", grown)), "Grown");
    center.sql(fmt::format("UPDATE role SET grants = '[]' WHERE id = {}", grown));
    beside(grows, [&] { removed = ana.remove(path); });
    EXPECT_EQ(removed.status, 403) << removed.body;
}

} // namespace switchboard::test
