#include "support/contact_center.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class reasons : public testing::Test {
protected:
    contact_center center{[](config& c) { c.routing_lease = 1; }};

    json explanation(const client& who, std::int64_t ticket) const {
        const auto answer = who.get("/api/v1/tickets/" + std::to_string(ticket) + "/routing");
        EXPECT_EQ(answer.status, 200) << answer.body;
        return answer.json();
    }
    static std::string all_words(const json& explanation) {
        std::string out;
        for (const auto& line : explanation["words"]) out += line.get<std::string>() + "\n";
        return out;
    }
    /// All agents whom the reasons count.
    static std::int64_t counted(const json& waiting) {
        std::int64_t out = 0;
        for (const auto& group : waiting["excluded"]) out += group["agents"].get<std::int64_t>();
        return out;
    }
    http_answer change(std::int64_t queue, const json& terms) const {
        return center.admin.patch("/api/v1/queues/" + std::to_string(queue), terms);
    }
};

TEST_F(reasons, say_between_whom_a_ticket_was_decided) {
    const auto queue = center.queue("Support");
    center.gateway("pbx", "phone", queue);
    auto ana = center.agent("ana", {queue});
    auto ben = center.agent("ben", {queue});
    ana.ready();
    ben.ready();
    const auto call = center.call("pbx");
    ASSERT_EQ(ana.take()["id"], call);

    const auto why = explanation(ana.http, call);
    ASSERT_EQ(why["decisions"].size(), 1);
    const auto& d = why["decisions"][0];
    EXPECT_EQ(d["kind"], "offered");
    EXPECT_EQ(d["agent"]["id"], ana.id);
    EXPECT_EQ(d["facts"]["policy"], "longest_idle");
    EXPECT_EQ(d["facts"]["free"], 2);
    EXPECT_THAT(d["words"].get<std::string>(), HasSubstr("and 1 more could take it"));
    EXPECT_THAT(d["words"].get<std::string>(), HasSubstr("was idle longer"));
    EXPECT_TRUE(why["waiting"].is_null());
}

TEST_F(reasons, say_what_a_ticket_waits_for_on_the_leader_and_on_another_node) {
    const auto spanish = center.skill("Spanish");
    const auto queue = center.queue("Ventas", {{"skills", {{{"skill_id", spanish}, {"min", 5}}}}});
    center.gateway("mail", "email", queue);
    const auto one = json::array({{{"channel", "email"}, {"capacity", 1}, {"weight", 10}}});
    auto fluent =
        center.agent("fluent", {queue}, {{"skills", {{{"skill_id", spanish}, {"level", 8}}}}, {"channels", one}});
    auto beginner = center.agent("beginner", {queue}, {{"skills", {{{"skill_id", spanish}, {"level", 2}}}}});
    fluent.ready();
    beginner.ready();
    const auto first = center.mail("mail");
    ASSERT_EQ(fluent.take()["id"], first);
    const auto waits = center.mail("mail", "bob@example.com");
    running_server heir{[](config& c) { c.routing_lease = 1; }, center.server};
    eventually(
        [&] {
            return center.admin.get("/api/v1/tickets/" + std::to_string(waits) + "/routing")
                .json()["waiting"]
                .is_object();
        },
        "the leader knows of it");

    const auto ask = [&](const running_server& node) {
        const auto who = node.person("admin");
        return explanation(who, waits);
    };
    const auto leaders = ask(center.server), heirs = ask(heir);
    EXPECT_EQ(leaders["waiting"]["source"], "live");
    EXPECT_EQ(heirs["waiting"]["source"], "database");
    for (const auto& told : {leaders, heirs}) {
        const auto& w = told["waiting"];
        ASSERT_EQ(w["could_take"].size(), 1) << w;
        EXPECT_EQ(w["could_take"][0]["id"], fluent.id) << "when there is room again";
        ASSERT_EQ(w["almost"].size(), 1) << w;
        EXPECT_EQ(w["almost"][0]["agent"]["id"], beginner.id);
        EXPECT_EQ(w["almost"][0]["missing"], json::array({"skill"}));
        EXPECT_EQ(w["almost"][0]["lacks"], json::array({"lacks Spanish 5: has 2"}));
        EXPECT_EQ(w["could_take"][0]["in_hand"], json::array({{{"channel", "email"}, {"items", 1}, {"capacity", 1}}}));
        EXPECT_THAT(all_words(told), HasSubstr("beginner almost could, but lacks Spanish 5: has 2."));
        EXPECT_THAT(all_words(told), HasSubstr("fluent (1 of 1 e-mail) could take it"));
        EXPECT_EQ(counted(w), w["members"]) << w;
        EXPECT_EQ(w["members"], 2);
    }
    auto stranger = center.agent("stranger", {});
    EXPECT_EQ(stranger.http.get("/api/v1/tickets/" + std::to_string(waits) + "/routing").status, 404);
}

TEST_F(reasons, count_each_member_once_under_the_first_rule_and_say_which_term_it_is) {
    const auto spanish = center.skill("Spanish"), french = center.skill("French");
    const auto law = center.licence("Insurance");
    const json asked{{"skills", {{{"skill_id", spanish}, {"min", 5}}, {{"skill_id", french}, {"min", 2}}}},
                     {"licences", {{{"licence_id", law}, {"jurisdiction", "DE"}}}}};
    const auto queue = center.queue("Ventas", asked);
    const json step{{"after_s", 3600}, {"changes", {{{"what", "drop_skill"}, {"skill_id", spanish}}}}};
    ASSERT_EQ(change(queue, {{"steps", {step}}}).status, 200);
    center.gateway("mail", "email", queue);
    const auto knows = [&](int es, int fr) {
        return json{{"skills", {{{"skill_id", spanish}, {"level", es}}, {{"skill_id", french}, {"level", fr}}}}};
    };
    for (const auto& [name, set] :
         {std::pair{"one", knows(1, 9)}, {"two", knows(2, 1)}, {"three", knows(9, 1)}, {"four", knows(9, 9)}})
        center.agent(name, {queue}, set).ready();
    center.agent("away", {queue}, knows(9, 9));
    center.agent("stranger", {}, knows(9, 9)).ready();
    const auto ticket = center.mail("mail");
    json w;
    eventually(
        [&] {
            w = explanation(center.admin, ticket)["waiting"];
            return w.is_object() && w["members"] == 5;
        },
        "everybody is known");
    EXPECT_EQ(counted(w), 5) << w;
    const auto group = [&](const std::string& reason) {
        for (const auto& g : w["excluded"])
            if (g["reason"] == reason) return g;
        return json{};
    };
    EXPECT_EQ(group("skill")["agents"], 3);
    EXPECT_EQ(group("skill")["which"],
              json::array({{{"name", "Spanish 5"}, {"agents", 2}}, {{"name", "French 2"}, {"agents", 1}}}))
        << "who lacks both counts under the first";
    EXPECT_EQ(group("licence")["which"], json::array({{{"name", "Insurance (DE)"}, {"agents", 2}}}));
    EXPECT_EQ(w["next_step_does"], "drops 'Spanish'");
    EXPECT_FALSE(w["next_step"].is_null());
}

TEST_F(reasons, say_which_step_dropped_what) {
    const auto french = center.skill("French");
    const auto queue = center.queue("Support", {{"skills", {{{"skill_id", french}, {"min", 1}}}}});
    const json step{{"after_s", 1}, {"changes", {{{"what", "drop_skill"}, {"skill_id", french}}}}};
    ASSERT_EQ(change(queue, {{"steps", {step}}}).status, 200);
    center.gateway("mail", "email", queue);
    auto ana = center.agent("ana", {queue});
    ana.ready();
    const auto ticket = center.mail("mail");
    EXPECT_EQ(ana.offered()["ticket"]["id"], ticket) << "without French, a second later";
    const auto words = all_words(explanation(ana.http, ticket));
    EXPECT_THAT(words, HasSubstr("Step 1"));
    EXPECT_THAT(words, HasSubstr("drops 'French'"));
    EXPECT_THAT(words, HasSubstr("1 step taken"));
    EXPECT_EQ(center.sql("SELECT routing_step FROM ticket"), "1");
}

TEST_F(reasons, come_from_the_queue_that_a_ticket_overflows_to) {
    const auto other = center.queue("Other");
    const auto queue = center.queue("Small", {{"max_waiting", 1}, {"overflow_queue_id", other}});
    center.gateway("mail", "email", queue);
    center.mail("mail");
    const auto second = center.mail("mail", "bob@example.com");
    eventually(
        [&] { return center.number("SELECT queue_id FROM ticket WHERE id = " + std::to_string(second)) == other; },
        "the second overflows");
    EXPECT_THAT(all_words(explanation(center.admin, second)), HasSubstr("Moved to 'Other': the queue was full."));
    auto helper = center.agent("helper", {other});
    helper.ready();
    EXPECT_EQ(helper.offered()["ticket"]["id"], second);
}

class by_hand : public reasons {};

TEST_F(by_hand, all_that_was_passed_over_is_written_down) {
    const auto queue = center.queue("Ventas", {{"skills",
                                                {{{"skill_id", center.skill("Spanish")}, {"min", 5}},
                                                 {{"skill_id", center.skill("Law")}, {"min", 1}}}}});
    center.gateway("mail", "email", queue);
    auto ana = center.agent("ana", {});
    const auto ticket = center.mail("mail");
    ASSERT_EQ(center.sign_in("supervisor").act(ticket, "assign", {{"agent_id", ana.id}, {"reason", "r"}}).status, 200);
    EXPECT_EQ(ana.live.until("offer.accepted")["data"]["past_skill"],
              "not a member of the queue, skill Law, skill Spanish");
}

TEST_F(by_hand, a_supervisor_passes_skill_and_capacity_and_it_is_written_down) {
    const auto spanish = center.skill("Spanish");
    const auto queue = center.queue("Ventas", {{"skills", {{{"skill_id", spanish}, {"min", 5}}}}});
    center.gateway("mail", "email", queue);
    const auto one = json::array({{{"channel", "email"}, {"capacity", 1}, {"weight", 10}}});
    auto ana = center.agent("ana", {queue}, {{"channels", one}});
    auto sam = center.sign_in("supervisor");
    const auto first = center.mail("mail"), second = center.mail("mail", "bob@example.com");
    for (const auto t : {first, second}) {
        const auto done = sam.act(t, "assign", {{"agent_id", ana.id}, {"reason", "knows the customer"}});
        ASSERT_EQ(done.status, 200) << done.body;
        EXPECT_EQ(done.json()["owner"]["id"], ana.id);
    }
    const auto told = ana.live.until("offer.accepted")["data"];
    EXPECT_EQ(told["past_skill"], "skill Spanish");
    EXPECT_EQ(told["past_capacity"], false);
    EXPECT_EQ(ana.live.until("offer.accepted")["data"]["past_capacity"], true);
    EXPECT_THAT(
        all_words(explanation(sam.http, second)),
        HasSubstr("knows the customer. ana is not what the queue asks for (skill Spanish). ana had no room for it."));
    EXPECT_EQ(
        center.sql("SELECT used || ' of ' || capacity || ' and ' || extra FROM agent_load WHERE channel = 'email' AND "
                   "agent_id = " +
                   std::to_string(ana.id)),
        "2 of 1 and 1");
    EXPECT_EQ(ana.act(first, "assign", {{"agent_id", ana.id}, {"reason", "x"}}).status, 403);
    EXPECT_EQ(sam.act(first, "assign", {{"agent_id", 999'999}, {"reason", "x"}}).status, 422);
    EXPECT_EQ(ana.act(first, "solve", {{"disposition", "resolved"}}).status, 200);
    EXPECT_EQ(center.sql("SELECT used || ' ' || extra FROM agent_load WHERE channel = 'email' AND agent_id = " +
                         std::to_string(ana.id)),
              "1 0")
        << "what was allowed beyond goes first";
}

TEST_F(by_hand, a_supervisor_is_told_of_everybody_what_speaks_against_him) {
    const auto spanish = center.skill("Spanish");
    const auto law = center.licence("Insurance");
    const auto queue = center.queue("Claims", {{"skills", {{{"skill_id", spanish}, {"min", 3}}}},
                                               {"licences", {{{"licence_id", law}, {"jurisdiction", "DE"}}}}});
    center.gateway("mail", "email", queue);
    const json licensed = {{{"licence_id", law},
                            {"jurisdictions", {"DE"}},
                            {"valid_from", "2020-01-01T00:00:00Z"},
                            {"valid_until", "2100-01-01T00:00:00Z"},
                            {"state", "active"}}};
    const auto profile = [&](int level, bool may) {
        json out{{"skills", {{{"skill_id", spanish}, {"level", level}}}},
                 {"channels", {{{"channel", "email"}, {"capacity", 1}, {"weight", 10}}}}};
        if (may) out["licences"] = licensed;
        return out;
    };
    auto fits = center.agent("fits", {queue}, profile(3, true));
    auto learns = center.agent("learns", {queue}, profile(1, true));
    auto barred = center.agent("barred", {queue}, profile(9, false));
    auto elsewhere = center.agent("elsewhere", {}, profile(9, true));
    fits.ready();
    const auto first = center.mail("mail");
    ASSERT_EQ(fits.take()["id"], first);
    auto sam = center.sign_in("supervisor");
    const auto of = [&](std::int64_t ticket, const seat& who) {
        const auto answer = sam.http.get("/api/v1/tickets/" + std::to_string(ticket) + "/agents");
        EXPECT_EQ(answer.status, 200) << answer.body;
        for (const auto& one : answer.json()["items"])
            if (one["agent"]["id"] == who.id) return one;
        return json{};
    };
    for (const auto ticket : {center.mail("mail", "bob@example.com"), first}) { // one that waits, one in hand
        EXPECT_EQ(of(ticket, barred)["allowed"], false);
        EXPECT_THAT(of(ticket, barred)["words"].dump(), HasSubstr("lacks the licence Insurance (DE)"));
        EXPECT_EQ(of(ticket, learns)["allowed"], true);
        EXPECT_THAT(of(ticket, learns)["words"].dump(), HasSubstr("lacks Spanish 3: has 1"));
        EXPECT_THAT(of(ticket, elsewhere)["words"].dump(), HasSubstr("not in the queue"));
    }
    const auto full = of(center.mail("mail", "carl@example.com"), fits);
    EXPECT_EQ(full["reasons"], json::array({"busy"}));
    EXPECT_EQ(full["words"], json::array({"no room beside 1 of 1 e-mail"}));
    EXPECT_TRUE(of(first, fits)["reasons"].empty()) << "what he has of it himself does not count";
    EXPECT_EQ(fits.http.get("/api/v1/tickets/" + std::to_string(first) + "/agents").status, 403);
    EXPECT_EQ(sam.http.get("/api/v1/tickets/999/agents").status, 404);
}

TEST_F(by_hand, nobody_passes_a_licence) {
    const auto law = center.licence("Insurance");
    const auto queue = center.queue("Claims", {{"licences", {{{"licence_id", law}, {"jurisdiction", "DE"}}}}});
    center.gateway("mail", "email", queue);
    auto ana = center.agent("ana", {queue});
    auto sam = center.sign_in("supervisor");
    const auto ticket = center.mail("mail");
    const auto refused = sam.act(ticket, "assign", {{"agent_id", ana.id}, {"reason", "please"}});
    EXPECT_EQ(refused.status, 409);
    EXPECT_THAT(refused.json()["detail"].get<std::string>(), HasSubstr("Insurance (DE)"));
    const auto claimed = ana.act(ticket, "claim");
    EXPECT_EQ(claimed.status, 409);
    EXPECT_THAT(claimed.json()["detail"].get<std::string>(), HasSubstr("Insurance (DE)"));
    EXPECT_EQ(center.sql("SELECT state FROM ticket"), "waiting");
}

TEST(licences, must_last_as_long_as_the_settings_ask) {
    contact_center center{[](config& c) { c.routing_min_licence_validity = 7200; }};
    const auto law = center.licence("Insurance");
    const auto queue = center.queue("Claims", {{"licences", {{{"licence_id", law}, {"jurisdiction", "DE"}}}}});
    center.gateway("mail", "email", queue);
    auto ana = center.agent("ana", {queue},
                            {{"licences",
                              {{{"licence_id", law},
                                {"jurisdictions", {"DE"}},
                                {"valid_from", "2020-01-01T00:00:00Z"},
                                {"valid_until", "2100-01-01T00:00:00Z"},
                                {"state", "active"}}}}});
    const auto ends_in = [&](const std::string& interval) {
        center.sql("UPDATE agent_licence SET valid_until = now() + interval '" + interval + "'");
    };
    auto sam = center.sign_in("supervisor");
    ana.ready();
    const auto ticket = center.mail("mail");
    const auto offer = ana.offered();
    ends_in("1 hour"); // less than asked, but not over
    EXPECT_EQ(ana.accept(offer).status, 409);
    EXPECT_EQ(ana.decline(offer).status, 200);
    EXPECT_EQ(sam.act(ticket, "assign", {{"agent_id", ana.id}, {"reason", "please"}}).status, 409);
    ends_in("3 hours");
    EXPECT_EQ(sam.act(ticket, "assign", {{"agent_id", ana.id}, {"reason", "please"}}).status, 200);
}

TEST_F(by_hand, nobody_takes_what_does_not_go_beside_what_he_has) {
    const auto queue = center.queue("Support", {{"interruptible", false}});
    const auto quiet = center.queue("Mail");
    center.gateway("mail", "email", queue);
    center.gateway("slow", "email", quiet);
    center.gateway("web", "chat", queue);
    auto ana = center.agent("ana", {queue, quiet});
    const auto mail = center.mail("mail"), slow = center.mail("slow", "bob@example.com");
    const auto chat = center.chat("web", "s1");
    ASSERT_EQ(ana.act(mail, "claim").status, 200);
    const auto refused = ana.act(chat, "claim");
    EXPECT_EQ(refused.status, 409) << "somebody is on the line";
    EXPECT_THAT(refused.json()["detail"].get<std::string>(), HasSubstr("beside the email"));
    ASSERT_EQ(ana.act(mail, "solve", {{"disposition", "resolved"}}).status, 200);
    ASSERT_EQ(ana.act(slow, "claim").status, 200);
    ASSERT_EQ(ana.act(chat, "claim").status, 200) << "this mail may be put aside";
    eventually(
        [&] {
            return center.sql("SELECT state FROM offer WHERE ticket_id = " + std::to_string(slow) +
                              " ORDER BY id DESC LIMIT 1") == "parked";
        },
        "the mail is parked");
    EXPECT_EQ(ana.act(center.mail("mail", "carl@example.com"), "claim").status, 409) << "a chat is in hand";
}

TEST_F(by_hand, the_engine_learns_what_was_given_and_taken) {
    const auto queue = center.queue("Support");
    center.gateway("mail", "email", queue);
    const auto one = json::array({{{"channel", "email"}, {"capacity", 1}, {"weight", 10}}});
    auto ana = center.agent("ana", {queue}, {{"channels", one}});
    auto ben = center.agent("ben", {queue}, {{"channels", one}});
    const auto first = center.mail("mail"), second = center.mail("mail", "bob@example.com");
    ASSERT_EQ(ben.act(second, "claim").status, 200) << "before its turn: the agent chose";
    EXPECT_EQ(ben.act(first, "claim").status, 409) << "no room";
    ben.ready();
    ana.ready();
    const auto offer = ana.offered();
    EXPECT_EQ(offer["ticket"]["id"], first) << "ben's hands are full";
    auto sam = center.sign_in("supervisor");
    ASSERT_EQ(sam.act(first, "assign", {{"agent_id", ben.id}, {"reason", "ana is away"}}).status, 200);
    EXPECT_EQ(ana.accept(offer).status, 409);
    const auto third = center.mail("mail", "carl@example.com");
    EXPECT_EQ(ana.offered()["ticket"]["id"], third) << "she is free again";
    EXPECT_EQ(center.number("SELECT count(*) FROM offer WHERE state IN ('offered', 'active')"), 3);
}

class configuration : public reasons {};

TEST_F(configuration, is_judged_as_a_whole_and_names_the_field) {
    const auto queue = center.queue("Support");
    const auto refused = [&](const json& terms, const char* field) {
        const auto answer = change(queue, terms);
        EXPECT_EQ(answer.status, 422) << terms;
        EXPECT_THAT(answer.json()["errors"][0]["field"].get<std::string>(), HasSubstr(field)) << answer.body;
    };
    const auto step = [](int after, const json& what) { return json{{"after_s", after}, {"changes", {what}}}; };
    const json raise{{"what", "raise_priority"}, {"value", 2}};
    refused({{"steps", {step(60, raise), step(30, raise)}}}, "steps");
    refused({{"steps", {step(60, {{"what", "drop_skill"}, {"skill_id", 999}})}}}, "steps");
    refused({{"steps", {step(60, {{"what", "drop_licence"}})}}}, "steps");
    refused({{"order_mode", "by_mood"}}, "order_mode");
    refused({{"overflow_queue_id", 999}}, "overflow_queue_id");
    refused({{"overflow_queue_id", queue}}, "overflow_queue_id");
    const auto before = center.sql("SELECT to_json(q) FROM queue q");
    refused({{"name", "New"}, {"steps", {step(60, raise), step(30, raise)}}}, "steps");
    EXPECT_EQ(center.sql("SELECT to_json(q) FROM queue q"), before) << "nothing was changed";

    const json whole{{"order_mode", "edf"},       {"agent_policy", "best_skill"}, {"max_waiting", 50},
                     {"closed_action", "wait"},   {"affinity_hold_s", 30},        {"interruptible", true},
                     {"steps", {step(30, raise)}}};
    const auto taken = change(queue, whole);
    ASSERT_EQ(taken.status, 200) << taken.body;
    for (const auto& [key, value] : whole.items())
        if (key != "steps") EXPECT_EQ(taken.json()[key], value) << key;
    EXPECT_EQ(taken.json()["steps"][0]["changes"][0]["value"], 2);
}

TEST_F(configuration, can_be_tried_before_it_strands_anybody) {
    const auto spanish = center.skill("Spanish");
    const auto queue = center.queue("Ventas", {{"skills", {{{"skill_id", spanish}, {"min", 5}}}}});
    center.gateway("mail", "email", queue);
    auto fluent = center.agent("fluent", {queue}, {{"skills", {{{"skill_id", spanish}, {"level", 8}}}}});
    auto other = center.agent("other", {queue});
    for (int i = 0; i < 3; ++i) center.mail("mail", "c" + std::to_string(i) + "@example.com");
    const auto check = [&](const json& terms) {
        const auto answer = center.admin.post("/api/v1/queues/" + std::to_string(queue) + "/check", terms);
        EXPECT_EQ(answer.status, 200) << answer.body;
        return answer.json();
    };
    EXPECT_EQ(check(json::object())["nobody"], 0) << "fluent can, whoever is signed in";
    const auto without = check({{"members", {other.id}}});
    EXPECT_EQ(without["waiting"], 3);
    EXPECT_EQ(without["nobody"], 3);
    EXPECT_THAT(without["words"][0].get<std::string>(),
                HasSubstr("3 of the 3 waiting tickets would have nobody eligible"));
    const json drop{{"after_s", 60}, {"changes", {{{"what", "drop_skill"}, {"skill_id", spanish}}}}};
    const auto later = check({{"members", {other.id}}, {"steps", {drop}}});
    EXPECT_EQ(later["nobody"], 3);
    EXPECT_EQ(later["nobody_after_steps"], 0);
    EXPECT_EQ(center.admin.get("/api/v1/queues/" + std::to_string(queue)).json()["steps"], json::array());
    EXPECT_EQ(center.number("SELECT count(*) FROM queue_member"), 2);
    EXPECT_EQ(center.admin.post("/api/v1/queues/999/check").status, 404);
}

} // namespace
} // namespace switchboard::test
