// Who is given work: those whose roles permit to read tickets and to answer them, wherever a ticket could come from;
// and what becomes of the work of somebody whose roles permit it no more.
#include "support/contact_center.hpp"

#include <switchboard/model/role.hpp>
#include <switchboard/util/time.hpp>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <thread>

namespace switchboard::test {
namespace {

using nlohmann::json;
using testing::Contains;

constexpr auto not_for_you = "your roles do not permit that you are given tickets";

class given_work : public testing::Test {
protected:
    given_work() : queue{center.queue("Support", {{"ring_s", 300}, {"affinity_hold_s", 300}})} {
        center.gateway("mail", "email", queue);
        center.gateway("site", "chat", queue);
    }

    /// A role of one's own that permits what Agent does, but for these.
    json like_agent(const std::string& name, const std::vector<std::string>& without = {}) {
        const auto made = center.admin.post("/api/v1/roles", {{"name", name}, {"grants", grants_without(without)}});
        EXPECT_EQ(made.status, 201) << made.body;
        return made.json()["id"];
    }
    json grants_without(const std::vector<std::string>& permissions) {
        auto out = json::array();
        for (const auto& one : center.admin.get("/api/v1/roles/2").json()["grants"])
            if (std::ranges::find(permissions, one["permission"].get<std::string>()) == permissions.end())
                out.push_back(one);
        return out;
    }
    int permits(const json& role, const json& grants) {
        return center.admin.patch("/api/v1/roles/" + role.dump(), {{"grants", grants}}).status;
    }
    int has_roles(const seat& who, const json& roles) {
        return center.admin.patch("/api/v1/users/" + std::to_string(who.id), {{"roles", roles}}).status;
    }
    seat agent_of(const std::string& login, const json& role) {
        auto out = center.agent(login, {queue});
        EXPECT_EQ(has_roles(out, json::array({role})), 200);
        return out;
    }
    json returned(seat& watcher, std::int64_t ticket) {
        return watcher.live
            .until([&](const json& f) {
                return f["type"] == "ticket.changed" && f["data"]["change"] == "returned" &&
                       f["data"]["ticket"]["id"] == ticket;
            })
            .at("data");
    }
    std::string in_hands_of(const seat& who) {
        return center.sql(
            fmt::format("SELECT count(*) FROM offer WHERE agent_id = {} AND state IN ('offered', 'active', "
                        "'parked')",
                        who.id));
    }
    std::string used_by(const seat& who) {
        return center.sql(fmt::format("SELECT sum(used) FROM agent_load WHERE agent_id = {}", who.id));
    }
    std::string presence_of(const seat& who) {
        return center.sql(fmt::format("SELECT state FROM presence WHERE agent_id = {}", who.id));
    }

    contact_center center;
    std::int64_t queue;
};

} // namespace

TEST_F(given_work, comes_to_exactly_those_of_the_shipped_roles_that_answer_tickets) {
    auto sam = center.sign_in("supervisor");
    int offered = 0, passed_over = 0;
    for (const auto& role : center.admin.get("/api/v1/roles").json()["items"]) {
        grant_list list;
        for (const auto& one : role["grants"])
            list.push_back({named_value<permission>(one["permission"].get<std::string>()).value(),
                            named_value<reach>(one["reach"].get<std::string>()).value()});
        const std::string name = role["name"];
        const auto own = center.queue("Of " + name);
        const auto mailbox = "mail-of-" + role["id"].dump();
        center.gateway(mailbox, "email", own);
        auto who = center.agent("who-is-" + role["id"].dump(), {own});
        ASSERT_EQ(has_roles(who, json::array({role["id"]})), 200);
        const bool takes = takes_work(grants_of(list));
        EXPECT_EQ(who.http.get("/api/v1/session").json()["takes_work"], takes) << name;
        const auto ready = who.http.put("/api/v1/me/presence", {{"state", "ready"}});
        EXPECT_EQ(ready.status, takes ? 200 : 403) << name << ready.body;
        if (takes) {
            const auto mail = center.mail(mailbox);
            EXPECT_EQ(who.take()["id"], mail) << name;
            ++offered;
            continue;
        }
        EXPECT_EQ(ready.json()["detail"], not_for_you);
        // Whatever stands in the rows: routing reads them when the queue is changed.
        center.sql(fmt::format("UPDATE presence SET state = 'ready', channels = '{{email}}', absent_since = NULL "
                               "WHERE agent_id = {}",
                               who.id));
        ASSERT_EQ(center.admin.patch("/api/v1/queues/" + std::to_string(own), {{"ring_s", 299}}).status, 200);
        const auto mail = center.mail(mailbox);
        json story;
        eventually(
            [&] {
                story = center.admin.get(fmt::format("/api/v1/tickets/{}/routing", mail)).json()["waiting"];
                return story["source"] == "live" && !story["excluded"].empty();
            },
            "routing says why it waits");
        EXPECT_EQ(story["excluded"], json::array({{{"reason", "role"}, {"agents", 1}, {"which", json::array()}}}))
            << name;
        EXPECT_TRUE(story["could_take"].empty());
        const auto given = sam.act(mail, "assign", {{"agent_id", who.id}, {"reason", "knows it"}});
        EXPECT_EQ(given.status, 409) << name;
        EXPECT_EQ(given.json()["detail"], fmt::format("role: no role of who-is-{} permits to read and answer tickets; "
                                                      "nobody can be assigned past that",
                                                      role["id"].dump()));
        for (const auto& one : sam.http.get(fmt::format("/api/v1/tickets/{}/agents", mail)).json()["items"])
            if (one["agent"]["id"] == who.id) {
                EXPECT_EQ(one["allowed"], false);
                EXPECT_THAT(one["words"], Contains("may not take tickets (role)"));
                ++passed_over;
            }
        EXPECT_EQ(in_hands_of(who), "0");
    }
    EXPECT_EQ(offered, 5);
    EXPECT_EQ(passed_over, 2) << "Quality and Auditor";
}

TEST_F(given_work, is_not_taken_by_who_may_take_what_waits_and_not_answer_it) {
    auto grace = agent_of("grace", like_agent("Silent", {"ticket.reply"}));
    const auto taken = grace.act(center.mail("mail"), "claim");
    EXPECT_EQ(taken.status, 409);
    EXPECT_EQ(taken.json()["detail"], not_for_you);
}

TEST_F(given_work, that_rings_rings_at_a_colleague_when_the_role_may_no_more) {
    const auto role = like_agent("Newcomer");
    auto grace = agent_of("grace", role), edsger = center.agent("edsger", {queue});
    grace.ready();
    const auto mail = center.mail("mail");
    const auto offer = grace.offered();
    edsger.ready();
    ASSERT_EQ(permits(role, grants_without({"ticket.reply"})), 200);
    EXPECT_EQ(grace.live.until("presence.changed")["data"]["presence"]["state"], "offline");
    EXPECT_EQ(edsger.offered()["ticket"]["id"], mail);
    EXPECT_THAT((std::vector{403, 409}), Contains(grace.accept(offer).status));
    EXPECT_EQ(grace.http.put("/api/v1/me/presence", {{"state", "ready"}}).status, 403);
    ASSERT_EQ(permits(role, grants_without({})), 200);
    grace.ready();
    const auto second = center.mail("mail", "bob@example.com");
    EXPECT_EQ(grace.offered()["ticket"]["id"], second) << "his role may again";
}

TEST_F(given_work, comes_back_when_its_agent_has_another_role) {
    auto grace = center.agent("grace", {queue}), edsger = center.agent("edsger", {queue});
    grace.ready();
    const auto mail = center.mail("mail"), chat = center.chat("site", "visitor-1");
    std::set<std::int64_t> taken{grace.take()["id"].get<std::int64_t>(), grace.take()["id"].get<std::int64_t>()};
    EXPECT_EQ(taken, (std::set{mail, chat}));
    edsger.ready();
    ASSERT_EQ(has_roles(grace, having(shipped_role::auditor)), 200);
    for (const auto ticket : {mail, chat}) {
        const auto told = returned(edsger, ticket);
        EXPECT_EQ(told["cause"], "its agent may not take tickets any more");
        EXPECT_EQ(told["released"], grace.id);
    }
    std::set<std::int64_t> again{edsger.take()["id"].get<std::int64_t>(), edsger.take()["id"].get<std::int64_t>()};
    EXPECT_EQ(again, (std::set{mail, chat})) << "nobody waits for who had them";
    EXPECT_EQ(used_by(grace), "0");
    EXPECT_EQ(presence_of(grace), "offline");
}

TEST_F(given_work, that_was_put_aside_comes_back_too) {
    auto grace = center.agent("grace", {queue}), edsger = center.agent("edsger", {queue});
    grace.ready();
    const auto mail = center.mail("mail");
    grace.take();
    grace.presence({{"state", "offline"}});
    eventually([&] { return edsger.ticket(mail)["state"] == "parked"; }, "it waits for her");
    ASSERT_EQ(has_roles(grace, having(shipped_role::quality)), 200);
    EXPECT_EQ(returned(edsger, mail)["cause"], "its agent may not take tickets any more");
}

TEST_F(given_work, stays_with_who_may_still_answer_it) {
    const auto role = like_agent("Newcomer");
    auto grace = agent_of("grace", role);
    grace.ready();
    const auto mail = center.mail("mail");
    grace.take();
    ASSERT_EQ(permits(role, grants_without({"ticket.solve", "ticket.claim"})), 200);
    const auto second = center.mail("mail", "bob@example.com");
    EXPECT_EQ(grace.offered()["ticket"]["id"], second) << "ready as before";
    EXPECT_EQ(grace.ticket(mail)["owner"]["id"], grace.id);
    EXPECT_EQ(grace.act(mail, "replies", {{"text", "We look into it."}}).status, 201);
}

TEST_F(given_work, on_hold_rests_without_an_agent_until_its_time) {
    auto grace = center.agent("grace", {queue}), edsger = center.agent("edsger", {queue});
    grace.ready();
    const auto mail = center.mail("mail");
    grace.take();
    const auto until = to_rfc3339(now() + std::chrono::hours{1});
    ASSERT_EQ(grace.act(mail, "hold", {{"until", until}}).status, 200);
    const auto held_until = edsger.ticket(mail)["held_until"];
    ASSERT_EQ(has_roles(grace, having(shipped_role::auditor)), 200);
    const auto told = returned(edsger, mail);
    EXPECT_EQ(told["cause"], "its agent may not take tickets any more");
    EXPECT_EQ(told["ticket"]["owner"], nullptr);
    const auto rests = edsger.ticket(mail);
    EXPECT_EQ(rests["state"], "held");
    EXPECT_EQ(rests["held_until"], held_until);
    EXPECT_EQ(rests["owner"], nullptr);
    edsger.ready();
    center.sql("UPDATE ticket SET held_until = now()");
    EXPECT_EQ(edsger.offered()["ticket"]["id"], mail);
}

TEST_F(given_work, on_hold_waits_in_the_queue_when_its_time_has_come) {
    auto grace = center.agent("grace", {queue}), edsger = center.agent("edsger", {queue});
    grace.ready();
    const auto mail = center.mail("mail");
    grace.take();
    ASSERT_EQ(grace.act(mail, "hold", {{"until", "2100-01-01T00:00:00Z"}}).status, 422) << "a year at most";
    ASSERT_EQ(grace.act(mail, "hold", {{"until", to_rfc3339(now() + std::chrono::hours{1})}}).status, 200);
    ASSERT_EQ(has_roles(grace, having(shipped_role::auditor)), 200);
    edsger.ready();
    center.sql("UPDATE ticket SET held_until = now()");
    EXPECT_EQ(edsger.offered()["ticket"]["id"], mail);
}

TEST_F(given_work, is_not_kept_for_who_had_it_and_may_not_any_more) {
    auto grace = center.agent("grace", {queue}), edsger = center.agent("edsger", {queue});
    grace.ready();
    const auto mail = center.mail("mail");
    grace.take();
    ASSERT_EQ(grace.act(mail, "solve", {{"disposition", "resolved"}}).status, 200);
    ASSERT_EQ(has_roles(grace, having(shipped_role::quality)), 200);
    edsger.ready();
    EXPECT_EQ(center.mail("mail", "ada@example.com", fmt::format("Re: Help [#{}]", mail),
                          {{"In-Reply-To", "<in-1@example.com>"}}),
              mail);
    EXPECT_EQ(edsger.offered()["ticket"]["id"], mail);
}

TEST_F(given_work, is_nobodys_who_accepts_it_while_the_role_is_taken_from_him) {
    const auto role = like_agent("Newcomer");
    auto grace = agent_of("grace", role);
    for (int round = 0; round < 8; ++round) {
        grace.ready();
        const auto mail = center.mail("mail", fmt::format("ada{}@example.com", round));
        const auto offer = grace.offered();
        int accepted = 0, changed = 0;
        {
            const std::jthread one{[&] { accepted = grace.accept(offer).status; }};
            const std::jthread other{[&] { changed = permits(role, grants_without({"ticket.read"})); }};
        }
        EXPECT_EQ(changed, 200);
        EXPECT_THAT((std::vector{200, 403, 409}), Contains(accepted));
        eventually([&] { return in_hands_of(grace) == "0"; }, "nothing is in her hands");
        EXPECT_EQ(center.sql(fmt::format("SELECT state || coalesce(owner_id, 0) FROM ticket WHERE id = {}", mail)),
                  "waiting0")
            << accepted;
        EXPECT_EQ(presence_of(grace), "offline");
        EXPECT_EQ(used_by(grace), "0");
        center.sql(fmt::format("UPDATE ticket SET state = 'solved', solved_at = now() WHERE id = {}", mail));
        ASSERT_EQ(permits(role, grants_without({})), 200);
    }
}

TEST_F(given_work, is_nobodys_from_whom_two_take_the_last_of_his_roles_at_once) {
    const auto first = like_agent("First"), second = like_agent("Second");
    auto grace = center.agent("grace", {queue});
    for (int round = 0; round < 8; ++round) {
        ASSERT_EQ(has_roles(grace, json::array({first, second})), 200);
        grace.ready();
        {
            const std::jthread one{[&] { has_roles(grace, json::array({first})); }};
            const std::jthread other{[&] { permits(first, grants_without({"ticket.reply"})); }};
        }
        EXPECT_EQ(presence_of(grace), "offline");
        ASSERT_EQ(permits(first, grants_without({})), 200);
    }
}

} // namespace switchboard::test
