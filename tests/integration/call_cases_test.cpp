// Calls as users of other systems reported them: told in several ways and times, and given up.

#include "support/contact_center.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <sstream>

namespace switchboard::test {
namespace {

using nlohmann::json;

std::string read(const std::string& name) {
    std::ifstream in{"tests/data/call_cases/" + name, std::ios::binary};
    EXPECT_TRUE(in) << name;
    return {std::istreambuf_iterator<char>(in), {}};
}

class call_case : public testing::Test {
protected:
    std::int64_t gateway_of(const std::string& kind, const std::string& folder = "01-fs-legs-with-own-call-uuid") {
        return center.gateway("pbx", kind, queue, {{"settings", json::parse(read(folder + "/cfg.json"))}});
    }
    json post(const std::string& body, const std::string& type = "application/json") {
        const auto answer = center.intake.send("POST", "/api/v1/intake/pbx", body, {{"Content-Type", type}});
        EXPECT_LT(answer.status, 300) << answer.body;
        return answer.json();
    }
    json rings(const std::string& id, const std::string& from = "+12125550139", json more = json::object()) {
        more.update(json{{"call_id", id}, {"direction", "in"}, {"from", from}, {"to", "+12125550191"}});
        if (!more.contains("started_at")) more["started_at"] = "2026-11-20T14:03:00Z";
        return post(more.dump());
    }
    json tells(const std::string& event, const std::string& id, json more = json::object()) {
        more.update(json{{"event", event}, {"call_id", id}});
        return post(more.dump());
    }
    json contact(const json& receipt) const {
        return center.admin.get("/api/v1/contacts/" + std::to_string(receipt.at("contact_id").get<std::int64_t>()))
            .json();
    }
    std::int64_t count(const std::string& what) const { return center.number("SELECT count(*) FROM " + what); }
    /// The one call that there is.
    json the_call() const {
        EXPECT_EQ(count("ticket"), 1);
        EXPECT_EQ(count("contact"), 1);
        return contact({{"contact_id", center.number("SELECT min(id) FROM contact")}});
    }
    static json rescinded(seat& agent) {
        return agent.live
            .until([&](const json& f) { return f["type"] == "offer.rescinded" && f["data"]["agent_id"] == agent.id; })
            .at("data");
    }

    contact_center center;
    std::int64_t queue =
        center.queue("Support", {{"ring_s", 300}, {"cool_s", 0}, {"wrapup_s", 0}, {"sla_target_s", 600}});
};

TEST_F(call_case, case_01_two_legs_are_one_call) {
    gateway_of("freeswitch");
    const auto a = post(read("01-fs-legs-with-own-call-uuid/a-leg.json"));
    const auto b = post(read("01-fs-legs-with-own-call-uuid/b-leg.json"));
    EXPECT_EQ(a["ticket_id"], b["ticket_id"]);
    EXPECT_EQ(a["contact_id"], b["contact_id"]);
    EXPECT_EQ(the_call()["duration_s"], 90);
    EXPECT_EQ(the_call()["details"]["legs"].size(), 2u);
    EXPECT_EQ(post(read("01-fs-legs-with-own-call-uuid/b-leg.json"))["duplicate"], true);
}

TEST_F(call_case, case_04_a_call_that_rings_with_five_is_one_and_not_missed) {
    gateway_of("asterisk");
    const auto file = read("04-ast-ringall-five-rows/Master.csv");
    post(file, "text/csv");
    const auto call = the_call();
    EXPECT_TRUE(call["flags"].empty());
    EXPECT_EQ(call["duration_s"], 120);
    EXPECT_EQ(call["details"]["disposition"], "answered");
    EXPECT_EQ(call["details"]["agent"], "1004");
    EXPECT_EQ(count("callback"), 0);
    const auto again = post(file, "text/csv");
    for (const auto& item : again["items"]) EXPECT_EQ(item["duplicate"], true);
    EXPECT_EQ(the_call(), call);
}

TEST_F(call_case, case_05_row_by_row_and_without_ids_the_answer_is_not_lost) {
    gateway_of("asterisk");
    std::istringstream file{read("05-ast-ringall-without-uniqueid/Master.csv")};
    for (std::string row; std::getline(file, row);)
        if (!row.empty()) post(row, "text/csv");
    const auto call = the_call();
    EXPECT_TRUE(call["flags"].empty());
    EXPECT_EQ(call["duration_s"], 120);
    EXPECT_EQ(count("callback WHERE ended_at IS NULL"), 0) << "nobody need call back who was answered";
    EXPECT_EQ(count("contact_event WHERE type = 'report'"), 4) << "each row's own bytes are kept";
    EXPECT_EQ(count("contact_event WHERE raw = ''"), 0);
}

TEST_F(call_case, case_08_two_hidden_callers_are_two_tickets_and_nobodys) {
    gateway_of("phone");
    int calls = 0;
    for (const auto& spelling : json::parse(read("08-hidden-callers/numbers.json")))
        for (int i = 0; i < 2; ++i) rings("hidden-" + std::to_string(++calls), spelling);
    EXPECT_EQ(count("customer"), 0);
    EXPECT_EQ(count("ticket"), calls);
}

TEST_F(call_case, case_13_caller_hangs_up_while_ringing) {
    gateway_of("phone");
    auto grace = center.agent("grace", {queue});
    grace.ready();
    const auto call = rings("r-1");
    const auto offer = grace.offered();
    EXPECT_EQ(tells("hangup", "r-1", {{"cause", "ORIGINATOR_CANCEL"}})["ticket_id"], call["ticket_id"]);
    EXPECT_EQ(rescinded(grace)["reason"], "the caller hung up");
    EXPECT_EQ(grace.accept(offer).status, 409);
    EXPECT_THAT(contact(call)["flags"], testing::Contains("missed"));
    const auto again = grace.offered();
    EXPECT_EQ(again["ticket"]["id"], call["ticket_id"]);
    EXPECT_EQ(again["why"]["work"], "callback");
}

TEST_F(call_case, case_13_a_call_given_up_before_anybody_was_free_is_never_offered_as_one) {
    gateway_of("phone");
    rings("r-1");
    tells("hangup", "r-1");
    rings("r-2", "+12125550140", {{"ended_at", "2026-11-20T14:03:40Z"}}); // of which nothing was told before
    tells("hangup", "r-3");
    rings("r-3", "+12125550141"); // told the wrong way round
    rings("r-4", "anonymous");
    tells("hangup", "r-4");
    EXPECT_EQ(count("contact WHERE 'missed' = ANY(flags)"), 4);
    auto grace = center.agent(
        "grace", {queue},
        {{"channels", {{{"channel", "phone"}, {"capacity", 9}}, {{"channel", "email"}, {"capacity", 9}}}}});
    grace.ready();
    for (int i = 0; i < 4; ++i) { // one after the other
        const auto offer = grace.offered();
        EXPECT_THAT(offer["why"]["work"], testing::AnyOf("callback", "message"));
        EXPECT_EQ(grace.accept(offer).status, 200);
    }
}

TEST_F(call_case, case_13_a_call_that_another_telephone_took_leaves_the_agent) {
    gateway_of("phone");
    auto grace = center.agent("grace", {queue});
    grace.ready();
    const auto call = rings("r-1");
    grace.offered();
    tells("answered", "r-1", {{"agent", "somebody else"}});
    EXPECT_EQ(rescinded(grace)["reason"], "the call was answered elsewhere");
    const auto sla =
        center.admin.get("/api/v1/tickets/" + std::to_string(call["ticket_id"].get<std::int64_t>()) + "/sla");
    EXPECT_THAT(sla.body, testing::HasSubstr("the call was answered elsewhere")) << "and has kept its promise";
    tells("hangup", "r-1");
    EXPECT_TRUE(contact(call)["flags"].empty());
    EXPECT_EQ(count("callback"), 0);
}

TEST_F(call_case, case_13_who_hangs_up_takes_nobody_elses_call_out_of_the_queue) {
    gateway_of("phone");
    auto grace = center.agent("grace", {queue});
    const auto one = rings("r-1", "+12125550140");
    const auto two = rings("r-2", "+12125550140"); // the number of one office, or made up
    ASSERT_EQ(one["ticket_id"], two["ticket_id"]);
    tells("hangup", "r-1");
    rings("old", "+12125550140", {{"ended_at", "2026-11-20T14:03:40Z"}}); // a report that comes late
    EXPECT_EQ(count("callback"), 0);
    grace.ready();
    EXPECT_EQ(grace.offered()["why"]["work"], "contact") << "it is a call";
    tells("hangup", "r-2");
    EXPECT_EQ(rescinded(grace)["reason"], "the caller hung up");
}

TEST_F(call_case, case_13_the_agent_whom_the_switch_put_through_keeps_the_offer) {
    gateway_of("phone");
    auto grace = center.agent("grace", {queue});
    grace.ready();
    rings("r-1");
    const auto offer = grace.offered();
    tells("answered", "r-1", {{"agent", "grace"}});
    EXPECT_EQ(grace.accept(offer).status, 200);
    tells("hangup", "r-1");
    EXPECT_EQ(center.sql("SELECT state FROM ticket"), "active") << "there is something to write down";
}

TEST_F(call_case, case_14_a_call_told_again_when_it_is_over_loses_nothing) {
    gateway_of("phone");
    auto grace = center.agent("grace", {queue});
    const auto first = rings("r-1", "+12125550139", {{"started_at", "2026-11-20T14:03:10Z"}});
    const json over{{"started_at", "2026-11-20T14:03:10Z"},
                    {"answered_at", "2026-11-20T14:03:19Z"},
                    {"ended_at", "2026-11-20T14:07:42Z"},
                    {"recording_url", "https://pbx.example/r-1.wav"},
                    {"notes", "The hub is offline."}};
    const auto second = rings("r-1", "+12125550139", over);
    EXPECT_EQ(second["contact_id"], first["contact_id"]);
    EXPECT_EQ(second["ticket_id"], first["ticket_id"]);
    EXPECT_EQ(second["duplicate"], false);
    const auto call = the_call();
    EXPECT_EQ(call["duration_s"], 263);
    EXPECT_EQ(call["text"], "The hub is offline.");
    EXPECT_EQ(call["details"]["recording_url"], "https://pbx.example/r-1.wav");
    EXPECT_EQ(center.sql("SELECT position('hub is offline' in convert_from(raw, 'UTF8')) > 0 FROM contact_event"), "t");
    EXPECT_EQ(rings("r-1", "+12125550139", over)["duplicate"], true);
    const auto changed = grace.live.until("contact.changed")["data"];
    EXPECT_EQ(changed["contact_id"], first["contact_id"]);
    EXPECT_EQ(changed["contact"]["duration_s"], 263);
}

TEST_F(call_case, case_15_rows_that_were_not_understood_join_their_call_after_the_fix) {
    json settings{{"default_country", "US"}, {"timezone", "UTC"}};
    settings["columns"] = {"start", "src", "dst", "billsec", "disposition", "uniqueid"};
    const auto gateway = center.gateway("pbx", "asterisk", queue, {{"settings", settings}});
    post("2026-11-27 06:27:28,2125550149,1001,0,NO ANSWER,u-1\n"
         "2026-11-27 06:27:29,2125550149,1002,0,BUSY,u-1\n"
         "2026-11-27 06:27:30,2125550149,1003,61,ANSWERED,u-1,more\n"
         "2026-11-27 06:28:00,2125550150,1003,10,ANSWERED,u-2,more\n",
         "text/csv");
    EXPECT_EQ(count("contact WHERE outcome = 'quarantined'"), 2);
    EXPECT_EQ(count("contact WHERE 'missed' = ANY(flags)"), 1);

    settings["columns"].push_back("note_of_ours");
    const auto path = "/api/v1/gateways/" + std::to_string(gateway);
    ASSERT_EQ(center.admin.patch(path, {{"settings", settings}}).status, 200);
    const auto damaged = center.sql("SELECT min(id) FROM contact WHERE outcome = 'quarantined'");
    EXPECT_EQ(center.admin.post("/api/v1/contacts/" + damaged + "/replay").status, 200);
    EXPECT_EQ(count("contact WHERE outcome = 'quarantined'"), 0);
    EXPECT_EQ(count("contact WHERE outcome = 'ticketed'"), 2);
    EXPECT_EQ(center.sql("SELECT duration_s FROM contact WHERE external_id = 'u-1'"), "61");
    EXPECT_EQ(count("contact WHERE 'missed' = ANY(flags)"), 0);
    EXPECT_EQ(count("ticket"), 2);
}

TEST_F(call_case, a_consultation_that_is_told_first_leaves_the_ticket_the_customers_subject) {
    gateway_of("asterisk", "04-ast-ringall-five-rows");
    const auto row = [](const char* source, const char* destination, const char* context, const char* channel,
                        const char* dstchannel, const char* answer, int talk, const char* id) {
        return std::string{"\"\",\""} + source + "\",\"" + destination + "\",\"" + context + "\",\"\",\"" + channel +
               "\",\"" + dstchannel + "\",\"Dial\",\"x\",\"2026-07-01 10:00:00\",\"2026-07-01 10:" + answer +
               "\",\"2026-07-01 10:02:00\",120," + std::to_string(talk) + ",\"ANSWERED\",\"DOCUMENTATION\",\"" + id +
               "\",\"\",\"\",\"7.1\",\"" + id + "\"\n";
    };
    const auto consult = row("1001", "1002", "from-internal", "PJSIP/1001-3", "PJSIP/1002-4", "00:50", 20, "2");
    const auto customers =
        row("+12125550139", "+12125550191", "from-trunk", "PJSIP/trunk-1", "PJSIP/1001-2", "00:10", 110, "1");
    post(consult, "text/csv");
    EXPECT_EQ(center.sql("SELECT subject FROM ticket"), "Call to 1002");
    post(customers, "text/csv");
    EXPECT_EQ(the_call()["subject"], "Call from +12125550139");
    EXPECT_EQ(center.sql("SELECT subject FROM ticket"), "Call from +12125550139");
    EXPECT_EQ(center.number("SELECT count(*) FROM ticket t JOIN customer_identity i USING (customer_id) WHERE i.value "
                            "= '+12125550139'"),
              1);
}

TEST_F(call_case, a_subject_that_somebody_gave_the_ticket_stays) {
    gateway_of("phone");
    const auto told = rings("c-1", "anonymous");
    const auto ticket = std::to_string(told["ticket_id"].get<std::int64_t>());
    ASSERT_EQ(center.admin.patch("/api/v1/tickets/" + ticket, {{"subject", "Broken kettle"}}).status, 200);
    rings("c-1", "+12125550139");
    EXPECT_EQ(center.sql("SELECT subject FROM ticket"), "Broken kettle");
    EXPECT_EQ(the_call()["subject"], "Call from +12125550139");
}

} // namespace
} // namespace switchboard::test
