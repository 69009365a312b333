// Call records as users of other systems reported them: what one record says by itself. What several records of one
// call say together is in calls.cpp; what becomes of them is in integration/call_cases.cpp.

#include "unit/channels/records_support.hpp"

#include <switchboard/channels/calls.hpp>
#include <switchboard/channels/phone_number.hpp>
#include <switchboard/util/text.hpp>
#include <switchboard/util/time.hpp>

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <set>

namespace switchboard::channels {
namespace {

using nlohmann::json;

std::string read(const std::string& name) {
    std::ifstream in{"tests/data/call_cases/" + name, std::ios::binary};
    EXPECT_TRUE(in) << name;
    return {std::istreambuf_iterator<char>(in), {}};
}

request input(const std::string& folder, const std::string& kind, const std::string& name) {
    const auto settings = settings_from_json(read(folder + "/cfg.json"));
    EXPECT_TRUE(settings) << settings.error();
    return {kind, read(folder + "/" + name), settings.value_or(gateway_settings{})};
}

std::vector<inbound_contact> contacts(const request& r) {
    std::vector<inbound_contact> out;
    for (const auto& record : r.records()) {
        if (!std::holds_alternative<inbound_contact>(record)) continue;
        out.push_back(std::get<inbound_contact>(record));
        EXPECT_EQ(out.back().quarantine, "");
    }
    return out;
}

json with_variables(const request& r, const json& changes) {
    auto cdr = json::parse(r.body);
    for (const auto& [name, value] : changes.items())
        if (value.is_null())
            cdr["variables"].erase(name);
        else
            cdr["variables"][name] = value;
    return cdr;
}

TEST(call_case, case_01_legs_with_a_call_uuid_of_their_own_are_one_call) {
    const auto a = input("01-fs-legs-with-own-call-uuid", "freeswitch", "a-leg.json");
    auto b = input("01-fs-legs-with-own-call-uuid", "freeswitch", "b-leg.json");
    const auto key = a.contact().thread_key;
    EXPECT_EQ(b.contact().thread_key, key);
    EXPECT_EQ(details(b.contact())["call_id"], key);

    const auto whole = b;
    b.body = with_variables(whole, {{"originating_leg_uuid", nullptr}}).dump();
    EXPECT_EQ(b.contact().thread_key, key) << "by the leg that it is bridged to";
    b.body =
        with_variables(whole, {{"call_uuid", nullptr}, {"originating_leg_uuid", nullptr}, {"originator", key}}).dump();
    EXPECT_EQ(b.contact().thread_key, key);
    b.body = with_variables(whole, {{"bridge_uuid", nullptr},
                                    {"hangup_cause", "LOSE_RACE"},
                                    {"answer_epoch", "0"},
                                    {"answer_uepoch", "0"},
                                    {"billsec", "0"}})
                 .dump();
    EXPECT_EQ(b.contact().thread_key, key) << "of an enterprise group, where another telephone was quicker";
    EXPECT_FALSE(has_flag(b.contact(), "missed"));
}

TEST(call_case, case_02_a_queue_that_a_caller_gave_up_has_not_answered_him) {
    auto abandoned = input("02-fs-queue-abandoned", "freeswitch", "abandoned.json");
    const auto whole = abandoned;
    const auto expect_missed = [&](const std::string& disposition) {
        const auto contact = abandoned.contact();
        EXPECT_TRUE(has_flag(contact, "missed"));
        EXPECT_EQ(details(contact)["disposition"], disposition);
        EXPECT_EQ(contact.duration_s, 0);
        EXPECT_EQ(details(contact)["ring_s"], 42);
    };
    expect_missed("abandoned");
    for (const char* reason : {"TIMEOUT", "NO_AGENT_TIMEOUT", "EXIT_WITH_KEY"}) {
        abandoned.body =
            with_variables(whole, {{"cc_cancel_reason", reason}, {"hangup_cause", "NORMAL_CLEARING"}}).dump();
        expect_missed("abandoned");
    }
    abandoned.body = with_variables(whole, {{"last_app", "voicemail"}}).dump();
    expect_missed("voicemail");
    const json no_queue{
        {"cc_queue", nullptr}, {"cc_side", nullptr}, {"cc_cause", nullptr}, {"cc_cancel_reason", nullptr}};
    for (const char* application : {"playback", "ivr", "play_and_get_digits", "fifo", "lua", "valet_park"}) {
        auto changes = no_queue;
        changes["last_app"] = application;
        abandoned.body = with_variables(whole, changes).dump();
        EXPECT_TRUE(has_flag(abandoned.contact(), "missed")) << application;
    }
    auto in_vain = no_queue;
    in_vain.update(json{{"last_app", "bridge"}, {"originate_disposition", "USER_BUSY"}, {"hangup_cause", "USER_BUSY"}});
    abandoned.body = with_variables(whole, in_vain).dump();
    expect_missed("busy");
}

TEST(call_case, case_02_talk_begins_with_the_agent) {
    auto served = input("02-fs-queue-abandoned", "freeswitch", "served.json");
    const auto contact = served.contact();
    EXPECT_FALSE(has_flag(contact, "missed"));
    EXPECT_EQ(contact.duration_s, 212);
    EXPECT_EQ(details(contact)["ring_s"], 30);
    EXPECT_EQ(details(contact)["agent"], "1001@default");
    served.body = with_variables(served, {{"cc_queue_answered_epoch", nullptr},
                                          {"cc_queue", nullptr},
                                          {"cc_cause", nullptr},
                                          {"last_app", "bridge"},
                                          {"bridge_uuid", "leg-b"},
                                          {"bridge_epoch", "1795960820"}})
                      .dump();
    EXPECT_EQ(served.contact().duration_s, 222) << "behind a menu, with the bridge";
}

TEST(call_case, case_02_neither_has_a_queue_of_asterisk) {
    auto settings = german();
    const auto line = [&](const std::string& dstchannel, const std::string& application) {
        return request{"asterisk",
                       fmt::format(R"("","0301234567","600","from-trunk","","PJSIP/trunk-1","{}","{}","support,t",)"
                                   R"("2026-07-01 10:00:00","2026-07-01 10:00:01","2026-07-01 10:00:42",42,41,)"
                                   R"("ANSWERED","DOCUMENTATION","1782892800.7","")",
                                   dstchannel, application),
                       settings};
    };
    for (const char* application :
         {"Queue", "VoiceMail", "Playback", "BackGround", "WaitExten", "AGI", "Stasis", "MixMonitor", "ExecIf"}) {
        const auto contact = line("", application).contact();
        EXPECT_TRUE(has_flag(contact, "missed")) << application;
        EXPECT_NE(details(contact)["disposition"], "answered") << application;
        EXPECT_EQ(contact.duration_s, 0) << application;
        EXPECT_EQ(details(contact)["ring_s"], 42) << application;
    }
    const auto served = line("PJSIP/1001-2", "Queue").contact();
    EXPECT_FALSE(has_flag(served, "missed"));
    EXPECT_EQ(served.duration_s, 41);
    EXPECT_EQ(details(served)["agent"], "1001");
    EXPECT_FALSE(has_flag(line("", "ConfBridge").contact(), "missed")) << "people meet there";
}

TEST(call_case, a_caller_who_gave_up_is_missed_by_either_word) {
    const request gave_up{"asterisk",
                          R"("","0301234567","600","from-trunk","","PJSIP/trunk-1","PJSIP/1001-2","Dial","PJSIP/1001",)"
                          R"("2026-07-01 10:00:00","","2026-07-01 10:00:42",42,0,"CANCEL","DOCUMENTATION",)"
                          R"("1782892800.7","")",
                          german()};
    EXPECT_TRUE(has_flag(gave_up.contact(), "missed"));
    EXPECT_EQ(details(gave_up.contact())["disposition"], "no_answer");
}

TEST(call_case, case_04_rows_of_one_linkedid_are_one_call) {
    const auto rows = contacts(input("04-ast-ringall-five-rows", "asterisk", "Master.csv"));
    ASSERT_EQ(rows.size(), 5u);
    for (const auto& row : rows) EXPECT_EQ(row.thread_key, "1795795200.50");
    EXPECT_EQ(rows[3].duration_s, 120);
    EXPECT_EQ(details(rows[3])["agent"], "1004");
    EXPECT_EQ(details(rows[3])["ring_s"], 9);
}

TEST(call_case, case_05_rows_without_any_id_are_five_rows_of_one_call) {
    const auto file = input("05-ast-ringall-without-uniqueid", "asterisk", "Master.csv");
    const auto rows = contacts(file);
    ASSERT_EQ(rows.size(), 5u);
    std::set<std::string> ids, calls;
    for (const auto& row : rows) {
        ids.insert(row.external_id);
        calls.insert(row.thread_key);
    }
    EXPECT_EQ(ids.size(), 5u);
    EXPECT_EQ(calls.size(), 1u);
    EXPECT_EQ(contacts(file)[3].external_id, rows[3].external_id) << "the same file once more says the same";
    EXPECT_EQ(rows[3].duration_s, 120);
}

TEST(call_case, case_08_a_caller_who_hides_his_number_is_nobody) {
    auto spellings = json::parse(read("08-hidden-callers/numbers.json")).get<std::vector<std::string>>();
    for (const char* more :
         {"+7378742833", "+94844353", "+7748283", "UNTERDRÜCKT", "Número Oculto", "Withheld", "private_number",
          "Out of Area", "<sip:anonymous@anonymous.invalid>", "\"Anonymous\" <sip:anonymous@anonymous.invalid>",
          "anonymous@10.0.0.1", "+49 0000000", "000", "非通知"})
        spellings.emplace_back(more);
    for (const auto& from : spellings) {
        EXPECT_TRUE(is_withheld_number(from)) << from;
        const json call{{"call_id", "c-1"},
                        {"direction", "in"},
                        {"from", from},
                        {"to", "+12125550191"},
                        {"started_at", "2026-11-20T09:00:00Z"}};
        EXPECT_EQ((request{"phone", call.dump(), german()}.contact().from), party{}) << from;
    }
    for (const char* somebody :
         {"+493012300000", "0301230000", "+12125550100", "+7378742834", "7748283", "1000", "Anna"})
        EXPECT_FALSE(is_withheld_number(somebody)) << somebody;
    auto settings = german();
    settings.extensions = {"0"};
    const json out{{"call_id", "c-1"},
                   {"direction", "in"},
                   {"from", "0301234567"},
                   {"to", "0"},
                   {"started_at", "2026-11-20T09:00:00Z"}};
    EXPECT_EQ((request{"phone", out.dump(), settings}.contact().to.at(0).name), "0") << "the front desk";
}

TEST(call_case, case_10_the_hour_that_comes_twice_is_told_by_the_channels_id) {
    const auto rows = contacts(input("10-ast-clock-goes-back", "asterisk", "Master.csv"));
    ASSERT_EQ(rows.size(), 5u);
    EXPECT_EQ(rows[0].occurred_at, parse_rfc3339("2026-07-01T14:00:00Z"));
    EXPECT_EQ(rows[1].occurred_at, parse_rfc3339("2026-12-01T15:00:00Z"));
    EXPECT_EQ(rows[2].occurred_at, parse_rfc3339("2026-11-01T05:30:00Z"));
    EXPECT_EQ(rows[3].occurred_at, parse_rfc3339("2026-11-01T06:30:00Z"));
    EXPECT_EQ(rows[4].occurred_at, parse_rfc3339("2026-11-01T05:55:00Z"));
    EXPECT_EQ(details(rows[4])["answered_at"], "2026-11-01T06:00:05Z") << "after the clock went back";
    EXPECT_EQ(details(rows[4])["ended_at"], "2026-11-01T06:10:05Z");

    auto named = input("10-ast-clock-goes-back", "asterisk", "Master.csv");
    for (std::size_t at = 0; (at = named.body.find("\"1793514600.4\"", at)) != std::string::npos; at += 6)
        named.body.insert(at + 1, "pbx-");
    EXPECT_EQ(contacts(named)[3].occurred_at, parse_rfc3339("2026-11-01T06:30:00Z")) << "with a system name";
}

TEST(call_case, case_11_names_keep_their_accents) {
    const auto name = [](const char* kind, const char* file) {
        return input("11-names-with-accents", kind, file).contact().from.name;
    };
    EXPECT_EQ(name("freeswitch", "name.json"), "João Conceição");
    EXPECT_EQ(name("freeswitch", "cp1252.xml"), "Carpenter’s Hall");
    EXPECT_EQ(name("freeswitch", "entity.xml"), "José Ibáñez");
    EXPECT_EQ(name("freeswitch", "utf8.xml"), "José Ibáñez");
    EXPECT_EQ(name("asterisk", "Master.csv"), "Jürgen Schöll");
}

TEST(call_case, case_11_in_whatever_charset_they_are_written) {
    auto xml = input("11-names-with-accents", "freeswitch", "utf8.xml");
    const auto written = [&](const std::string& head, const std::string& name) {
        auto r = xml;
        r.body.replace(0, r.body.find("?>"), head);
        r.body.replace(r.body.find("José Ibáñez"), std::string("José Ibáñez").size(), name);
        return r.contact().from.name;
    };
    EXPECT_EQ(written("<?xml version='1.0' encoding='ISO-8859-2'", "Wa\xB3\xEAsa"), "Wałęsa");
    EXPECT_EQ(written("<?xml version=\"1.0\" encoding=\"UTF-8\"", "Jos\xE9"), "José") << "what is declared is not so";
    EXPECT_EQ(written("<?xml version=\"1.0\"", "&#x1F600; &#0; &#xD800; &#99999999; &amp;#233;"),
              "\U0001F600 &#0; &#xD800; &#99999999; &#233;");

    auto csv = input("11-names-with-accents", "asterisk", "Master.csv");
    const auto latin = csv.body;
    auto utf8 = latin;
    utf8.replace(utf8.find("J\xFCrgen Sch\xF6ll"), 13, "Jürgen Öztürk");
    csv.body = utf8 + latin;
    EXPECT_EQ(contacts(csv)[0].from.name, "Jürgen Öztürk") << "each line by itself";
    EXPECT_EQ(contacts(csv)[1].from.name, "Jürgen Schöll");
    csv.body = latin;
    csv.body.replace(csv.body.find("J\xFCrgen Sch\xF6ll"), 13, "Wa\xB3\xEAsa");
    csv.settings.charset = "iso-8859-2";
    EXPECT_EQ(csv.contact().from.name, "Wałęsa");
    auto json = input("11-names-with-accents", "freeswitch", "name.json");
    json.body.replace(json.body.find("Jo%C3%A3o%20Concei%C3%A7%C3%A3o"), 31, "Jo%E3o");
    EXPECT_EQ(json.contact().from.name, "João");
}

TEST(call_case, case_15_another_systems_columns_and_dates) {
    auto call = input("15-3cx-cdr", "asterisk", "call.csv");
    const auto contact = call.contact();
    EXPECT_EQ(contact.occurred_at, parse_rfc3339("2026-11-27T06:27:28Z"));
    EXPECT_EQ(contact.from.value, "+12125550149");
    EXPECT_EQ(contact.duration_s, 490);
    EXPECT_EQ(details(contact)["disposition"], "answered");
    EXPECT_EQ(details(contact)["reason"], "TerminatedByDst");
    EXPECT_EQ(contact.thread_key, "89d3af2d8f010000_3456");
    EXPECT_EQ(details(contact)["to_dialed"], "80002") << "without the Ext. before it";

    const auto whole = call.body;
    call.body.replace(call.body.find("2026/11/27 06:27:36"), 19, "");
    EXPECT_TRUE(has_flag(call.contact(), "missed"));
    call.body = whole;
    for (auto at = call.body.find("2026/11/27"); at != std::string::npos; at = call.body.find("2026/11/27"))
        call.body.replace(at, 10, "27.11.2026");
    EXPECT_NE(call.quarantine().quarantine, "");
    EXPECT_NE(call.quarantine().text, "") << "the line is shown";
    call.settings.time_format = "%d.%m.%Y %H:%M:%S";
    EXPECT_EQ(call.contact().occurred_at, parse_rfc3339("2026-11-27T06:27:28Z"));
}

TEST(call_case, case_15_names_no_trunk_and_no_queue_as_agent) {
    auto settings = input("15-3cx-cdr", "asterisk", "call.csv").settings;
    settings.columns = {"call",           "uniqueid",     "duration_hms",
                        "start",          "answer",       "end",
                        "reason",         "src",          "dst",
                        "from_dn",        "to_dn",        "dial_no",
                        "reason_changed", "final_number", "agent",
                        "bill_code",      "bill_rate",    "bill_cost",
                        "bill_name",      "chain",        "from_type",
                        "to_type",        "final_type",   "from_name",
                        "to_name",        "final_name",   "missed_queue_calls"}; // as docs/calls.md says
    const auto agent_of = [&](const std::string& answer, const std::string& parties, const std::string& final_dn,
                              const std::string& types) {
        const auto line = "Call 1,u-1,," + ("2026/11/27 07:27:28," + answer) + ",2026/11/27 07:28:50,x," + parties +
                          ",,,,,," + final_dn + ",,,,,," + types + ",,,,";
        const auto contact = request{"asterisk", line, settings}.contact();
        return details(contact).value("agent", "");
    };
    const std::string at = "2026/11/27 07:27:40";
    EXPECT_EQ(agent_of(at, "2125550149,Ext.80002", "1003", "Line,Queue,Extension"), "1003");
    EXPECT_EQ(agent_of(at, "Ext.1003,2125550149", "10020", "Extension,Line,Line"), "1003")
        << "who called, not by which line";
    EXPECT_EQ(agent_of("", "Ext.1003,2125550149", "10020", "Extension,Line,Line"), "1003");
    EXPECT_EQ(agent_of("", "2125550149,Ext.80002", "80002", "Line,Queue,Queue"), "") << "nobody took it";
    settings.extensions.clear();
    EXPECT_EQ(agent_of(at, "Ext.1003,2125550149", "10020", "Extension,Line,LineExternal"), "");
    EXPECT_EQ(agent_of(at, "2125550149,Ext.80002", "1003", "Line,Queue,Extension"), "1003");
}

TEST(call_case, case_15_times_with_a_zone_and_a_talk_time_alone) {
    auto settings = german();
    settings.columns = {"start", "answer", "src", "dst", "duration_hms", "uniqueid"};
    const request call{"asterisk", "2026-11-27T06:27:28Z,2026-11-27T07:27:36.5+01:00,0301234567,Ext.1001,00:08:10,u-1",
                       settings};
    EXPECT_EQ(call.contact().occurred_at, parse_rfc3339("2026-11-27T06:27:28Z"));
    EXPECT_EQ(call.contact().duration_s, 490);
    EXPECT_EQ(details(call.contact())["ring_s"], 8);
}

TEST(call_case, case_15_settings_say_what_is_wrong_with_them) {
    for (const char* good : {"%Y/%m/%d %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%Y%m%d%H%M%S"})
        EXPECT_TRUE(settings_from_json(json{{"time_format", good}}.dump())) << good;
    for (const char* bad : {"YYYY-MM-DD", "%Y-%m-%d", "%H:%M", "%", "%Q"})
        EXPECT_TRUE(settings_from_json(json{{"time_format", bad}}.dump()).error().starts_with("time_format: ")) << bad;
    EXPECT_TRUE(settings_from_json(R"({"charset": "iso-8859-15"})"));
    EXPECT_TRUE(settings_from_json(R"({"charset": "klingon"})").error().starts_with("charset: "));
}

} // namespace
} // namespace switchboard::channels
