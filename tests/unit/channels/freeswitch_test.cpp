#include "unit/channels/records_support.hpp"

#include <switchboard/util/hash.hpp>
#include <switchboard/util/time.hpp>

#include <fmt/format.h>

namespace switchboard::channels {
namespace {

using nlohmann::json;

/// A customer calls the company's number and an agent's phone answers.
json inbound_leg() {
    return {{"core-uuid", "core"},
            {"channel_data", {{"direction", "inbound"}}},
            {"variables",
             {{"uuid", "leg-a"},
              {"call_uuid", "leg-a"},
              {"bridge_uuid", "leg-b"},
              {"direction", "inbound"},
              {"start_uepoch", "1700000000250000"},
              {"answer_uepoch", "1700000009250000"},
              {"end_uepoch", "1700000069250000"},
              {"duration", "69"},
              {"billsec", "60"},
              {"hangup_cause", "NORMAL_CLEARING"}}},
            {"callflow",
             json::array({{{"profile_index", "2"},
                           {"caller_profile", {{"caller_id_number", "0301234567"}, {"destination_number", "1001"}}}},
                          {{"profile_index", "1"},
                           {"caller_profile",
                            {{"caller_id_name", "Jane%20Doe"},
                             {"caller_id_number", "0301234567"},
                             {"destination_number", "%2B49305550100"}}}}})}};
}

request freeswitch(std::string body, std::string type = "application/json") {
    return {"freeswitch", std::move(body), german(), std::move(type)};
}

std::string percent_encoded(const std::string& text) {
    std::string out;
    for (const unsigned char c : text) out += fmt::format("%{:02X}", c);
    return out;
}

TEST(freeswitch_gateway, makes_a_contact_of_a_leg) {
    const auto contact = freeswitch(inbound_leg().dump()).contact();
    EXPECT_EQ(contact.external_id, "leg-a");
    EXPECT_EQ(contact.thread_key, "leg-a");
    EXPECT_EQ(contact.direction, "in");
    EXPECT_EQ(contact.from, (party{"tel", "+49301234567", "Jane Doe"})) << "encode-values is undone";
    EXPECT_EQ(contact.to.at(0).value, "+49305550100")
        << "the number that the caller dialed, not where it was sent on to";
    EXPECT_EQ(contact.occurred_at, parse_rfc3339("2023-11-14T22:13:20.25Z"));
    EXPECT_EQ(contact.duration_s, 60);
    EXPECT_EQ(details(contact)["ring_s"], 9);
    EXPECT_EQ(details(contact)["disposition"], "answered");
    EXPECT_EQ(details(contact)["hangup_cause"], "NORMAL_CLEARING");
}

TEST(freeswitch_gateway, reads_its_three_encodings_alike) {
    const auto text = inbound_leg().dump();
    const auto plain = to_json(freeswitch(text).records().at(0));
    const std::vector<std::pair<std::string, std::string>> forms = {
        {"application/x-www-form-urlencoded", "cdr=" + percent_encoded(text)},
        {"application/x-www-form-base64-encoded", "cdr=" + base64(text)},
        {"application/x-www-form-base64-encoded", "cdr=" + percent_encoded(base64(text))},
        {"application/x-www-form-plaintext", "cdr=" + text},
        {"", "\n " + text + "\n"},
    };
    for (const auto& [type, body] : forms) EXPECT_EQ(to_json(freeswitch(body, type).records().at(0)), plain) << type;
}

TEST(freeswitch_gateway, decodes_only_values_that_were_encoded) {
    auto leg = inbound_leg();
    leg["callflow"][1]["caller_profile"]["caller_id_name"] = "100% sure %41";
    EXPECT_EQ(freeswitch(leg.dump()).contact().from.name, "100% sure %41") << "a space shows that it was not encoded";
    leg["callflow"][1]["caller_profile"]["caller_id_name"] = "J%C3%BCrgen%zz";
    EXPECT_EQ(freeswitch(leg.dump()).contact().from.name, "J\u00fcrgen%zz");
}

TEST(freeswitch_gateway, gives_both_legs_one_thread) {
    auto b_leg = inbound_leg();
    b_leg["variables"]["uuid"] = "leg-b";
    b_leg["variables"]["bridge_uuid"] = "leg-a";
    b_leg["variables"]["direction"] = "outbound";
    EXPECT_EQ(freeswitch(b_leg.dump()).contact().external_id, "leg-b");
    EXPECT_EQ(freeswitch(b_leg.dump()).contact().thread_key, "leg-a");
    EXPECT_EQ(freeswitch(b_leg.dump()).contact().direction, "in") << "an agent's phone rang for a customer's call";

    auto a_leg = inbound_leg();
    a_leg["variables"].erase("call_uuid");
    b_leg["variables"].erase("call_uuid");
    EXPECT_EQ(freeswitch(a_leg.dump()).contact().thread_key, freeswitch(b_leg.dump()).contact().thread_key);
}

struct direction_case {
    const char* from;
    const char* to;
    const char* word; // the switch's
    const char* direction;
};

TEST(freeswitch_gateway, decides_the_direction_by_our_own_lines) {
    const std::vector<direction_case> table = {
        {"1001", "0301234567", "inbound", "out"}, // an extension dials out: an inbound leg to the switch
        {"0301234567", "1001", "outbound", "in"},
        {"+49305550100", "0301234567", "inbound", "out"},
        {"030 5550100", "0301234567", "inbound", "out"},
        {"0301234567", "030 5550100", "outbound", "in"},
        {"anonymous", "1001", "inbound", "in"},
        {"7777", "0301234567", "inbound", "out"}, // an extension that nobody configured
        {"0301234567", "0307654321", "outbound", "out"},
        {"0301234567", "0307654321", "inbound", "in"},
    };
    for (const auto& it : table) {
        auto leg = inbound_leg();
        leg["variables"]["direction"] = it.word;
        leg["callflow"] =
            json::array({{{"caller_profile", {{"caller_id_number", it.from}, {"destination_number", it.to}}}}});
        EXPECT_EQ(freeswitch(leg.dump()).contact().direction, it.direction) << it.from << " -> " << it.to;
    }
}

TEST(freeswitch_gateway, marks_calls_inside_the_house) {
    auto leg = inbound_leg();
    leg["callflow"] =
        json::array({{{"caller_profile", {{"caller_id_number", "1001"}, {"destination_number", "1002"}}}}});
    EXPECT_EQ(details(freeswitch(leg.dump()).contact())["internal"], true);
}

TEST(freeswitch_gateway, says_how_an_unanswered_call_ended) {
    const std::vector<std::pair<const char*, const char*>> table = {
        {"NO_ANSWER", "no_answer"},          {"USER_BUSY", "busy"},
        {"ORIGINATOR_CANCEL", "cancelled"},  {"CALL_REJECTED", "rejected"},
        {"SWITCH_CONGESTION", "congestion"}, {"UNALLOCATED_NUMBER", "failed"},
        {"LOSE_RACE", "answered_elsewhere"},
    };
    for (const auto& [cause, disposition] : table) {
        auto leg = inbound_leg();
        leg["variables"]["answer_uepoch"] = "0";
        leg["variables"]["billsec"] = "0";
        leg["variables"]["hangup_cause"] = cause;
        const auto contact = freeswitch(leg.dump()).contact();
        EXPECT_EQ(details(contact)["disposition"], disposition);
        EXPECT_EQ(has_flag(contact, "missed"), cause != std::string("LOSE_RACE")) << "somebody was quicker";
        EXPECT_EQ(contact.duration_s, 0);
        EXPECT_EQ(details(contact)["ring_s"], 69);
    }
}

TEST(freeswitch_gateway, knows_a_fax_by_what_spandsp_adds) {
    auto leg = inbound_leg();
    leg["variables"].update(json{{"fax_success", "1"},
                                 {"fax_document_transferred_pages", "3"},
                                 {"fax_remote_station_id", "%2B49%2030%201234567%20"}});
    auto contact = freeswitch(leg.dump()).contact();
    EXPECT_EQ(contact.channel, "fax");
    EXPECT_EQ(contact.subject, "Fax, 3 pages, from +49301234567");
    EXPECT_EQ(details(contact)["pages"], 3);
    EXPECT_EQ(details(contact)["station_id"], "+49 30 1234567");
    EXPECT_EQ(contact.thread_key, "+49305550100|+49301234567");
    EXPECT_TRUE(contact.flags.empty());

    leg["variables"]["fax_success"] = "0";
    leg["variables"]["fax_result_text"] = "The call dropped prematurely";
    contact = freeswitch(leg.dump()).contact();
    EXPECT_TRUE(has_flag(contact, "partial"));
    EXPECT_EQ(details(contact)["error"], "The call dropped prematurely");
}

TEST(freeswitch_gateway, reads_xml_that_is_not_well_formed) {
    const std::string xml = R"(<?xml version="1.0"?>
<cdr core-uuid="x"><channel_data><state>CS_REPORTING</state></channel_data>
<variables><uuid>leg-x</uuid><sip_full_from><sip:0301234567@10.0.0.8>;tag=1</sip_full_from>
<nolocal:req_uuid>u</nolocal:req_uuid><DP_MATCH>one</DP_MATCH><DP_MATCH>two</DP_MATCH>
<start_epoch>1700000000</start_epoch><answer_epoch>0</answer_epoch><end_epoch>1700000020</end_epoch>
<billsec>0</billsec><hangup_cause>NO_ANSWER</hangup_cause></variables>
<callflow profile_index="2"><caller_profile><caller_id_name>A &amp; B</caller_id_name>
<caller_id_number>0301234567</caller_id_number><destination_number>1002</destination_number></caller_profile></callflow>
<callflow profile_index="1"><caller_profile><caller_id_name>A &amp; B</caller_id_name>
<caller_id_number>0301234567</caller_id_number><destination_number>0305550100</destination_number></caller_profile></callflow>
</cdr>)";
    for (const auto& body : {xml, "cdr=" + xml, "cdr=" + percent_encoded(xml), "cdr=" + base64(xml)}) {
        const auto contact = freeswitch(body, "text/xml").contact();
        EXPECT_EQ(contact.external_id, "leg-x");
        EXPECT_EQ(contact.from, (party{"tel", "+49301234567", "A & B"}));
        EXPECT_EQ(contact.to.at(0).value, "+49305550100");
        EXPECT_TRUE(has_flag(contact, "missed"));
    }
}

TEST(freeswitch_gateway, takes_the_uuid_from_the_query_when_the_record_has_none) {
    auto leg = inbound_leg();
    leg["variables"].erase("uuid");
    auto request = freeswitch(leg.dump());
    EXPECT_NE(request.quarantine().quarantine, "");
    request.query = {{"uuid", "a_leg-a"}};
    EXPECT_EQ(request.contact().external_id, "leg-a");
}

TEST(freeswitch_gateway, quarantines_what_it_cannot_read) {
    for (const char* body :
         {"", "{", "cdr=", "cdr=%7B", "cdr=!!!", "<cdr><variables>", "null", "7", "{\"variables\":[]}",
          "{\"variables\":{\"uuid\":{}}}", "cdr=<cdr></cdr>", "Event-Name: CHANNEL_HANGUP"})
        EXPECT_NE(freeswitch(body).quarantine().external_id, "") << body;
}

TEST(freeswitch_gateway, survives_absurd_numbers) {
    auto leg = inbound_leg();
    for (const char* number : {"-5", "99999999999999999999999", "9223372036854775807", "1e9", "abc"}) {
        for (const char* name : {"start_uepoch", "answer_uepoch", "end_uepoch", "billsec", "start_epoch"})
            leg["variables"][name] = number;
        const auto contact = freeswitch(leg.dump()).contact();
        EXPECT_EQ(contact.occurred_at, std::nullopt) << number;
    }
}

} // namespace
} // namespace switchboard::channels
