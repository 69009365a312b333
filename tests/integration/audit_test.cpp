// Who did what: one entry for each change of the configuration, with the fields before and after and no secret.
#include "support/described_nouns.hpp"
#include "support/secret_key.hpp"

#include <switchboard/util/hash.hpp>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

class audit : public testing::Test {
protected:
    contact_center center{[](config& c) { c.secret_key = secret_key; }};
    std::int64_t queue = center.queue("Support");
    described_nouns nouns{center};

    json list(const std::string& query = "", const client* who = nullptr) const {
        const auto answer = (who ? *who : center.admin).get("/api/v1/audit" + query);
        EXPECT_EQ(answer.status, 200) << answer.body;
        return answer.json()["items"];
    }
    json newest(const std::string& query = "") const {
        const auto all = list(query);
        return all.empty() ? json{} : all.front();
    }
    static std::string of(const std::string& noun, std::int64_t id) { return fmt::format("?noun={}&id={}", noun, id); }
    /// Everything that the table holds, as text.
    std::string table() const { return center.sql("SELECT string_agg(e::text, ' ') FROM audit_entry e"); }
    json made(const std::string& path, const json& form) const {
        const auto answer = center.admin.post(path, form);
        EXPECT_EQ(answer.status, 201) << path << ' ' << answer.body;
        return answer.json();
    }
    int changed(const std::string& path, const json& form) const { return center.admin.patch(path, form).status; }

    /// Something that is changed of a noun: what people call it, or a number of one that has no name.
    static std::pair<std::string, json> change_of(const json& form) {
        if (form.contains("title")) return {"title", form["title"].get<std::string>() + " anew"};
        if (form.contains("name")) return {"name", form["name"].get<std::string>() + "-new"};
        if (form.contains("kind_id")) return {"role_id", 2};
        return {"first_answer_s", 777};
    }
};

TEST_F(audit, has_one_entry_for_each_noun_that_is_made_changed_or_removed) {
    for (const auto& path : nouns.paths()) {
        auto form = nouns.form(path);
        if (path == "/api/v1/rules") form["conditions"] = {{"always", true}};
        const auto row = made(path, form);
        const auto id = row["id"].get<std::int64_t>();
        const auto one = fmt::format("{}/{}", path, id);
        const auto [field, value] = change_of(form);
        EXPECT_EQ(changed(one, {{field, value}}), 200) << one;
        EXPECT_EQ(changed(one, {{field, value}}), 200) << one << ": again, which changes nothing";
        EXPECT_EQ(center.admin.remove(one).status, 204) << one;

        const auto noun = center.sql("SELECT noun FROM audit_entry ORDER BY id DESC LIMIT 1");
        const auto told = list(of(noun, id));
        ASSERT_EQ(told.size(), 3U) << path << ' ' << told.dump(1);
        const json before = row[field];
        EXPECT_EQ(told[0]["what"], "removed");
        EXPECT_EQ(told[0]["changes"][field], (json{{"before", value}})) << path;
        EXPECT_EQ(told[1]["what"], "changed");
        EXPECT_EQ(told[1]["changes"][field]["after"], value) << path;
        EXPECT_EQ(told[1]["changes"][field].value("before", json{}), before) << path;
        EXPECT_EQ(told[1]["changes"].size(), 1U) << path << ": nothing else changed";
        EXPECT_EQ(told[2]["what"], "made");
        if (!before.is_null()) EXPECT_EQ(told[2]["changes"][field], (json{{"after", before}})) << path;
        EXPECT_EQ(told[2]["name"], row.value("name", "")) << path << ": as it was called then";
        for (const auto& entry : told) EXPECT_FALSE(entry["changes"].contains("version")) << path;
    }
}

TEST_F(audit, says_who_from_where_and_by_which_session_or_token) {
    const auto skill = center.skill("French");
    const auto me = center.admin.get("/api/v1/me").json();
    const auto by_me = newest(of("skill", skill));
    EXPECT_EQ(by_me["actor_id"], me["id"]);
    EXPECT_EQ(by_me["actor"], me["name"]);
    EXPECT_EQ(by_me["address"], "127.0.0.1");
    EXPECT_EQ(center.sql("SELECT user_id FROM session WHERE id = " + by_me["session_id"].dump()), me["id"].dump());
    EXPECT_EQ(by_me["token_id"], json{});

    const auto machine = center.server.machine({{"name", "provisioning"}, {"scopes", {"admin"}}});
    const auto made_by_it = machine.post("/api/v1/skills", {{"name", "Spanish"}}).json();
    const auto by_it = newest(of("skill", made_by_it["id"]));
    EXPECT_EQ(by_it["actor"], "provisioning");
    EXPECT_EQ(by_it["actor_id"], json{});
    EXPECT_EQ(by_it["session_id"], json{});
    EXPECT_EQ(center.sql("SELECT name FROM token WHERE id = " + by_it["token_id"].dump()), "provisioning");
}

TEST_F(audit, is_silent_where_nothing_was_changed) {
    const auto before = center.number("SELECT count(*) FROM audit_entry");
    EXPECT_EQ(center.admin.post("/api/v1/skills", {{"name", ""}}).status, 422);
    EXPECT_EQ(changed(fmt::format("/api/v1/queues/{}", queue), {{"ring_s", -1}}), 422);
    EXPECT_EQ(changed(fmt::format("/api/v1/queues/{}", queue), {{"name", "Support"}}), 200);
    EXPECT_EQ(center.admin.remove("/api/v1/skills/999999").status, 404);
    EXPECT_EQ(center.number("SELECT count(*) FROM audit_entry"), before);
}

TEST_F(audit, tells_of_people_what_they_may_and_whom_it_is_about) {
    const auto agent = center.agent("grace", {queue});
    const auto path = fmt::format("/api/v1/users/{}", agent.id);
    EXPECT_EQ(changed(path, {{"roles", {2, 4}}}), 200);
    const auto roles = newest(of("user", agent.id));
    EXPECT_EQ(roles["changes"], (json{{"roles", {{"before", {2}}, {"after", {2, 4}}}}}));
    EXPECT_EQ(roles["user_id"], agent.id);
    EXPECT_EQ(roles["about"], roles["name"]);

    const auto skill = center.skill("French");
    EXPECT_EQ(center.admin
                  .send("PUT", fmt::format("/api/v1/agents/{}", agent.id),
                        json{{"skills", {{{"skill_id", skill}, {"level", 7}}}}, {"grade", 3}}.dump(),
                        {{"Content-Type", "application/json"}})
                  .status,
              200);
    const auto profile = newest(of("agent", agent.id));
    EXPECT_EQ(profile["changes"]["skills"],
              (json{{"before", json::array()}, {"after", {{{"skill_id", skill}, {"level", 7}}}}}));
    EXPECT_EQ(profile["changes"]["grade"]["after"], 3);
    EXPECT_EQ(profile["changes"].size(), 2U) << profile["changes"].dump();

    EXPECT_EQ(center.admin.remove(path + "/sessions").status, 204);
    const auto ended = newest("?what=session_ended&about=" + std::to_string(agent.id));
    EXPECT_EQ(ended["details"]["why"], "by an admin");
    EXPECT_EQ(ended["noun"], "session");
}

TEST_F(audit, tells_who_works_in_a_queue_and_by_which_hours) {
    const auto agent = center.agent("grace", {});
    const auto put = [&](const std::string& path, const json& form) {
        const auto answer = center.admin.send("PUT", path, form.dump(), {{"Content-Type", "application/json"}});
        EXPECT_EQ(answer.status, 200) << answer.body;
    };
    put(fmt::format("/api/v1/queues/{}/members", queue), {{"members", {{{"agent_id", agent.id}}}}});
    const auto members = newest(of("queue", queue));
    EXPECT_EQ(members["name"], "Support");
    EXPECT_EQ(members["changes"]["members"]["before"], json::array());
    EXPECT_EQ(members["changes"]["members"]["after"][0]["agent_id"], agent.id);

    auto form = nouns.form("/api/v1/calendars");
    const auto calendar = made("/api/v1/calendars", form)["id"].get<std::int64_t>();
    put(fmt::format("/api/v1/calendars/{}/agents", calendar), {{"agent_ids", {agent.id}}});
    EXPECT_EQ(newest(of("calendar", calendar))["changes"]["agents"]["after"][0]["id"], agent.id);
}

TEST_F(audit, never_has_a_secret) {
    const auto user =
        made("/api/v1/users",
             {{"login", "grace"}, {"name", "Grace"}, {"roles", {2}}, {"password", "her first own secret"}})["id"]
            .get<std::int64_t>();
    EXPECT_EQ(
        changed(fmt::format("/api/v1/users/{}", user), {{"password", "a second own secret"}, {"name", "Grace H"}}),
        200);
    const auto token = made("/api/v1/tokens", {{"name", "t"}, {"scopes", {"read"}}});
    EXPECT_EQ(center.admin.remove(fmt::format("/api/v1/tokens/{}", token["id"].get<int>())).status, 204);
    const auto box = made("/api/v1/gateways", {{"name", "box"},
                                               {"kind", "postmark"},
                                               {"queue_id", queue},
                                               {"settings", {{"secret", "post:mark-one"}}}})["id"]
                         .get<std::int64_t>();
    const auto one = fmt::format("/api/v1/gateways/{}", box);
    EXPECT_EQ(changed(one, {{"settings", {{"secret", "post:mark-two"}}}}), 200);

    const auto told = newest(of("gateway", box));
    EXPECT_EQ(told["changes"], (json{{"settings.secret", "changed"}}));
    EXPECT_EQ(newest(of("user", user) + "&what=changed")["changes"].size(), 1U)
        << "the name: the new password is an entry of its own";
    EXPECT_EQ(newest(of("user", user) + "&what=made")["changes"]["password"], "changed") << "as it was added";
    const auto reset = list("?what=password_reset&about=" + std::to_string(user));
    ASSERT_EQ(reset.size(), 1U);
    EXPECT_EQ(reset[0]["noun"], "user");
    EXPECT_EQ(reset[0]["noun_id"], user);
    EXPECT_EQ(reset[0]["name"], "Grace H");
    EXPECT_EQ(newest(of("token", token["id"]))["changes"]["revoked_at"]["before"], json{});

    // What was in the open before there was a key is not shown either.
    center.sql(fmt::format("UPDATE gateway SET settings = '{{\"secret\": \"post:mark-open\"}}' "
                           "WHERE id = {}",
                           box));
    EXPECT_EQ(changed(one, {{"settings", {{"own_addresses", {"us@shop.example"}}}}}), 200);
    EXPECT_EQ(changed(one, {{"enabled", false}}), 200);

    const auto all = table();
    for (const auto& secret :
         {std::string{"own secret"}, token["token"].get<std::string>(), sha256_hex(token["token"].get<std::string>()),
          std::string{"post:mark"}, center.sql(fmt::format("SELECT password_hash FROM users WHERE id = {}", user)),
          center.sql("SELECT token_hash FROM session ORDER BY id LIMIT 1")})
        EXPECT_THAT(all, Not(HasSubstr(secret)));
}

TEST_F(audit, cuts_a_long_value_and_says_so) {
    const auto path = fmt::format("/api/v1/queues/{}", queue);
    EXPECT_EQ(changed(path, {{"signature", std::string(9000, 'x')}}), 200);
    const auto after = newest(of("queue", queue))["changes"]["signature"]["after"].get<std::string>();
    EXPECT_LT(after.size(), 4100U);
    EXPECT_THAT(after, HasSubstr("cut: 9002 bytes in all"));
}

TEST_F(audit, is_filtered_and_read_in_parts) {
    const auto sonia = center.server.person("supervisor").get("/api/v1/me").json()["id"].get<std::int64_t>();
    std::vector<std::int64_t> skills;
    for (const auto* name : {"a", "b", "c"}) skills.push_back(center.skill(name));
    const auto first = center.admin.get("/api/v1/audit?noun=skill&what=made&limit=2").json();
    ASSERT_EQ(first["items"].size(), 2U);
    EXPECT_EQ(first["items"][0]["noun_id"], skills[2]) << "the newest first";
    const auto rest =
        center.admin.get("/api/v1/audit?noun=skill&what=made&limit=2&after=" + first["next"].get<std::string>()).json();
    ASSERT_EQ(rest["items"].size(), 1U);
    EXPECT_EQ(rest["items"][0]["noun_id"], skills[0]);
    EXPECT_EQ(rest["next"], json{});

    EXPECT_EQ(list(fmt::format("?person={}&noun=skill", sonia)).size(), 0U);
    EXPECT_EQ(list(fmt::format("?person={}&what=signed_in", sonia)).size(), 1U);
    EXPECT_EQ(list(fmt::format("?about={}", sonia)).size(), list(fmt::format("?person={}", sonia)).size() + 1)
        << "the admin made this user";
    EXPECT_EQ(list("?noun=skill&until=2020-01-01T00:00:00Z").size(), 0U);
    EXPECT_EQ(list("?noun=skill&since=2020-01-01T00:00:00Z").size(), 3U);
    center.sql("UPDATE audit_entry SET at = '2020-05-05' WHERE noun = 'skill' AND noun_id = " +
               std::to_string(skills[1]));
    EXPECT_EQ(list("?noun=skill&until=2021-01-01T00:00:00Z")[0]["noun_id"], skills[1]);
    EXPECT_EQ(list("?noun=skill")[2]["noun_id"], skills[1]) << "in order of time";

    for (const auto* wrong : {"?what=dreamt", "?id=3", "?since=yesterday", "?colour=red", "?person=0"})
        EXPECT_EQ(center.admin.get(std::string{"/api/v1/audit"} + wrong).status, 422) << wrong;
}

TEST_F(audit, is_exported_line_by_line_and_tells_that_it_was) {
    center.sql("INSERT INTO audit_entry (what, noun, noun_id, at) SELECT 'made', 'skill', n, now() - interval '1 day' "
               "FROM generate_series(1, 1203) AS n");
    const auto file = center.admin.get("/api/v1/audit/export?noun=skill");
    ASSERT_EQ(file.status, 200) << file.body;
    EXPECT_EQ(file.header("content-type"), "application/x-ndjson");
    EXPECT_EQ(file.header("transfer-encoding"), "chunked");
    EXPECT_THAT(file.header("content-disposition"), HasSubstr("audit.ndjson"));
    std::set<std::int64_t> seen;
    std::size_t lines = 0;
    for (std::string_view left = file.body; !left.empty(); ++lines) {
        const auto end = left.find('\n');
        ASSERT_NE(end, left.npos) << "each line ends";
        const auto one = json::parse(left.substr(0, end));
        EXPECT_EQ(one["noun"], "skill");
        seen.insert(one["noun_id"].get<std::int64_t>());
        left.remove_prefix(end + 1);
    }
    EXPECT_EQ(lines, 1203U);
    EXPECT_EQ(seen.size(), 1203U) << "none twice";
    const auto told = newest("?what=exported");
    EXPECT_EQ(told["details"], (json{{"filter", {{"noun", "skill"}}}}));
    EXPECT_EQ(told["actor"], center.admin.get("/api/v1/me").json()["name"]);
}

} // namespace
} // namespace switchboard::test
